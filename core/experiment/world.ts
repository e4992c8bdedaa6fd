/** The snapshot that a pass over an Experiment decides on. */
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import type {
  Experiment,
  ExperimentAnalysis,
  ExperimentRunStatus,
  ExperimentTemplate,
} from "../../sdk/api/experiment.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Outcome } from "../api/validation/analysis_templates.ts";
import type { UnseenTime } from "../engine/mod.ts";
import type { ReplicaSet } from "../sets/mod.ts";

export interface Service extends KubeObject {
  spec?: { selector?: Record<string, string>; [field: string]: unknown };
}

/** One template of the spec, and what there is of it. */
export interface TemplateFacts {
  readonly template: ExperimentTemplate;
  /** Hash of a set that is yet to be created. */
  readonly hash: string;
  readonly setName: string;
  /** The set that the experiment controls; undefined: to be created. */
  readonly set: ReplicaSet | undefined;
  /** Whoever else has the name of the set. */
  readonly setHolder: KubeObject | undefined;
  /** The Service that is wanted, and the experiment controls; undefined: none. */
  readonly service: Service | undefined;
  /** Whoever else has the name of the Service. */
  readonly serviceHolder: KubeObject | undefined;
  /** Why the cluster would not make the Service; absent: it was not asked, or did. */
  readonly refusedService?: string;
}

/** One analysis of the spec, and what there is of it. */
export interface AnalysisFacts {
  readonly analysis: ExperimentAnalysis;
  /** What the status says of it. */
  readonly recorded: ExperimentRunStatus | undefined;
  /** Its run, while there is one. */
  readonly run: AnalysisRun | undefined;
  /** The run that it would get, or why there can be none; absent: nothing is known of templates. */
  readonly draft?: Outcome<AnalysisRun>;
  /** The template that is not there, as the API server says it; absent: all are there. */
  readonly missing?: string;
}

export interface ExperimentWorld {
  readonly nowMs: number;
  readonly experiment: Experiment;
  /** When sets and Experiments could not be followed, or nobody acted; absent: never for long. */
  readonly unseen?: readonly UnseenTime[];
  /** The first thing that is wrong with the spec; undefined: nothing. */
  readonly invalid: string | undefined;
  readonly templates: readonly TemplateFacts[];
  readonly analyses: readonly AnalysisFacts[];
  /** The writes of this pass were refused: nothing is there that it would have made. */
  readonly isRefused?: boolean;
  /** Sets that the experiment controls and no template of its spec wants. */
  readonly leftSets: readonly ReplicaSet[];
  /** Services likewise. */
  readonly leftServices: readonly Service[];
}
