import type { KubeObject } from "../../../sdk/api/object.ts";
import { conditionOf, isTrue } from "./condition.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const PHASES = ["Pending", "Unknown", "Running"];
const NANOSECONDS_PER_MS = 1e6;

/** What decides in which order a ReplicaSet gives up its pods; smaller goes first. */
interface Rank {
  readonly isPlaced: number;
  readonly phase: number;
  readonly isReady: number;
  readonly cost: number;
  readonly readyMs: number;
  readonly restarts: number;
  readonly createdMs: number;
  readonly uid: string;
}

/** The pods in the order in which a ReplicaSet gives them up. */
export function scaleDownOrder(pods: readonly KubeObject[], nowMs: number): KubeObject[] {
  return pods.map((pod) => ({ pod, rank: rankOf(pod) }))
    .sort((one, other) => compare(one.rank, other.rank, nowMs))
    .map(({ pod }) => pod);
}

function rankOf(pod: KubeObject): Rank {
  const { metadata } = pod;
  const status = fieldsOf(pod["status"]);
  const isReady = isTrue(pod, "Ready");
  const restarts = listOf(status["containerStatuses"])
    .map((item) => Number(fieldsOf(item)["restartCount"] ?? 0));
  return {
    isPlaced: fieldsOf(pod["spec"])["nodeName"] === undefined ? 0 : 1,
    phase: PHASES.indexOf(String(status["phase"])),
    isReady: isReady ? 1 : 0,
    cost: Number(metadata.annotations?.[DELETION_COST] ?? 0) || 0,
    readyMs: isReady ? Date.parse(String(conditionOf(pod, "Ready")?.["lastTransitionTime"])) : 0,
    restarts: Math.max(0, ...restarts),
    createdMs: Date.parse(metadata.creationTimestamp ?? ""),
    uid: metadata.uid ?? "",
  };
}

function compare(one: Rank, other: Rank, nowMs: number): number {
  for (const field of ["isPlaced", "phase", "isReady", "cost"] as const) {
    if (one[field] !== other[field]) return one[field] - other[field];
  }
  if (one.isReady === 1 && one.readyMs !== other.readyMs) {
    return byAge(one, other, { field: "readyMs", nowMs });
  }
  if (one.restarts !== other.restarts) return other.restarts - one.restarts;
  return byAge(one, other, { field: "createdMs", nowMs });
}

/** Younger first, but ages are compared by their order of magnitude only; chance decides then. */
function byAge(
  one: Rank,
  other: Rank,
  { field, nowMs }: { readonly field: "readyMs" | "createdMs"; readonly nowMs: number },
): number {
  const difference = magnitude(nowMs - one[field]) - magnitude(nowMs - other[field]);
  if (difference !== 0) return difference;
  return one.uid < other.uid ? -1 : 1;
}

function magnitude(ageMs: number): number {
  return ageMs > 0 ? Math.floor(Math.log2(ageMs * NANOSECONDS_PER_MS)) : -1;
}
