/** What the screen of a Rollout says, as plain data: a header, and a tree of objects. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { type CanaryProgress, canaryProgress } from "./canary_progress.ts";
import { ageAt } from "./human_duration.ts";
import { type ImageInfo, imagesOf } from "./images.ts";
import type { ObjectInfo } from "./object_info.ts";
import { byController, controlledBy } from "../api/ownership.ts";
import { shownPhase } from "./phase.ts";
import { podSummary } from "./pod_status.ts";
import { replicaSetStatus } from "./replica_set_status.ts";
import { analysisRunInfo, experimentInfo } from "./run_info.ts";
import { delayOf, experimentTags, rolesOf } from "./tags.ts";
import { REVISION_ANNOTATION } from "../api/names/names.ts";

/** Counts of pods. */
export interface ReplicaCounts {
  desired: number;
  current: number;
  updated: number;
  ready: number;
  available: number;
}

/** One revision with its objects in the order in which they are shown. */
export interface RevisionInfo {
  revision: number;
  objects: ObjectInfo[];
}

/** Everything on the screen of a Rollout. */
export interface RolloutInfo {
  name: string;
  namespace: string;
  /** The phase, as a reader should see it. */
  status: string;
  /** Why the status is what it is; may be empty. */
  message: string;
  strategy: "Canary" | "BlueGreen" | "unknown";
  /** Only of a canary. */
  canary?: CanaryProgress;
  images: ImageInfo[];
  replicas: ReplicaCounts;
  age: string;
  /** The newest first. */
  revisions: RevisionInfo[];
}

/** The objects of a screen: any of each kind, of which those of the Rollout are taken. */
export interface RolloutObjects {
  rollout: Rollout;
  /** Those of Experiments as well. */
  replicaSets: readonly KubeObject[];
  pods: readonly KubeObject[];
  /** Those of Experiments as well. Default none. */
  analysisRuns?: readonly KubeObject[];
  experiments?: readonly KubeObject[];
  nowMs: number;
}

/** What the screen of a Rollout says at a moment. */
export function rolloutInfo(input: RolloutObjects): RolloutInfo {
  const { rollout, nowMs } = input;
  const groups = {
    replicaSets: byController(input.replicaSets),
    pods: byController(input.pods),
    analysisRuns: byController(input.analysisRuns ?? []),
    experiments: byController(input.experiments ?? []),
  };
  const replicaSets = controlledBy(rollout, groups.replicaSets);
  const experiments = controlledBy(rollout, groups.experiments);
  const { phase, message } = shownPhase(rollout);
  const strategy = strategyOf(rollout);
  return {
    name: rollout.metadata.name,
    namespace: rollout.metadata.namespace ?? "",
    status: phase,
    message,
    strategy,
    ...(strategy === "Canary" ? { canary: canaryProgress(rollout, replicaSets) } : {}),
    images: imagesOf([
      ...replicaSets.map((replicaSet) => ({ replicaSet, tags: rolesOf(rollout, replicaSet) })),
      ...experiments.flatMap((each) => controlledBy(each, groups.replicaSets))
        .map((replicaSet) => ({ replicaSet, tags: experimentTags(replicaSet) })),
    ]),
    replicas: countsOf(rollout),
    age: ageAt(nowMs, rollout.metadata.creationTimestamp),
    revisions: revisionsOf(input, groups),
  };
}

/** Objects by the uid of their controller. */
export type Groups = Readonly<
  Record<"replicaSets" | "pods" | "analysisRuns" | "experiments", Map<string, KubeObject[]>>
>;

/** An Experiment with its ReplicaSets and AnalysisRuns. */
export function experimentTree(
  experiment: KubeObject,
  groups: Omit<Groups, "experiments">,
  nowMs: number,
): ObjectInfo {
  const sets = controlledBy(experiment, groups.replicaSets).toSorted(byName)
    .map((set) => replicaSetInfo(set, { details: [], pods: groups.pods, nowMs }));
  const runs = controlledBy(experiment, groups.analysisRuns).toSorted(byCreation)
    .map((run) => analysisRunInfo(run, nowMs));
  return experimentInfo(experiment, [...sets, ...runs], nowMs);
}

function strategyOf(rollout: Rollout): RolloutInfo["strategy"] {
  if (rollout.spec.strategy?.blueGreen) return "BlueGreen";
  return rollout.spec.strategy?.canary ? "Canary" : "unknown";
}

function countsOf({ spec, status }: Rollout): ReplicaCounts {
  return {
    desired: spec.replicas ?? 1,
    current: status?.replicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
  };
}

function revisionsOf({ rollout, nowMs }: RolloutObjects, groups: Groups): RevisionInfo[] {
  const revisions = new Map<number, ObjectInfo[]>();
  const add = (owned: readonly KubeObject[], infoOf: (object: KubeObject) => ObjectInfo) => {
    for (const object of owned) {
      const revision = revisionOf(object);
      revisions.set(revision, [...revisions.get(revision) ?? [], infoOf(object)]);
    }
  };
  add(controlledBy(rollout, groups.replicaSets).toSorted(byName), (replicaSet) => {
    const details = rolesOf(rollout, replicaSet);
    return replicaSetInfo(replicaSet, { details, pods: groups.pods, nowMs });
  });
  add(
    controlledBy(rollout, groups.experiments).toSorted(byCreation),
    (experiment) => experimentTree(experiment, groups, nowMs),
  );
  add(
    controlledBy(rollout, groups.analysisRuns).toSorted(byCreation),
    (run) => analysisRunInfo(run, nowMs),
  );
  return [...revisions].sort(([one], [other]) => other - one)
    .map(([revision, objects]) => ({ revision, objects }));
}

function revisionOf(object: KubeObject): number {
  const text = object.metadata.annotations?.[REVISION_ANNOTATION] ?? "";
  return /^\d+$/.test(text) ? Number(text) : 0;
}

function replicaSetInfo(
  replicaSet: KubeObject,
  { details, pods, nowMs }: { details: string[]; pods: Groups["pods"]; nowMs: number },
): ObjectInfo {
  const delay = delayOf(replicaSet, nowMs);
  return {
    kind: "ReplicaSet",
    name: replicaSet.metadata.name,
    status: replicaSetStatus(replicaSet),
    age: ageAt(nowMs, replicaSet.metadata.creationTimestamp),
    details: [...details, ...(delay === undefined ? [] : [delay])],
    children: controlledBy(replicaSet, pods).toSorted(byCreation)
      .map((pod) => podInfo(pod, nowMs)),
  };
}

function podInfo(pod: KubeObject, nowMs: number): ObjectInfo {
  const { status, readyContainers, totalContainers, restarts } = podSummary(pod);
  return {
    kind: "Pod",
    name: pod.metadata.name,
    status,
    age: ageAt(nowMs, pod.metadata.creationTimestamp),
    details: [
      `ready:${readyContainers}/${totalContainers}`,
      ...(restarts > 0 ? [`restarts:${restarts}`] : []),
    ],
    children: [],
  };
}

function byName(one: KubeObject, other: KubeObject): number {
  return compareText(one.metadata.name, other.metadata.name);
}

function byCreation(one: KubeObject, other: KubeObject): number {
  const { creationTimestamp: first = "" } = one.metadata;
  const { creationTimestamp: second = "" } = other.metadata;
  return compareText(first, second) || byName(one, other);
}

// By code unit: an order that depends on the reader's language would not be stable.
function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
