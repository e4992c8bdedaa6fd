/** What a Deployment tells of itself. */
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { countOf, sizeOf, sumOf } from "./deployment_sets.ts";
import { sizeOfDeployment } from "./deployment_sizes.ts";
import { type Fields, fieldsOf, listOf } from "../../../../sdk/wire/json.ts";
import { timestamp } from "../../../api/values/time.ts";

/** What a deadline of this means: none. */
const NO_DEADLINE = 2 ** 31 - 1;
const PROGRESSING = "Progressing";
const AVAILABLE = "NewReplicaSetAvailable";
const TIMED_OUT = "ProgressDeadlineExceeded";
const PAUSED = "DeploymentPaused";

/** What a status is made of. */
export interface Seen {
  readonly deployment: KubeObject;
  readonly newest: KubeObject | undefined;
  /** All sets, the newest one too. */
  readonly sets: readonly KubeObject[];
  readonly conditions: readonly Fields[];
  readonly collisionCount: number | undefined;
  readonly nowMs: number;
}

/** A condition to be set, without its times. */
export type Finding = Readonly<Record<"type" | "status" | "reason" | "message", string>>;

/** The condition Progressing with this reason. */
export function progress(reason: string, message: string, status = "True"): Finding {
  return { type: PROGRESSING, status, reason, message };
}

/** The condition of this type. */
function found(conditions: readonly Fields[], type: string): Fields | undefined {
  return conditions.find((condition) => condition["type"] === type);
}

/** Sets a condition, which then comes last; one with the same status and reason is left alone. */
export function withFinding(
  conditions: readonly Fields[],
  finding: Finding,
  { nowMs, isNews = false }: { readonly nowMs: number; readonly isNews?: boolean },
): readonly Fields[] {
  const old = found(conditions, finding.type);
  const isSameStatus = old?.["status"] === finding.status;
  if (isSameStatus && old?.["reason"] === finding.reason && !isNews) return conditions;
  const now = timestamp(nowMs);
  const lastTransitionTime = isSameStatus ? old?.["lastTransitionTime"] : now;
  return [
    ...conditions.filter((condition) => condition !== old),
    { ...finding, lastUpdateTime: now, lastTransitionTime },
  ];
}

/** The conditions once it is noticed that the Deployment is paused, or is no more. */
export function withPause(
  deployment: KubeObject,
  conditions: readonly Fields[],
  nowMs: number,
): readonly Fields[] {
  const reason = found(conditions, PROGRESSING)?.["reason"];
  if (deadlineMsOf(deployment) === undefined || reason === TIMED_OUT) return conditions;
  const isPaused = fieldsOf(deployment["spec"])["paused"] === true;
  if (isPaused === (reason === PAUSED)) return conditions;
  const finding = isPaused
    ? progress(PAUSED, "Deployment is paused", "Unknown")
    : progress("DeploymentResumed", "Deployment is resumed", "Unknown");
  return withFinding(conditions, finding, { nowMs });
}

/** The conditions once the newest set is known: Progressing says so if it says nothing yet. */
export function withNewest(
  { deployment, conditions, nowMs }: Pick<Seen, "deployment" | "conditions" | "nowMs">,
  name: string,
  isCreated: boolean,
): readonly Fields[] {
  const isTold = !isCreated && found(conditions, PROGRESSING) !== undefined;
  if (isTold || deadlineMsOf(deployment) === undefined) return conditions;
  const finding = isCreated
    ? progress("NewReplicaSetCreated", `Created new replica set "${name}"`)
    : progress("FoundNewReplicaSet", `Found new replica set "${name}"`);
  return withFinding(conditions, finding, { nowMs });
}

function deadlineMsOf(deployment: KubeObject): number | undefined {
  const seconds = fieldsOf(deployment["spec"])["progressDeadlineSeconds"];
  return typeof seconds === "number" && seconds !== NO_DEADLINE ? seconds * 1000 : undefined;
}

/** Counts and availability; Progressing stays as it is. */
export function countedStatus(seen: Seen): Fields {
  const { deployment, newest, sets, collisionCount, nowMs } = seen;
  const { replicas, missing } = sizeOfDeployment(deployment);
  const total = (count: string) => sumOf(sets, (set) => countOf(set, count));
  const availableReplicas = total("availableReplicas");
  const isAvailable = availableReplicas >= replicas - missing;
  const availability = {
    type: "Available",
    status: isAvailable ? "True" : "False",
    reason: isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    message: `Deployment ${isAvailable ? "has" : "does not have"} minimum availability.`,
  };
  const counts = {
    replicas: total("replicas"),
    updatedReplicas: newest === undefined ? 0 : countOf(newest, "replicas"),
    readyReplicas: total("readyReplicas"),
    availableReplicas,
    unavailableReplicas: Math.max(0, sumOf(sets, sizeOf) - availableReplicas),
  };
  return {
    observedGeneration: deployment.metadata.generation,
    // Counts of none are not stored, but for one.
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    terminatingReplicas: total("terminatingReplicas"),
    ...(collisionCount !== undefined && { collisionCount }),
    conditions: withFinding(seen.conditions, availability, { nowMs }),
  };
}

/** Counts, availability, and whether an update goes on, has ended or is stuck. */
export function progressStatus(seen: Seen): Fields {
  const status = countedStatus(seen);
  const conditions = withFailure(withProgress(seen, status), seen);
  return { ...status, conditions };
}

function withProgress(
  { deployment, newest, nowMs }: Seen,
  status: Fields,
): readonly Fields[] {
  const conditions = listOf(status["conditions"]).map(fieldsOf);
  const current = found(conditions, PROGRESSING);
  if (deadlineMsOf(deployment) === undefined) {
    return conditions.filter((condition) => condition !== current);
  }
  const isAtRest = status["replicas"] === status["updatedReplicas"] &&
    current?.["reason"] === AVAILABLE;
  if (isAtRest) return conditions;
  const who = newest === undefined
    ? `Deployment "${deployment.metadata.name}"`
    : `ReplicaSet "${newest.metadata.name}"`;
  if (isComplete(deployment, status)) {
    const finding = progress(AVAILABLE, `${who} has successfully progressed.`);
    return withFinding(conditions, finding, { nowMs });
  }
  if (hasProgressed(status, fieldsOf(deployment["status"]))) {
    const finding = progress("ReplicaSetUpdated", `${who} is progressing.`);
    return withFinding(conditions, finding, { nowMs, isNews: true });
  }
  const dueMs = stuckAtMs(deployment, status);
  if (dueMs === undefined || dueMs > nowMs) return conditions;
  const finding = progress(TIMED_OUT, `${who} has timed out progressing.`, "False");
  return withFinding(conditions, finding, { nowMs });
}

/** True when all pods are those of the newest set, as many as are wanted, and available. */
export function isComplete(deployment: KubeObject, status: Fields): boolean {
  const { replicas } = sizeOfDeployment(deployment);
  const counts = ["updatedReplicas", "replicas", "availableReplicas"];
  return counts.every((count) => Number(status[count] ?? 0) === replicas) &&
    Number(status["observedGeneration"] ?? 0) >= Number(deployment.metadata.generation);
}

function hasProgressed(status: Fields, before: Fields): boolean {
  const gained = (count: string) => Number(status[count] ?? 0) - Number(before[count] ?? 0);
  const outdated = gained("replicas") - gained("updatedReplicas");
  return outdated < 0 ||
    ["updatedReplicas", "readyReplicas", "availableReplicas"].some((count) => gained(count) > 0);
}

/** When an update that makes no progress counts as stuck; undefined when none is under way. */
export function stuckAtMs(deployment: KubeObject, status: Fields): number | undefined {
  const conditions = listOf(status["conditions"]).map(fieldsOf);
  const { reason, lastUpdateTime } = found(conditions, PROGRESSING) ?? {};
  const deadlineMs = deadlineMsOf(deployment);
  if (deadlineMs === undefined || reason === undefined) return undefined;
  if (reason === AVAILABLE || reason === TIMED_OUT) return undefined;
  // Times are told in whole seconds: the deadline has passed for certain one second later.
  return Date.parse(String(lastUpdateTime)) + deadlineMs + 1000;
}

/** A ReplicaSet that is refused pods says so, and its Deployment after it. */
function withFailure(conditions: readonly Fields[], seen: Seen): readonly Fields[] {
  const { newest, sets } = seen;
  const failures = [newest, ...sets].flatMap((set) =>
    listOf(fieldsOf(set?.["status"])["conditions"]).map(fieldsOf)
      .filter(({ type }) => type === "ReplicaFailure")
  );
  const others = conditions.filter(({ type }) => type !== "ReplicaFailure");
  const [failure] = failures;
  if (failure === undefined) return others.length === conditions.length ? conditions : others;
  const old = found(conditions, "ReplicaFailure");
  if (old !== undefined && old["reason"] === failure["reason"]) return conditions;
  return [...others, { ...failure, lastUpdateTime: failure["lastTransitionTime"] }];
}
