/**
 * Restart: from `spec.restartAt` on, older pods are evicted, at most maxUnavailable at a time, in
 * passes that change no sizes. An eviction that a disruption budget refuses is tried again later.
 */
import { PODS } from "../../api/names/resources.ts";
import type { Write } from "../../engine/mod.ts";
import {
  availablePods,
  isReady,
  livingPods,
  type Pod,
  type ReplicaSet,
  wantedPods,
} from "../../sets/mod.ts";
import { refOf } from "../../../sdk/wire/write.ts";
import { isRestartDue } from "../pods_needed.ts";
import { resolvePods } from "../replicas.ts";
import { isHalted } from "../pause.ts";
import { CONTINUE, type Situation, type Verdict } from "../situation.ts";
import { timeMs, timestamp } from "../../api/values/time.ts";

const AGAIN_MS = 30_000;

export function restart(situation: Situation): Verdict {
  const { world, state } = situation;
  const { rollout, nowMs, pods } = world;
  const atMs = timeMs(rollout.spec.restartAt);
  if (atMs === undefined || atMs === timeMs(state.restartedAt)) return CONTINUE;
  if (!isRestartDue(rollout, nowMs)) return { ...CONTINUE, wakeAtMs: atMs };
  const retryAtMs = nowMs + AGAIN_MS;
  if (world.arePodsPending) return CONTINUE;
  if (pods === undefined) return { ...CONTINUE, retryAtMs };
  const old = inOrder(situation)
    .flatMap((set) => livingPods(pods, set).sort(byAge))
    .filter(({ metadata }) => (timeMs(metadata.creationTimestamp) ?? 0) < atMs);
  if (old.length === 0) {
    const why = `all pods are newer than ${timestamp(atMs)}: the restart is complete`;
    return { state: { restartedAt: timestamp(atMs) }, then: "continue", why };
  }
  const evicted = old.slice(0, Math.max(0, sparePods(situation, pods as readonly Pod[])));
  if (evicted.length === 0) {
    const left = `${old.length} older ${old.length === 1 ? "pod" : "pods"}`;
    const why = `restarting: ${left} left; waiting until enough others are available`;
    return { ...CONTINUE, retryAtMs, why };
  }
  const names = evicted.map((pod) => pod.metadata.name).join(", ");
  // A disruption budget may still refuse.
  const why = `restarting: evicting ${names}, ${evicted.length} of ${old.length} pods older than ` +
    timestamp(atMs);
  // A budget may refuse for ever: later stages do not wait for the eviction.
  return { effects: evicted.map(eviction), then: "continue", retryAtMs, why };
}

/** The same before the stage that stops at `spec.paused`: paused Rollouts are restarted too. */
export function restartWhileHalted(situation: Situation): Verdict {
  return isHalted(situation) ? restart(situation) : CONTINUE;
}

/** Stable, then the newest, then the others by age. */
function inOrder({ sets, world }: Situation): ReplicaSet[] {
  const { stable, next } = sets;
  const first = [...new Set([stable, next])].filter((set) => set !== undefined);
  return [...first, ...world.replicaSets.filter((set) => !first.includes(set))];
}

function byAge(a: Pod, b: Pod): number {
  const order = ({ metadata }: Pod) => `${metadata.creationTimestamp} ${metadata.name}`;
  return order(a) < order(b) ? -1 : 1;
}

/** Pods that may go missing now. */
function sparePods({ world, replicas, strategy }: Situation, pods: readonly Pod[]): number {
  const { replicaSets } = world;
  const { maxUnavailable = "25%" } = strategy.spec;
  const missing = Math.max(1, resolvePods(maxUnavailable, { of: replicas, round: "down" }));
  const wanted = replicaSets.reduce((sum, set) => sum + wantedPods(set), 0);
  const counted = replicaSets.reduce((sum, set) => sum + availablePods(set), 0);
  // The counts of the sets may still include pods that were evicted a moment ago.
  const ready = replicaSets.flatMap((set) => livingPods(pods, set)).filter(isReady).length;
  return Math.min(counted, ready) - (Math.max(replicas, wanted) - missing);
}

function eviction(pod: Pod): Write {
  return {
    kind: "write",
    verb: "evict",
    type: PODS,
    ref: refOf(pod),
    uid: pod.metadata.uid ?? "",
  };
}
