/** What a simulation left behind when it came to rest: pods too many, or that nobody owns. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { SCALE_DOWN_DEADLINE_ANNOTATION } from "../api/names/names.ts";
import { PODS, REPLICA_SETS } from "../api/names/resources.ts";
import { controllerOf } from "../api/ownership.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import { fenceposts } from "../rollout/mod.ts";
import { availablePods, hashOf, type ReplicaSet, revisionOf, wantedPods } from "../sets/mod.ts";
import type { Violation } from "./checker.ts";
import { availableIn, holdingsOf } from "./holdings.ts";

/** An object that somebody stopped to control. */
export interface LetGo {
  readonly type: ResourceType;
  readonly object: KubeObject;
}

/** A pod that is there at the end and that nobody looks after. */
export interface PodLeft {
  readonly namespace: string;
  readonly pod: string;
  readonly reason: string;
}

/** Pods that were let go of and still have no owner. */
export function podsLeft(cluster: EmbeddedCluster, letGo: readonly LetGo[]): PodLeft[] {
  const left = new Map<string, PodLeft>();
  for (const { type, object: { metadata } } of letGo) {
    const { namespace = "", name } = metadata;
    const object = cluster.object(type, { namespace, name });
    if (object === undefined || object.metadata.uid !== metadata.uid) continue;
    if (controllerOf(object) !== undefined) continue;
    const pods = type === PODS
      ? [object]
      : type === REPLICA_SETS
      ? cluster.controlledBy(metadata.uid, PODS)
      : [];
    const reason = type === PODS ? "nobody owns it" : `nobody owns ReplicaSet ${name}`;
    for (const pod of pods) {
      left.set(`${namespace}/${pod.metadata.name}`, { namespace, pod: pod.metadata.name, reason });
    }
  }
  return [...left.values()];
}

/**
 * S8 and U3: what is at rest has its pods where they belong. An abort has ended when stable is to
 * have all of them and no other set any, but in its delay. Where stable's pods do not get ready,
 * which is the world's affair, others stay as far as users need them.
 */
export function restViolations(cluster: EmbeddedCluster, rollout: Rollout): Violation[] {
  const { status = {}, spec, metadata } = rollout;
  const isAborted = status.abort === true;
  if (!isAborted && status.phase !== "Healthy") return [];
  const { sets } = holdingsOf(cluster, rollout);
  const stable = sets.find((set) => hashOf(set) === status.stableRS);
  if (stable === undefined) return [];
  if (isAborted && isHeldUp(rollout, { sets, stable })) return [];
  const key = `${metadata.namespace}/${metadata.name}`;
  const rule = isAborted ? "S8" : "U3";
  const state = isAborted ? "aborted" : "Healthy";
  const superfluous = sets.filter((set) => set !== stable && isSuperfluous(rollout, set))
    .map((set) => `revision ${revisionOf(set)} keeps ${podsText(wantedPods(set))}`);
  const replicas = spec.replicas ?? 1;
  const missing = wantedPods(stable) < replicas
    ? [
      `stable revision ${revisionOf(stable)} is to have ${wantedPods(stable)} of ` +
      podsText(replicas),
    ]
    : [];
  return [...superfluous, ...missing].map((text) => ({
    rule,
    rollout: key,
    message: `${state} and at rest, but ${text}`,
  }));
}

/**
 * True while stable has pods that do not get ready, users have no more pods than they must have
 * (S7), and stable cannot have more beside those.
 */
function isHeldUp(
  { spec: { replicas = 1, strategy } }: Rollout,
  { sets, stable }: { sets: readonly ReplicaSet[]; stable: ReplicaSet },
): boolean {
  const { surge, unavailable } = fenceposts(replicas, strategy?.canary ?? {});
  const wanted = sets.reduce((sum, set) => sum + wantedPods(set), 0);
  const isWhole = wantedPods(stable) >= replicas || wanted >= replicas + surge;
  return availablePods(stable) < wantedPods(stable) && isWhole &&
    availableIn(sets) <= replicas - unavailable;
}

/** A set that is neither stable nor in its delay, and has pods all the same. */
function isSuperfluous({ spec, status = {} }: Rollout, set: ReplicaSet): boolean {
  if (wantedPods(set) === 0) return false;
  if (set.metadata.annotations?.[SCALE_DOWN_DEADLINE_ANNOTATION] !== undefined) return false;
  const { canary, blueGreen } = spec.strategy ?? {};
  const { abortScaleDownDelaySeconds } = blueGreen ?? canary ?? {};
  // Zero seconds mean: an aborted update keeps its pods.
  const isKept = status.abort === true && abortScaleDownDelaySeconds === 0 &&
    hashOf(set) === status.currentPodHash;
  return !isKept;
}

function podsText(count: number): string {
  return count === 1 ? "1 pod" : `${count} pods`;
}
