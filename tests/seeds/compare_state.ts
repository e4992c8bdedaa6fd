/** The state of a Rollout, its ReplicaSets and Services against a recorded one. */
import {
  LAST_APPLIED_ANNOTATION,
  POD_TEMPLATE_HASH_LABEL,
  REVISION_ANNOTATION,
} from "../../core/api/names/names.ts";
import type { Json } from "../../sdk/wire/json.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { hashesOf, type HashMap, mapHashes } from "./hash_map.ts";

type JsonObject = { [key: string]: Json };

/** What is compared of a ReplicaSet. */
export interface ReplicaSetState {
  name: string;
  replicas: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** True for a ReplicaSet of a Rollout; a Deployment's has another label. */
export function isOfRollout({ metadata: { labels } }: KubeObject): boolean {
  return labels?.[POD_TEMPLATE_HASH_LABEL] !== undefined;
}

/** What is compared of a Service. */
export interface ServiceState {
  name: string;
  selector: Record<string, string>;
  annotations: Record<string, string>;
}

/** What is compared of an object that a traffic router steers. */
export interface RoutedState {
  /** Kind and name: `VirtualService/web`. */
  name: string;
  annotations: Record<string, string>;
  spec: JsonObject;
}

/** What is compared of an AnalysisRun. */
export interface RunState {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Without times. */
  status: JsonObject;
}

/** What is compared of a cluster at one moment. */
export interface ClusterState {
  status: JsonObject;
  replicaSets: ReplicaSetState[];
  services: ServiceState[];
  /** Absent where no router is at work. */
  routed?: RoutedState[];
  /** Absent where nothing is measured. */
  runs?: RunState[];
}

/** The objects that a state is taken from. */
export interface StateObjects {
  /** Absent once it is deleted. */
  rollout?: KubeObject | undefined;
  replicaSets: readonly KubeObject[];
  services: readonly KubeObject[];
  routed?: readonly KubeObject[];
  runs?: readonly KubeObject[];
}

/** Hash maps of two runs, for states whose hashes are to be numbered as in all of their run. */
export interface RunHashes {
  expected: HashMap;
  actual: HashMap;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const GENERATIONS: ReadonlySet<string> = new Set([
  "observedGeneration",
  "workloadObservedGeneration",
]);
const CONDITION_TIMES: ReadonlySet<string> = new Set(["lastUpdateTime", "lastTransitionTime"]);
const DURATION_TIMES: ReadonlySet<string> = new Set([
  "rolloutStartedAt",
  "manualPauseStartedAt",
  "totalManualPauseDurationSeconds",
  "finishedAt",
]);

/**
 * The comparable part of the objects: no generations, no times (`<time>` where only the presence
 * of one matters), conditions by type, an absent map as an empty one, a false flag as absent.
 */
export function stateOf(
  { rollout, replicaSets, services, routed = [], runs = [] }: StateObjects,
): ClusterState {
  return {
    status: comparableStatus((rollout?.["status"] ?? {}) as JsonObject),
    replicaSets: replicaSets.map((object) => ({
      name: object.metadata.name,
      replicas: (object["spec"] as { replicas?: number } | undefined)?.replicas ?? 1,
      labels: object.metadata.labels ?? {},
      annotations: annotationsOf(object),
    })).sort(byName),
    services: services.map((object) => ({
      name: object.metadata.name,
      selector: (object["spec"] as Partial<ServiceState> | undefined)?.selector ?? {},
      annotations: annotationsOf(object),
    })).sort(byName),
    ...(routed.length === 0 ? {} : { routed: routed.map(routedState).sort(byName) }),
    ...(runs.length === 0 ? {} : { runs: runs.map(runState).sort(byName) }),
  };
}

function runState(run: KubeObject): RunState {
  // Argo Rollouts writes a summary of nothing where no metric is a dry run.
  const { dryRunSummary: _, ...status } = (run["status"] ?? {}) as JsonObject;
  // Argo Rollouts measures at once, and lists what comes first.
  const { metricResults } = status;
  const sorted = Array.isArray(metricResults)
    ? { metricResults: (metricResults as { name: string }[]).toSorted(byName) as Json[] }
    : {};
  return {
    name: run.metadata.name,
    labels: run.metadata.labels ?? {},
    annotations: annotationsOf(run),
    status: withoutTimes({ ...status, ...sorted }) as JsonObject,
  };
}

function routedState(object: KubeObject): RoutedState {
  return {
    name: `${object.kind}/${object.metadata.name}`,
    annotations: annotationsOf(object),
    spec: object["spec"] as JsonObject,
  };
}

/** The differences between two states, one readable line for each field; none if alike. */
export function compareState(
  expected: ClusterState,
  actual: ClusterState,
  hashes?: RunHashes,
): string[] {
  const wanted = mapped(expected, hashes?.expected ?? stateHashes(expected));
  const found = mapped(actual, hashes?.actual ?? stateHashes(actual));
  return [
    ...differencesAt("status", wanted.status, found.status),
    ...differencesAt(
      "replicaSets",
      keyedByName(wanted.replicaSets),
      keyedByName(found.replicaSets),
    ),
    ...differencesAt("services", keyedByName(wanted.services), keyedByName(found.services)),
    ...differencesAt("routed", keyedByName(wanted.routed ?? []), keyedByName(found.routed ?? [])),
    ...differencesAt("runs", keyedByName(wanted.runs ?? []), keyedByName(found.runs ?? [])),
  ];
}

/** The hashes of a state, numbered in order of revision. */
export function stateHashes(state: ClusterState): HashMap {
  const revision = (set: ReplicaSetState) => Number(set.annotations[REVISION_ANNOTATION] ?? 0);
  return hashesOf(
    state.replicaSets.toSorted((one, other) => revision(one) - revision(other))
      .map((set) => set.labels[POD_TEMPLATE_HASH_LABEL] ?? ""),
  );
}

// What kubectl remembers of an apply tells how a manifest came, not what became of it.
function annotationsOf(object: KubeObject): Record<string, string> {
  const { [LAST_APPLIED_ANNOTATION]: _, ...annotations } = object.metadata.annotations ?? {};
  return withoutTimes(annotations) as Record<string, string>;
}

function comparableStatus(status: JsonObject): JsonObject {
  const kept = Object.entries(status).filter(([key, value]) =>
    !GENERATIONS.has(key) && value !== null && value !== false
  );
  return withoutTimes(Object.fromEntries(kept.map(([key, value]) => {
    if (key === "conditions") return [key, comparableConditions(value)];
    if (key === "pauseConditions") return [key, withoutKeys(value, new Set(["startTime"]))];
    if (key === "duration") return [key, withoutKeys(value, DURATION_TIMES)];
    return [key, value];
  }))) as JsonObject;
}

function comparableConditions(conditions: Json): Json {
  return (withoutKeys(conditions, CONDITION_TIMES) as { type: string }[])
    .toSorted((one, other) => one.type < other.type ? -1 : 1) as Json;
}

/** The value without these fields, in itself or in each of its items. */
function withoutKeys(value: Json, keys: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return value.map((item) => withoutKeys(item, keys));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.has(key)));
}

function withoutTimes(value: Json): Json {
  if (typeof value === "string") return TIME.test(value) ? "<time>" : value;
  if (Array.isArray(value)) return value.map(withoutTimes);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutTimes(item)]));
}

function mapped(state: ClusterState, hashes: HashMap): ClusterState {
  const { currentStepHash, ...status } = state.status;
  const plain = { ...state, status } as unknown as Json;
  const result = mapStrings(plain, (text) => mapHashes(text, hashes)) as unknown as ClusterState;
  // The step hash is Argo Rollouts' own, byte for byte: it is compared as it stands.
  if (currentStepHash !== undefined) result.status["currentStepHash"] = currentStepHash;
  return result;
}

function mapStrings(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]),
  );
}

function keyedByName(items: readonly { name: string }[]): Json {
  return Object.fromEntries(items.map((item) => [item.name, item as unknown as Json]));
}

function differencesAt(
  path: string,
  expected: Json | undefined,
  actual: Json | undefined,
): string[] {
  if (isObject(expected) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
    return keys.flatMap((key) => differencesAt(`${path}.${key}`, expected[key], actual[key]));
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from(
      { length },
      (_, index) => differencesAt(`${path}[${index}]`, expected[index], actual[index]),
    ).flat();
  }
  const [wanted, found] = [textOf(expected), textOf(actual)];
  return wanted === found ? [] : [`${path}: expected ${wanted}, found ${found}`];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: Json | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : Number(one.name > other.name);
}
