/** Snapshots of an Experiment `trial`, and what a pass makes of them, in short lines. */
import type {
  Experiment,
  ExperimentSpec,
  ExperimentStatus,
  ExperimentTemplate,
  TemplatePhase,
  TemplateStatus,
} from "../../../sdk/api/experiment.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import type { Decision, Effect } from "../../../core/engine/mod.ts";
import type {
  AnalysisFacts,
  ExperimentWorld,
  Service,
  TemplateFacts,
} from "../../../core/experiment/mod.ts";
import type { AnalysisPhase, AnalysisRun } from "../../../sdk/api/analysis.ts";
import type { ReplicaSet } from "../../../core/sets/mod.ts";

export const NOON_MS = Date.UTC(2030, 0, 1, 12);

/** RFC 3339, so many seconds from noon. */
export function at(seconds: number): string {
  return `${new Date(NOON_MS + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** One template and its set; without `wanted` there is no set. */
export interface TemplateShape {
  readonly name?: string;
  readonly replicas?: number;
  /** Pods that the set is to have. */
  readonly wanted?: number;
  readonly available?: number;
  readonly status?: TemplatePhase;
  /** Seconds from noon. */
  readonly since?: number;
  readonly message?: string;
  /** The set's scale-down deadline, in seconds from noon. */
  readonly deadline?: number;
  readonly service?: "wanted" | "there" | "taken";
  readonly isNameTaken?: boolean;
}

/** One analysis; its run is `trial-<name>`. */
export interface AnalysisShape {
  readonly name?: string;
  readonly isRequired?: boolean;
  /** What the status says of it; absent: nothing. */
  readonly recorded?: AnalysisPhase;
  /** The phase of its run; `new`: it has none yet; absent: there is no run. */
  readonly run?: AnalysisPhase | "new";
  readonly message?: string;
  /** The run is told to end. */
  readonly isTerminated?: boolean;
  /** Why no run can be made. */
  readonly problem?: string;
  readonly missing?: string;
}

export interface WorldShape {
  readonly analyses?: readonly AnalysisShape[];
  readonly spec?: Omit<ExperimentSpec, "templates">;
  readonly status?: ExperimentStatus;
  readonly templates?: readonly TemplateShape[];
  /** Nobody saw the cluster: from when to when, in seconds from noon. */
  readonly unseen?: readonly [number, number];
}

export function worldOf(
  { spec = {}, status = {}, templates = [{}], analyses = [], unseen }: WorldShape,
): ExperimentWorld {
  const named = templates.map((shape, index) => ({ name: "ab"[index] ?? "c", ...shape }));
  const statuses = named.filter((shape) => shape.status !== undefined).map(statusOf);
  const experiment: Experiment = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Experiment",
    metadata: { name: "trial", namespace: "default", uid: "trial-uid", resourceVersion: "1" },
    spec: { ...spec, templates: named.map(templateOf) },
    status: {
      ...(statuses.length === 0 ? {} : { phase: "Pending", templateStatuses: statuses }),
      ...status,
    },
  };
  return {
    nowMs: NOON_MS,
    ...(unseen === undefined
      ? {}
      : { unseen: [{ fromMs: NOON_MS + unseen[0] * 1000, toMs: NOON_MS + unseen[1] * 1000 }] }),
    experiment,
    invalid: undefined,
    templates: named.map(factsOf),
    analyses: analyses.map((shape, index) => analysisOf({ name: `m${index + 1}`, ...shape })),
    leftSets: [],
    leftServices: [],
  };
}

type Named = TemplateShape & { name: string };

function templateOf({ name, replicas, service }: Named): ExperimentTemplate {
  return {
    name,
    ...(replicas === undefined ? {} : { replicas }),
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "main", ports: [{ containerPort: 80, name: "http" }] }] },
    },
    ...(service === undefined ? {} : { service: {} }),
  };
}

function statusOf({ name, available = 0, wanted = 0, status, since, message }: Named) {
  return {
    name,
    replicas: wanted,
    updatedReplicas: wanted,
    readyReplicas: available,
    availableReplicas: available,
    ...(status === undefined ? {} : { status }),
    ...(message === undefined ? {} : { message }),
    ...(since === undefined ? {} : { lastTransitionTime: at(since) }),
  } as TemplateStatus;
}

function factsOf(shape: Named): TemplateFacts {
  const { name, wanted, service, isNameTaken } = shape;
  const setName = `trial-${name}`;
  const other = { apiVersion: "v1", kind: "Other", metadata: { name: setName } };
  return {
    template: templateOf(shape),
    hash: `hash-${name}`,
    setName,
    set: wanted === undefined ? undefined : setOf(shape, wanted),
    setHolder: isNameTaken === true ? other : undefined,
    service: service === "there" ? serviceOf(setName) : undefined,
    serviceHolder: service === "taken" ? other : undefined,
  };
}

function setOf({ name, available = 0, deadline }: Named, wanted: number): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `trial-${name}`,
      namespace: "default",
      uid: `set-${name}`,
      resourceVersion: "1",
      labels: { app: name, "rollouts-pod-template-hash": `hash-${name}` },
      annotations: deadline === undefined ? {} : { "scale-down-deadline": at(deadline) },
    },
    spec: {
      replicas: wanted,
      selector: { matchLabels: { app: name } },
      template: templateOf({ name }).template,
    },
    status: { replicas: wanted, readyReplicas: available, availableReplicas: available },
  };
}

function analysisOf(shape: AnalysisShape & { name: string }): AnalysisFacts {
  const { name, isRequired, recorded, run, message, isTerminated, problem, missing } = shape;
  const runName = `trial-${name}`;
  const made: AnalysisRun = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisRun",
    metadata: { name: runName, namespace: "default" },
    spec: { metrics: [], ...(isTerminated === true ? { terminate: true } : {}) },
  };
  const said = message === undefined ? {} : { message };
  const status = run === undefined || run === "new" ? {} : { status: { phase: run, ...said } };
  return {
    analysis: {
      name,
      templateName: "rate",
      ...(isRequired === true ? { requiredForCompletion: true } : {}),
    },
    recorded: recorded && { name, analysisRun: runName, phase: recorded },
    run: run === undefined ? undefined : { ...made, ...status },
    draft: problem === undefined && missing === undefined
      ? { value: made }
      : { error: problem ?? missing ?? "" },
    ...(missing === undefined ? {} : { missing }),
  };
}

function serviceOf(name: string): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default", uid: `service-${name}`, resourceVersion: "1" },
    spec: {},
  };
}

/** `create replicasets trial-a`, `size trial-a 1`, `wait trial-a 30s`, `delete services trial-a`. */
export function effectText(effect: Effect): string {
  if (effect.kind !== "write") return effect.kind;
  const { verb, type, ref } = effect;
  if (verb !== "patch") return `${verb} ${type.plural} ${ref.name}`;
  const { spec, metadata } = fieldsOf(effect.patch.body);
  const { replicas, terminate } = fieldsOf(spec);
  if (terminate === true) return `terminate ${ref.name}`;
  if (replicas !== undefined) return `size ${ref.name} ${replicas}`;
  const deadline = fieldsOf(fieldsOf(metadata)["annotations"])["scale-down-deadline"];
  return `wait ${ref.name} ${(Date.parse(String(deadline)) - NOON_MS) / 1000}s`;
}

/** What a pass came to: phase, then the templates' statuses, then what is written. */
export function outcomeText({ status, effects }: Decision): string {
  const { phase, templateStatuses = [], analysisRuns = [] } = status as ExperimentStatus;
  const templates = templateStatuses.map((one) => one.status ?? "none").join(" ");
  const runs = analysisRuns.map(({ name, phase: each }) => `${name}=${each}`);
  return [[`${phase}: ${templates}`, ...runs].join(" "), ...effects.map(effectText)].join("; ");
}
