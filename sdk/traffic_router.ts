/**
 * The contract of a traffic router: the code that makes a share of the requests reach the canary by
 * changing objects of a mesh, an ingress or a gateway.
 *
 * Who calls it: the controller, `simulate` and `lint`. They decide *what* is to be true (a
 * `TrafficIntent`), when, and whether it is safe. A router knows *how*: which objects say so, and
 * which changes make them say so. It never writes by itself; it returns writes as data.
 *
 * A router has two halves. The **description** says what it is: plain data, and quick, pure
 * functions without any port, called again and again (also by `lint`, without a cluster). The
 * **actions** do the work: asynchronous, so that they may ask somebody, and so that a heavy module
 * can be loaded on first use. Everything that goes in or out of an action is plain JSON, so that a
 * router may run in another process. What is handed in may be frozen and shared: never change it.
 *
 * `sdk/testing/traffic_router.ts` has the laws that a router must obey, and runs them on yours.
 * `docs/plugins.md` walks through a small one.
 *
 * @module
 */
import type { KubeObject } from "./api/object.ts";
import type { LabelSelector, Rollout } from "./api/rollout.ts";
import type { ConfigTable } from "./fields/kit.ts";
import type { PluginPorts } from "./ports.ts";
import type { TrafficIntent } from "./traffic_intent.ts";
import type { FieldError } from "./wire/field_error.ts";
import type { FieldLocation, FieldPlace } from "./wire/field_place.ts";
import type { Fields } from "./wire/json.ts";
import type { ResourceType } from "./wire/resource_type.ts";
import type { EventDraft, ObjectRef, PatchWrite, Write } from "./wire/write.ts";

/** A traffic router: what it is, and what it does. */
export type TrafficRouter<Config = Fields, Seen extends SeenTraffic = SeenTraffic> =
  & RouterDescription<Config>
  & RouterActions<Config, Seen>;

/** What a router is. Functions here are pure, synchronous and quick, and never throw. */
export interface RouterDescription<Config = Fields> {
  /**
   * `vendor/name`: its key in `spec.strategy.canary.trafficRouting.plugins`, where its
   * configuration stands. A name without a slash is a field of `trafficRouting` itself; these are
   * given, and belong to routers that are built in.
   */
  readonly name: string;
  readonly abilities: RouterAbilities;
  /**
   * Every kind of object that it reads or writes. Caches, wake-ups and permissions follow from it:
   * what is not listed here can be neither read nor written.
   */
  readonly resources: readonly RoutedResource[];
  /**
   * The fields of its configuration. Types, `lint` and documentation come from it. Absent: the
   * configuration is not looked at.
   */
  readonly config?: ConfigTable;
  /** Set when its makers have given up what it steers: why, for a warning of `lint`. */
  readonly discontinued?: string;
  /** True when it cannot work without both `canaryService` and `stableService`; default false. */
  needsServices?(scope: RouterScope<Config>): boolean;
  /**
   * The objects that the configuration names, also those that are only found by looking into
   * others. The Rollout is woken when one of them changes; `lint` looks for each of them.
   */
  references(scope: RouterScope<Config>, objects: ObjectReader): readonly ObjectReference[];
  /**
   * The objects that the router makes itself. They are read and watched like those of `references`,
   * and `lint` does not miss them; default none.
   */
  creations?(scope: RouterScope<Config>): readonly NamedObject[];
  /** Groups of objects that the configuration means by their labels; default none. */
  selections?(scope: RouterScope<Config>): readonly ObjectSelection[];
  /** What is wrong with the configuration by itself; the Rollout is refused. Default nothing. */
  specProblems?(scope: RouterScope<Config>): readonly FieldError[];
  /**
   * What is wrong with the configuration and the objects that it names. The Rollout is refused
   * until it is mended. Missing objects that `references` lists with `isValidated` belong here.
   */
  problems?(scope: RouterScope<Config>, objects: ObjectReader): RouterProblems;
  /**
   * Why a value of a header cannot be matched, where a router can do less than `StringMatch` says;
   * undefined when it can. Default: exactly one of exact, prefix and regex.
   */
  headerMatchProblem?(match: unknown): string | undefined;
  /**
   * How objects of these kinds say which Rollout they are steered for. By that they are given back
   * once the Rollout is gone, or does not name them any more; default: nothing is given back.
   */
  readonly marks?: readonly RouterMark[];
  /** What will go wrong later although the Rollout is not refused, for `lint`; default nothing. */
  remarks?(scope: RouterScope<Config>, objects: ObjectReader): readonly FieldRemark[];
}

/** What a router can make true. An intent never asks for what is false here. */
export interface RouterAbilities {
  /** Requests with certain headers reach the canary, whatever its weight. */
  readonly headerRoutes: boolean;
  /** Copies of requests reach the canary. */
  readonly mirrorRoutes: boolean;
  /** More destinations than stable and canary: those of experiments. */
  readonly additionalDestinations: boolean;
  /** Stable and canary are two Services that take turns. */
  readonly pingPong: boolean;
  /** Other maximum weights than 100. */
  readonly maxWeight: boolean;
}

/** What a router leaves on objects of one kind, so that it can be taken away without its config. */
export interface RouterMark {
  /** One of the router's `resources`. */
  readonly resource: RoutedResource;
  /** The Rollout of the same namespace that the object bears the mark of; undefined: none. */
  rolloutOf(object: KubeObject): string | undefined;
  /** The hashes of pod templates that the object leads to. */
  hashesOf(object: KubeObject): readonly string[];
  /** Takes mark and hashes away, and nothing else; whoever the object leads to then has pods. */
  release(object: KubeObject): PatchWrite;
}

/** A kind of object that a router reads or writes. */
export interface RoutedResource extends ResourceType {
  /** Older and newer versions that it understands too; the cluster may serve any of them. */
  readonly otherVersions?: readonly string[];
  /** What it does with these objects; listing and watching come with reading. */
  readonly access: "read" | "change" | "create and delete";
}

/** Which configuration of which Rollout a call is about. */
export interface RouterScope<Config = Fields> {
  /** The Rollout as it stands in the API. */
  readonly rollout: Rollout;
  /** Its namespace; in `lint`, `default` where the file does not say. */
  readonly namespace: string;
  /**
   * The configuration. In an action its types are right. In a description they are what somebody
   * wrote into a file: read it with `fieldsOf`, `textOf` and so on; a wrong type counts as absent.
   */
  readonly config: Config;
  /** Where the configuration stands: `child(place, "ingress")` is the place of its field. */
  readonly place: FieldPlace;
}

/** A kind of object, whatever its version. */
export interface ObjectKind {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly kind: string;
}

/** An object by name. */
export interface NamedObject {
  readonly type: ObjectKind;
  /** Absent: the Rollout's, or none for a kind without namespaces. */
  readonly namespace?: string;
  readonly name: string;
}

/** One object that a Rollout refers to, and where it does. */
export interface ObjectReference extends NamedObject, FieldPlace {
  /** False for what is not looked at before it is used: its absence makes no spec invalid. */
  readonly isValidated: boolean;
}

/** Objects of a kind by their labels. */
export interface ObjectSelection {
  readonly type: ObjectKind;
  /** Absent: the Rollout's. */
  readonly namespace?: string;
  readonly selector: LabelSelector;
}

/** Objects as they were at one moment: of the caches, or of the files at hand. */
export interface ObjectReader {
  /** Undefined: there is no such object, or its kind is not installed. */
  find(wanted: NamedObject): KubeObject | undefined;
  /** In the order of their names. */
  select(selection: ObjectSelection): readonly KubeObject[];
}

/** What is wrong: that objects are missing, or what they are. The former is reported first. */
export interface RouterProblems {
  readonly missing: readonly FieldError[];
  readonly wrong: readonly FieldError[];
}

/** A place of a Rollout, and what is the matter there, in one sentence. */
export interface FieldRemark {
  readonly location: FieldLocation;
  readonly text: string;
}

/**
 * What a router does. An action that throws counts as "not now": the message is logged, and the
 * action is tried again later, with growing pauses.
 */
export interface RouterActions<Config = Fields, Seen extends SeenTraffic = SeenTraffic> {
  /**
   * Reads how traffic is routed: from the objects handed in and, where that is not enough, from
   * somebody outside (a load balancer's API). It changes nothing.
   */
  observe(call: ObserveCall<Config>, ports: PluginPorts): Promise<Seen>;
  /**
   * The writes that make the intent true, in the order in which they are to be carried out; none
   * when it is true already. The same input gives the same writes. They are carried out one by one
   * up to the first that fails; then everything is observed and planned anew. So after each write
   * the weights of every route must sum to the maximum, and what is routed must be safe to keep.
   */
  plan(call: PlanCall<Config, Seen>): Promise<RoutePlan>;
  /**
   * The writes that leave the objects as if the router had never been there: all weight on stable,
   * none of its routes, labels, annotations or objects left. Asked for when the Rollout is gone, by
   * a process that saw it go: the scope holds its last state, whose status may be older than what
   * was written last. Writes of a kind in `marks` are left out, since these are given back by their
   * mark, also after a restart. Default: what `plan` answers to an intent that gives everything to
   * stable and has no routes.
   */
  release?(call: ReleaseCall<Config, Seen>): Promise<RoutePlan>;
  /**
   * Whether requests really go where the objects say. Absent: as soon as it is written, it is so.
   * The intent is the last one that was made true.
   */
  verify?(call: PlanCall<Config, Seen>, ports: PluginPorts): Promise<Verification>;
}

/** A question of what is. */
export interface ObserveCall<Config = Fields> {
  readonly scope: RouterScope<Config>;
  /** The objects of `references`, `creations` and `selections` that exist. */
  readonly objects: readonly KubeObject[];
}

/** What is known when nothing of a router is to be left. */
export interface ReleaseCall<Config = Fields, Seen extends SeenTraffic = SeenTraffic> {
  readonly scope: RouterScope<Config>;
  /** What `observe` answered. */
  readonly seen: Seen;
}

/** What is known when an intent is to become true. */
export interface PlanCall<Config = Fields, Seen extends SeenTraffic = SeenTraffic>
  extends ReleaseCall<Config, Seen> {
  readonly intent: TrafficIntent;
}

/** How traffic is routed. A router adds what it needs for planning, as plain JSON. */
export interface SeenTraffic {
  /** One entry for each list of weights, in a fixed order: for screens, timelines and tests. */
  readonly routes: readonly SeenRoute[];
}

/** One list of weights in an object. */
export interface SeenRoute {
  readonly type: ObjectKind;
  readonly ref: ObjectRef;
  /** Which route of the object, where it has several. */
  readonly route?: string;
  /**
   * Weight by destination: by the name of the Service, or of the subset where subsets are routed.
   * Destinations of others stand here too.
   */
  readonly weights: Readonly<Record<string, number>>;
  /** The names of the two sides in `weights`, where they are not the Services of the intent. */
  readonly sides?: { readonly stable: string; readonly canary: string };
}

/** Writes in order, or why there can be none now. */
export type RoutePlan =
  | { readonly writes: readonly Write[] }
  | { readonly problem: RouteProblem };

/** Why an intent cannot be made true: nothing is written until it is mended. */
export interface RouteProblem {
  /** One sentence: what, where, what to do. Users read it in an event and in the status. */
  readonly message: string;
  /** Warnings of its own, recorded on the Rollout before. */
  readonly events?: readonly EventDraft[];
}

/** What came of looking whether traffic really goes where the objects say. */
export interface Verification {
  /** `unknown`: nobody can tell, and nobody is to wait for it. */
  readonly verdict: "yes" | "no" | "unknown";
  /** What was seen, recorded on the Rollout. */
  readonly events?: readonly EventDraft[];
}
