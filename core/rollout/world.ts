/** The snapshot that a pass over a Rollout decides on. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { Workload } from "../api/validation/workload.ts";
import type { UnseenTime, Write } from "../engine/mod.ts";
import type { ReplicaSet } from "../sets/mod.ts";
import type { AnalysisFacts } from "./analysis/facts.ts";
import type { ExperimentFacts } from "./experiments/facts.ts";
import type { RouterFacts } from "./routed/router_facts.ts";
import type { StepPluginFacts } from "./step_plugins/facts.ts";

export interface Service extends KubeObject {
  spec?: { selector?: Record<string, string>; [field: string]: unknown };
}

/** An object that leads to pods of certain sets, and is to lead to all again. */
export interface LeftBehind {
  readonly name: string;
  readonly hashes: readonly string[];
  readonly release: Write;
}

export interface RolloutWorld {
  readonly nowMs: number;
  /** With what its workload gives, and without what cannot be read of the template. */
  readonly rollout: Rollout;
  /** What `spec.workloadRef` names; undefined without it, and where there is no such object. */
  readonly workload: Workload | undefined;
  /** Hash of the pod template, with `status.collisionCount` mixed in. */
  readonly templateHash: string;
  /** Hash of the canary's steps; empty for a blue-green. */
  readonly stepHash: string;
  /** The set of this template, by its label or by semantic equality; undefined: to be created. */
  readonly nextSet: ReplicaSet | undefined;
  /** Every set that this Rollout controls and that its selector matches. */
  readonly replicaSets: readonly ReplicaSet[];
  /** Sets that nobody controls and that the selector matches, oldest first. */
  readonly orphans: readonly ReplicaSet[];
  /** Sets that this Rollout controls though the selector does not match them any more. */
  readonly strays: readonly ReplicaSet[];
  /** The cluster itself was asked, and has this Rollout, which is not being deleted. */
  readonly isConfirmed: boolean;
  /** The set is to be created, but another one holds the name that it would get. */
  readonly isNameTaken: boolean;
  /** The Services that the strategy names, as far as they exist, and those that it named once. */
  readonly services: ReadonlyMap<string, Service>;
  /** What routers steered for this Rollout and its strategy does not name any more. */
  readonly left: readonly LeftBehind[];
  /** The traffic routers of a canary, in the order in which they are applied. */
  readonly routers: readonly RouterFacts[];
  readonly stepPlugins: StepPluginFacts;
  /** Its AnalysisRuns, and those that would be begun. */
  readonly experiment: ExperimentFacts;
  readonly analysis: AnalysisFacts;
  /** The pods of the sets; undefined: they were not needed, or could not be listed. */
  readonly pods: readonly KubeObject[] | undefined;
  /** They are needed and have been asked for: the answer, or that there is none, will come. */
  readonly arePodsPending: boolean;
  /** When sets and Rollouts could not be followed, or nobody acted; absent: never for long. */
  readonly unseen?: readonly UnseenTime[];
  /** What was left out of the pod template, since it cannot be read. */
  readonly leftOut?: readonly string[] | undefined;
  /** The path of the first field that this version does not serve; undefined: there is none. */
  readonly unserved: readonly string[] | undefined;
  /** The first thing that is wrong with the spec, as a sentence of the API; undefined: nothing. */
  readonly invalid: string | undefined;
}
