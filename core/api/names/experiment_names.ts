/** Events and conditions of Experiments, byte for byte Argo Rollouts'. */
import type { AnalysisPhase } from "../../../sdk/api/analysis.ts";
import type { TemplatePhase } from "../../../sdk/api/experiment.ts";
import type { EventDraft } from "../../../sdk/wire/write.ts";

/** A change of what somebody says of himself, and why; empty texts: nothing was said. */
interface Transition<Phase> {
  readonly name: string;
  readonly from: Phase | "";
  readonly to: Phase;
  readonly message?: string | undefined;
}

/** The events that an Experiment gets. */
export const EXPERIMENT_EVENT = Object.freeze({
  template: ({ name, from, to, message = "" }: Transition<TemplatePhase>): EventDraft => ({
    type: typeOf(to),
    reason: `Template${to}`,
    message: `Template '${name}' transitioned from ${from} -> ${to}${behind(message)}`,
  }),
  analysisRun: ({ name, from, to, message = "" }: Transition<AnalysisPhase>): EventDraft => ({
    type: typeOf(to),
    reason: `AnalysisRun${to}`,
    message: `AnalysisRun '${name}' transitioned from ${from} -> ${to}${behind(message)}`,
  }),
  experiment: (from: AnalysisPhase | "", to: AnalysisPhase): EventDraft => ({
    type: typeOf(to),
    reason: `Experiment${to}`,
    message: `Experiment transitioned from ${from} -> ${to}`,
  }),
  terminating: (analysis: string, run: string): EventDraft => ({
    type: "Normal",
    reason: "AnalysisRunTerminating",
    message: `Terminating ${analysis} (${run})`,
  }),
  scaled: (set: string, { from, to }: { from: number; to: number }): EventDraft => ({
    type: "Normal",
    reason: "ScalingReplicaSet",
    message: `Scaled ${to > from ? "up" : "down"} ReplicaSet ${set} from ${from} to ${to}`,
  }),
  scalingFailed: (set: string, direction: "up" | "down", error: string): EventDraft => ({
    type: "Warning",
    reason: "ReplicaSetUpdateError",
    message: `Failed to scale ${set} ${direction}: ${error}`,
  }),
  creatingFailed: (set: string, error: string): EventDraft => ({
    type: "Warning",
    reason: "ReplicaSetCreateError",
    message: `Failed to create new replica set "${set}": ${error}`,
  }),
});

const BAD: readonly string[] = ["Failed", "Error", "Inconclusive"];

function typeOf(phase: string): EventDraft["type"] {
  return BAD.includes(phase) ? "Warning" : "Normal";
}

function behind(message: string): string {
  return message === "" ? "" : `: ${message}`;
}

/** What stands in the condition `Progressing`. */
export const EXPERIMENT_CONDITION = Object.freeze({
  progressing: (name: string) => `Experiment "${name}" is progressing.`,
  running: (name: string) => `Experiment "${name}" is running.`,
  completed: (name: string) => `Experiment "${name}" has successfully ran and completed.`,
});

/** What stands in `status.message` and in the messages of templates and analyses. */
export const EXPERIMENT_MESSAGE = Object.freeze({
  deadlineExceeded: (template: string, seconds: number) =>
    `Template '${template}' exceeded its progressDeadlineSeconds (${seconds})`,
  /** Sluice's own: Argo Rollouts tries again for ever. */
  setTaken: (set: string, template: string) =>
    `Failed to create ReplicaSet ${set} for template '${template}': ` +
    `replicaset ${set} already exists and is not owned by this experiment`,
  withoutPort: (template: string) =>
    `Template '${template}' gets no Service: none of its containers has a port`,
  serviceFailed: (service: string, template: string, error: string) =>
    `Failed to create Service ${service} for template '${template}': ${error}`,
  serviceTaken: (service: string, template: string) =>
    `service ${service} already exists and is not owned by experiment template ${template}`,
  templateMissing: (kind: string, analysis: string, error: string) =>
    `${kind} verification failed for analysis '${analysis}': ${error}`,
  runFailed: (analysis: string, error: string) =>
    `Failed to create AnalysisRun for analysis '${analysis}': ${error}`,
  /** Sluice's own. */
  runGone: (run: string, analysis: string) =>
    `AnalysisRun ${run} of analysis '${analysis}' was deleted before it ended`,
  requiredRunsCompleted: "Required AnalysisRuns completed",
});
