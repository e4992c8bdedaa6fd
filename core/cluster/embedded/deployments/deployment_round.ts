/**
 * One look of the controller at one Deployment. It takes one step, and what that step changes
 * brings the next look, until nothing is left to change.
 */
import { PODS, REPLICA_SETS } from "../../../api/names/resources.ts";
import { ApiError } from "../../../ports/api_error.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import {
  byAge,
  countOf,
  newestSet,
  newSetOf,
  resized,
  REVISION,
  revisionOf,
  sizedFor,
  sizeOf,
  sumOf,
  synchronized,
} from "./deployment_sets.ts";
import {
  newestSize,
  oldSizes,
  proportionalSizes,
  type SizedSet,
  sizeOfDeployment,
} from "./deployment_sizes.ts";
import { isComplete, progress, withFinding, withNewest } from "./deployment_status.ts";
import { CONTROLLER_MANAGER, type InCluster } from "../in_cluster.ts";
import { type Fields, fieldsOf } from "../../../../sdk/wire/json.ts";
import { isSameJson } from "../json.ts";

/** A Deployment as it is looked at, and what was found and done so far. */
export interface Round {
  readonly cluster: InCluster;
  readonly deployment: KubeObject;
  /** All its ReplicaSets. */
  sets: readonly KubeObject[];
  /** The one whose pods are what the Deployment asks for. */
  newest: KubeObject | undefined;
  conditions: readonly Fields[];
  collisionCount: number | undefined;
}

/** True when sets with pods were last sized for another number of replicas. */
export function isBeingSized({ deployment, sets }: Round): boolean {
  const { replicas } = sizeOfDeployment(deployment);
  return sets.some((set) => {
    const { desired } = sizedFor(set);
    return sizeOf(set) > 0 && desired !== undefined && desired !== replicas;
  });
}

/** Finds the newest set, and writes on it what the Deployment says of it; may make it. */
export function findNewest(round: Round, { isMade }: { readonly isMade: boolean }): void {
  const { deployment, cluster } = round;
  round.newest = newestSet(deployment, round.sets);
  const revision = Math.max(0, ...oldSetsOf(round).map(revisionOf)) + 1;
  if (round.newest !== undefined) {
    write(round, round.newest, synchronized(round.newest, deployment, revision));
    tellNewest(round, false);
  } else if (isMade) {
    const replicas = newestSize(sizeOfDeployment(deployment), 0, sumOf(round.sets, sizeOf));
    const set = newSetOf(deployment, { revision, replicas });
    try {
      round.newest = cluster.api.create(CONTROLLER_MANAGER, REPLICA_SETS, set);
      round.sets = [...round.sets, round.newest];
      tellNewest(round, true);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refuse(round, set.metadata.name, error);
    }
  }
}

function tellNewest(round: Round, isCreated: boolean): void {
  const nowMs = round.cluster.clock.now();
  const name = round.newest?.metadata.name ?? "";
  round.conditions = withNewest({ ...round, nowMs }, name, isCreated);
}

/** A name that is taken leads to another hash; the new count brings the next look. */
function refuse(round: Round, name: string, { reason, message }: ApiError): void {
  if (reason === "AlreadyExists") {
    round.collisionCount = (round.collisionCount ?? 0) + 1;
    return;
  }
  const told = `Failed to create new replica set "${name}": ${message}`;
  const finding = progress("ReplicaSetCreateError", told, "False");
  round.conditions = withFinding(round.conditions, finding, { nowMs: round.cluster.clock.now() });
}

/** Brings the sets to the Deployment's size: the one that has pods, or all in proportion. */
export function resize(round: Round): void {
  const { deployment, newest, sets } = round;
  const size = sizeOfDeployment(deployment);
  const active = sets.filter((set) => sizeOf(set) > 0);
  if (active.length < 2) {
    const [only = newest ?? sets.toSorted(byAge).at(-1)] = active;
    if (only !== undefined) scale(round, only, size.replicas);
    return;
  }
  if (newest !== undefined && isSaturated(newest, size.replicas)) {
    for (const set of active) if (set !== newest) scale(round, set, 0);
    return;
  }
  if (isRecreated(deployment)) return;
  const isGrowing = size.replicas + size.surge > sumOf(active, sizeOf);
  const ordered = active.toSorted((one, other) =>
    sizeOf(other) - sizeOf(one) || (isGrowing ? byAge(other, one) : byAge(one, other))
  );
  const before = Number(fieldsOf(deployment["status"])["replicas"] ?? 0);
  const shares = ordered.map((set) => ({ size: sizeOf(set), max: sizedFor(set).max ?? before }));
  const sizes = proportionalSizes(size, shares);
  ordered.forEach((set, index) => write(round, set, resized(set, deployment, sizes[index] ?? 0)));
}

function isSaturated(set: KubeObject, replicas: number): boolean {
  return sizeOf(set) === replicas && sizedFor(set).desired === replicas &&
    countOf(set, "availableReplicas") === replicas;
}

/** True when the old pods go before the new ones come. */
export function isRecreated(deployment: KubeObject): boolean {
  return fieldsOf(fieldsOf(deployment["spec"])["strategy"])["type"] === "Recreate";
}

/** One step of a rolling update: the newest set grows, else the old ones shrink. */
export function roll(round: Round): void {
  findNewest(round, { isMade: true });
  const { newest, deployment, sets } = round;
  if (newest === undefined) return;
  const size = sizeOfDeployment(deployment);
  const wanted = newestSize(size, sizeOf(newest), sumOf(sets, sizeOf));
  if (scale(round, newest, wanted)) return;
  const old = oldSetsOf(round).toSorted(byAge);
  const sizes = oldSizes(size, sized(newest), old.map(sized));
  const isShrinking = old.filter((set, index) => scale(round, set, sizes[index] ?? 0)).length > 0;
  if (!isShrinking && isAtRest(round)) removeHistory(round);
}

function sized(set: KubeObject): SizedSet {
  return { size: sizeOf(set), available: countOf(set, "availableReplicas") };
}

/** One step of an update that lets the old pods go first. */
export function recreate(round: Round): void {
  findNewest(round, { isMade: false });
  const old = oldSetsOf(round);
  const isShrinking = old.filter((set) => scale(round, set, 0)).length > 0;
  if (isShrinking || arePodsLeft(round, old)) return;
  if (round.newest === undefined) findNewest(round, { isMade: true });
  if (round.newest === undefined) return;
  const isGrowing = scale(round, round.newest, sizeOfDeployment(round.deployment).replicas);
  if (!isGrowing && isAtRest(round)) removeHistory(round);
}

/** Pods that are on their way out are still there. */
function arePodsLeft({ cluster }: Round, sets: readonly KubeObject[]): boolean {
  const { store, kinds } = cluster;
  const pods = sets.flatMap(({ metadata: { uid = "" } }) =>
    store.controlledBy(uid, kinds.find(PODS))
  );
  return pods.some((pod) => {
    const { phase } = fieldsOf(pod["status"]);
    return phase !== "Succeeded" && phase !== "Failed";
  });
}

function isAtRest({ deployment }: Round): boolean {
  return isComplete(deployment, fieldsOf(deployment["status"]));
}

/** Old sets without pods go, but for the last few. */
export function removeHistory(round: Round): void {
  const { cluster, deployment } = round;
  const kept = Number(fieldsOf(deployment["spec"])["revisionHistoryLimit"]);
  const old = oldSetsOf(round)
    .toSorted((one, other) => revisionOf(one) - revisionOf(other) || byAge(one, other));
  for (const set of old.slice(0, Math.max(0, old.length - kept))) {
    const { generation = 0 } = set.metadata;
    const isUnseen = generation > countOf(set, "observedGeneration");
    if (sizeOf(set) > 0 || countOf(set, "replicas") > 0 || isUnseen) continue;
    cluster.api.delete(CONTROLLER_MANAGER, REPLICA_SETS, set.metadata);
  }
}

/** What is written on the newest set is written on the Deployment too. */
export function annotationsOf({ deployment, newest }: Round): Record<string, string> | undefined {
  const { annotations } = deployment.metadata;
  const revision = newest?.metadata.annotations?.[REVISION];
  if (revision === undefined || annotations?.[REVISION] === revision) return annotations;
  return { ...annotations, [REVISION]: revision };
}

function oldSetsOf({ sets, newest }: Round): KubeObject[] {
  return sets.filter((set) => set !== newest);
}

/** Gives a set another size; false when it has that size. */
function scale(round: Round, set: KubeObject, replicas: number): boolean {
  if (sizeOf(set) === replicas) return false;
  write(round, set, resized(set, round.deployment, replicas));
  return true;
}

function write(round: Round, set: KubeObject, next: KubeObject): void {
  const { api } = round.cluster;
  const { metadata, spec } = set;
  const isSame = isSameJson([next.metadata.annotations ?? {}, next["spec"]], [
    metadata.annotations ?? {},
    spec,
  ]);
  if (isSame) return;
  const stored = api.update(CONTROLLER_MANAGER, REPLICA_SETS, next);
  round.sets = round.sets.map((one) => one === set ? stored : one);
  if (round.newest === set) round.newest = stored;
}
