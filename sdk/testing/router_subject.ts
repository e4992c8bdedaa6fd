/** What the conformance suite is told of a router, and of the objects that it steers. */
import type { KubeObject } from "../api/object.ts";
import type { CanaryStrategy } from "../api/rollout.ts";
import type { PluginPorts } from "../ports.ts";
import type { SeenTraffic, TrafficRouter } from "../traffic_router.ts";
import type { HeaderRoute, MirrorRoute } from "../traffic_intent.ts";
import type { Fields } from "../wire/json.ts";
import type { ObjectStore } from "./memory_store.ts";

/** The Services of the Rollout that every law is about. */
export const STABLE_SERVICE: string = "web-stable";
export const CANARY_SERVICE: string = "web-canary";
/** Services of experiments. */
export const ADDITIONAL_SERVICES: readonly string[] = Object.freeze(["web-exp-a", "web-exp-b"]);
/** The routes that are the Rollout's, in the order in which they are tried. */
export const MANAGED_ROUTES: readonly string[] = Object.freeze([
  "web-header-a",
  "web-mirror",
  "web-header-b",
]);

/** The namespace of the Rollout. */
export const NAMESPACE: string = "shop";

/** A router on trial. Functions here must not use the router: they are what it is judged by. */
export interface RouterSubject<Config = Fields, Seen extends SeenTraffic = SeenTraffic> {
  readonly router: TrafficRouter<Config, Seen>;
  /** A configuration that names the objects. */
  readonly config: Config;
  /**
   * The objects as somebody applied them, before any router saw them: in the namespace `shop`, with
   * the Services `web-stable` (all the weight) and `web-canary` as destinations. Put into them what
   * is not the router's: other routes, other destinations, fields that it does not know.
   */
  readonly objects: readonly KubeObject[];
  /** How whoever routes would read these objects: one entry for each list of weights. */
  read(objects: readonly KubeObject[]): readonly ReadRoute[];
  /** The parts that are not the router's: compared as JSON text after every single write. */
  foreign(objects: readonly KubeObject[]): unknown;
  /**
   * The objects after somebody changed by hand what is the router's: weights, and a route of it
   * taken away. Given are objects as the router left them.
   */
  drift(objects: readonly KubeObject[]): readonly KubeObject[];
  /**
   * The objects after their owner changed what is not the router's, so that places move: another
   * route or destination in front of those that are there.
   */
  edit(objects: readonly KubeObject[]): readonly KubeObject[];
  /** More of the Rollout's canary strategy; Services, routing and steps are there already. */
  readonly canary?: Partial<CanaryStrategy>;
  /** What the router finds outside; default: no answer from anybody. */
  readonly ports?: PluginPorts;
  /** Where the objects live; default: in memory. */
  store?(): ObjectStore;
  /** Laws that do not hold for this router, each with the reason. */
  readonly skips?: Readonly<Record<string, string>>;
}

/** A list of weights, as whoever routes reads it. */
export interface ReadRoute {
  /** For messages. */
  readonly name: string;
  /** By `stable`, `canary`, the name of an additional Service, or anything for those of others. */
  readonly weights: Readonly<Record<string, number>>;
  /** The Rollout's header routes, the one that is tried first standing first. */
  readonly headerRoutes?: readonly ReadRule<HeaderRoute>[];
  /** The Rollout's mirror routes likewise. */
  readonly mirrorRoutes?: readonly ReadRule<MirrorRoute>[];
  /** The hashes by which subsets select their pods, where the router writes them. */
  readonly hashes?: { readonly stable: string; readonly canary: string };
}

/** A route by its name; what else is said of it is compared with the intent. */
export type ReadRule<Route extends { readonly name: string }> =
  & Pick<Route, "name">
  & Partial<Route>;
