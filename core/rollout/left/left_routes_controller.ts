/**
 * What routers did for a Rollout is taken back when it goes: its experiments have no destination
 * any more, and once no pods are left to be taken in again, all requests go to stable. Otherwise a
 * route would lead to a Service that went with the Rollout, until somebody applies it again.
 *
 * Nothing of that stands in the routed objects. It is done from the last state that the cache held,
 * by whichever process saw the Rollout go. See docs/adr/0032.
 */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { PluginRegistry } from "../../../sdk/registry.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import type { SeenTraffic } from "../../../sdk/traffic_router.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../../api/names/names.ts";
import { REPLICA_SETS, ROLLOUTS } from "../../api/names/resources.ts";
import { referencedServices } from "../../api/validation/validate_services.ts";
import {
  type CacheReader,
  type Controller,
  type Decision,
  type Inquiry,
  type Key,
  keyOfObject,
  type Need,
  presentObject,
  refOfKey,
  type RouteEffect,
  type Sight,
  type Source,
} from "../../engine/mod.ts";
import { hashOf, indexSets, type ReplicaSet } from "../../sets/mod.ts";
import { foreignFields, isSteered, ownedFields } from "../routed/field_ownership.ts";
import { lastIntent, restingIntent } from "../routed/last_intent.ts";
import { releaseOf, type RouteSight } from "../routed/registry.ts";
import { type Looked, Routers } from "../routed/routers.ts";
import { arePodsKept, ROLLOUT, rolloutInquiry } from "./gone.ts";
import { LeftRollouts } from "./left_rollouts.ts";

/** What is known of a Rollout that is gone or going, and of what routers did for it. */
export interface LeftRoutes {
  readonly name: string;
  /**
   * `unknown`: whether it is gone is being asked. `kept`: it is being deleted, or its pods were
   * left to be taken in again.
   */
  readonly state: "unknown" | "kept" | "gone";
  /** As it was reported last, without experiments; undefined: no experiment had a share. */
  readonly intent: TrafficIntent | undefined;
  readonly routers: readonly LeftRouter[];
}

/** A router that was seen, with some object that nobody else has taken over. */
interface LeftRouter {
  readonly name: string;
  readonly sight: RouteSight;
}

export class LeftRoutesController implements Controller<LeftRoutes> {
  readonly name = "routes";
  readonly primary = ROLLOUTS;
  readonly sources: readonly Source[];
  readonly #left: LeftRollouts;
  readonly #routers: Routers;
  /** What is known of the Rollouts that are there. */
  readonly #present: Routers;

  constructor(plugins: PluginRegistry, present: Routers) {
    this.#left = new LeftRollouts(plugins);
    this.#routers = new Routers(plugins, []);
    this.#present = present;
    this.sources = [
      {
        type: ROLLOUTS,
        prepare: this.#left.prepare,
        wakes: (rollout, caches) => this.#leftKeys(rollout, caches),
      },
      {
        type: REPLICA_SETS,
        labelSelector: POD_TEMPLATE_HASH_LABEL,
        prepare: indexSets,
        wakes: (set) => this.#keysOfSet(set as ReplicaSet),
      },
      ...this.#routers.sources(),
    ];
  }

  needs(key: Key, caches: CacheReader): readonly Need[] {
    const rollout = this.#rolloutOf(key, caches);
    return rollout === undefined ? [] : this.#routers.needs(rollout, caches);
  }

  inquiries(key: Key, caches: CacheReader): readonly Inquiry[] {
    const rollout = this.#rolloutOf(key, caches);
    if (rollout === undefined) return [];
    const looks = this.#routers.inquiries(key, rollout, caches, { isVerified: false });
    if (isPresent(rollout, caches)) return looks;
    return [rolloutInquiry(refOfKey(key)), ...looks];
  }

  observe(key: Key, sight: Sight): LeftRoutes | undefined {
    const { caches, nowMs } = sight;
    const rollout = this.#rolloutOf(key, caches);
    if (rollout === undefined) return undefined;
    const state = stateOf(rollout, sight);
    const isOver = state === "gone" && this.#left.isOver(rollout, nowMs);
    if (isOver) {
      this.#left.forget(key);
      this.#routers.forget(key);
      return undefined;
    }
    const looked = this.#routers.look(key, rollout, sight);
    const routers = looked.flatMap((one) => this.#leftRouter(rollout, one, sight));
    return { name: rollout.metadata.name, state, intent: withoutExperiments(rollout), routers };
  }

  decide({ name, state, intent, routers }: LeftRoutes): Decision {
    const nothing = (why: string): Decision => ({ effects: [], events: [], why });
    if (state === "unknown") return nothing(`rollout "${name}" is not known to be gone`);
    if (routers.length === 0) return nothing(`rollout "${name}" has left no routes`);
    if (state === "gone") {
      const effects = routers.map(({ name, sight }): RouteEffect => {
        return { kind: "route", router: releaseOf(name), intent: undefined, seen: sight };
      });
      return { effects, events: [], why: `rollout "${name}" is gone: all requests go to stable` };
    }
    if (intent === undefined) return nothing(`pods of rollout "${name}" are still led to`);
    const effects = routers.map(({ name, sight }): RouteEffect => {
      return { kind: "route", router: name, intent, seen: { ...sight, settled: [] } };
    });
    return { effects, events: [], why: `rollout "${name}" goes: experiments get no requests` };
  }

  decideAfterFailure(): Pick<Decision, "events"> {
    return { events: [] };
  }

  /** What a router sees of it, but for objects that are somebody else's by now. */
  #leftRouter(
    rollout: Rollout,
    { router, scope, objects, observation }: Looked,
    { caches, nowMs }: Sight,
  ): LeftRouter[] {
    if (observation.state !== "seen") return [];
    const { seen } = observation;
    const heirsOf = new Map(objects.map((object) => [object, this.#heirsOf(object, caches)]));
    const isTaken = (object: KubeObject) =>
      !isSteered(object) ||
      this.#left.isChanged(
        rollout,
        { object, state: foreignState(object, rollout, seen) },
        nowMs,
      ) ||
      (heirsOf.get(object) ?? []).some((heir) => sharesServices(heir, rollout));
    const untouched = objects.filter(isTaken);
    if (untouched.length === objects.length) return [];
    // While another Rollout is routed by the same object, its fields are not to be had.
    const own = objects.filter((object) => !isTaken(object) && heirsOf.get(object)?.length === 0);
    const settled = ownedFields(router, own);
    return [{ name: router.name, sight: { scope, seen, settled, untouched } }];
  }

  /** The Rollouts that are there and that are routed by this object too. */
  #heirsOf(object: KubeObject, caches: CacheReader): Rollout[] {
    return this.#present.concernedWith(object).flatMap((key) => {
      const rollout = presentObject<Rollout>(ROLLOUTS, key, caches);
      return rollout === undefined ? [] : [rollout];
    });
  }

  #rolloutOf(key: Key, caches: CacheReader): Rollout | undefined {
    const { namespace, name } = refOfKey(key);
    const present = caches.of(ROLLOUTS).get(namespace, name) as Rollout | undefined;
    const isGoing = present !== undefined && isLeaving(present) && this.#left.isRouted(present);
    return isGoing ? present : this.#left.get(key);
  }

  #leftKeys(rollout: KubeObject, caches: CacheReader): Key[] {
    const key = keyOfObject(rollout);
    return this.#rolloutOf(key, caches) === undefined ? [] : [key];
  }

  /** The Rollouts that went and whose pods these may be. */
  #keysOfSet(set: ReplicaSet): Key[] {
    return [...this.#left.entries()]
      .filter(([, rollout]) =>
        rollout.metadata.namespace === set.metadata.namespace &&
        hashesOf(rollout).includes(hashOf(set))
      )
      .map(([key]) => key);
  }
}

function isLeaving({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** True while it is on its way out. */
function isPresent({ metadata: { namespace, name, uid } }: Rollout, caches: CacheReader): boolean {
  return caches.of(ROLLOUTS).get(namespace, name)?.metadata.uid === uid;
}

function stateOf(rollout: Rollout, { caches, answers }: Sight): LeftRoutes["state"] {
  if (isPresent(rollout, caches)) return "kept";
  const answer = answers.get(ROLLOUT);
  if (answer?.state !== "answered") return "unknown";
  const present = answer.value as KubeObject | null;
  if (present?.metadata.uid === rollout.metadata.uid) return "unknown";
  return arePodsKept(rollout.metadata.namespace, hashesOf(rollout), caches) ? "kept" : "gone";
}

/** The revisions that the Rollout led requests to. */
function hashesOf({ status: { stableRS = "", currentPodHash = "" } = {} }: Rollout): string[] {
  return [stableRS, currentPodHash].filter((hash) => hash !== "");
}

/** Two Rollouts of a namespace that lead to the same Services; by subsets there need be none. */
function sharesServices(heir: Rollout, rollout: Rollout): boolean {
  if (heir.metadata.namespace !== rollout.metadata.namespace) return false;
  const [names, others] = [rollout, heir].map((one) =>
    referencedServices(one).map(({ name }) => name)
  );
  return names === undefined || names.length === 0 ||
    names.some((name) => others?.includes(name));
}

/**
 * What others make of an object: what they wrote last, and where that is not known, the shares that
 * taking back an experiment's does not change.
 */
function foreignState(object: KubeObject, rollout: Rollout, { routes }: SeenTraffic): string {
  const fields = foreignFields(object);
  if (fields !== undefined) return fields;
  const { stable, additional } = lastIntent(rollout) ?? restingIntent(rollout);
  const shares = routes.filter(({ type, ref }) =>
    type.kind === object.kind && ref.name === object.metadata.name &&
    ref.namespace === object.metadata.namespace
  ).map(({ route, weights, sides }) => {
    const own = [sides?.stable ?? stable.service, ...additional.map(({ service }) => service)];
    return [route, Object.entries(weights).filter(([name]) => !own.includes(name))];
  });
  return JSON.stringify(shares);
}

function withoutExperiments(rollout: Rollout): TrafficIntent | undefined {
  const intent = lastIntent(rollout);
  if (intent === undefined || intent.additional.length === 0) return undefined;
  const weight = intent.additional.reduce((sum, each) => sum + each.weight, intent.stable.weight);
  return { ...intent, stable: { ...intent.stable, weight }, additional: [] };
}
