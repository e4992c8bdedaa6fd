/** The events of the cases with experiments, as far as their order says something. */
import type { NamedDifference, SeenEvent } from "./compare.ts";

const COPIED = /^AnalysisRun '[^']*' transitioned from /;
/** A destination of an experiment, with the hash of its pods. */
const DESTINATION = /(\{\d+ \S+) [^}]+\}/g;

/**
 * Each object's own events in their order: who comes first of several controllers is chance. Hashes
 * of an experiment's pods are others than Argo's. What Argo tells of an Experiment's runs is told
 * there; Argo repeats it at the Rollout as a Warning, whatever it is.
 */
export function ofEachObject(events: readonly SeenEvent[]): SeenEvent[] {
  const told = events
    .filter(({ object, message }) => !(object.startsWith("rollout/") && COPIED.test(message)))
    .map((event) => ({ ...event, message: event.message.replace(DESTINATION, "$1 <hash>}") }));
  const objects = [...new Set(told.map(({ object }) => object.replace(/-[a-z0-9]{8,10}-/, "-")))];
  return objects.sort().reverse().flatMap((object) =>
    sortedReadiness(
      told.filter((event) => event.object.replace(/-[a-z0-9]{8,10}-/, "-") === object),
    )
  );
}

/** Whose pods come first is chance too: templates that get ready one after the other, by name. */
function sortedReadiness(events: readonly SeenEvent[]): SeenEvent[] {
  const sorted: SeenEvent[] = [];
  let ready: SeenEvent[] = [];
  for (const event of events) {
    if (event.reason === "TemplateRunning") ready.push(event);
    else {
      sorted.push(...ready.toSorted(byMessage), event);
      ready = [];
    }
  }
  return [...sorted, ...ready.toSorted(byMessage)];
}

function byMessage({ message: one }: SeenEvent, { message: other }: SeenEvent): number {
  return one < other ? -1 : Number(one > other);
}

const ROLLOUT = "rollout/mock-server";
const EXPERIMENT = "experiment/mock-server-H2-2-0";
const CAUSE = 'Metric "stable-success-rate" assessed Failed due to failed (3) > failureLimit (2)';

export const EXPERIMENT_DIFFERENCES: readonly NamedDifference[] = [{
  why: "saved write: the abort and its weights are one status",
  expected: [
    `Normal ${ROLLOUT} TrafficWeightUpdated: Traffic weight updated additional: []`,
    `Warning ${ROLLOUT} RolloutAborted: Rollout aborted update to revision 2: ` +
    `Experiment analysis phase is error/failed: ${CAUSE}`,
  ],
  actual: [
    `Warning ${ROLLOUT} RolloutAborted: Rollout aborted update to revision 2: ` +
    `Experiment analysis phase is error/failed: ${CAUSE}`,
    `Normal ${ROLLOUT} TrafficWeightUpdated: Traffic weight updated additional: []`,
  ],
}, {
  why: "saved write: a failed experiment ends its templates with the same status",
  expected: [
    `Warning ${EXPERIMENT} AnalysisRunFailed: AnalysisRun 'stable-canary-comparison' ` +
    `transitioned from Running -> Failed: ${CAUSE}`,
    `Warning ${EXPERIMENT} ExperimentFailed: Experiment transitioned from Running -> Failed`,
    `Normal ${EXPERIMENT} TemplateSuccessful: Template 'stable' transitioned from Running -> ` +
    "Successful",
    `Normal ${EXPERIMENT} TemplateSuccessful: Template 'canary' transitioned from Running -> ` +
    "Successful",
  ],
  actual: [
    `Normal ${EXPERIMENT} TemplateSuccessful: Template 'stable' transitioned from Running -> ` +
    "Successful",
    `Normal ${EXPERIMENT} TemplateSuccessful: Template 'canary' transitioned from Running -> ` +
    "Successful",
    `Warning ${EXPERIMENT} AnalysisRunFailed: AnalysisRun 'stable-canary-comparison' ` +
    `transitioned from Running -> Failed: ${CAUSE}`,
    `Warning ${EXPERIMENT} ExperimentFailed: Experiment transitioned from Running -> Failed`,
  ],
}];

const SUBSETS = `Normal ${ROLLOUT} UpdatedDestinationRule: DestinationRule mock-server subset ` +
  "updated (canary: H2, stable: H1)";
const WEIGHTS = `Normal ${ROLLOUT} Updated VirtualService: VirtualService \`mock-server\` set to ` +
  "desiredWeight '0'";
const BEGUN =
  `Normal ${ROLLOUT} RolloutNotCompleted: Rollout not completed, started update to revision 2 (H2)`;
const AFTER_ABORT = [
  `Warning ${ROLLOUT} RolloutAborted: Rollout aborted update to revision 2: ` +
  `Experiment analysis phase is error/failed: ${CAUSE}`,
];
const AFTER_END = [
  `Normal ${ROLLOUT} TrafficWeightUpdated: Traffic weight updated additional: []`,
  `Normal ${ROLLOUT} RolloutStepCompleted: Rollout step 1/5 completed (experiment)`,
];

/** The same with subsets: one goes once nothing is sent to it any more. */
export const SUBSET_DIFFERENCES: readonly NamedDifference[] = [
  ...EXPERIMENT_DIFFERENCES,
  {
    why: "saved write: routers are told of a set in the pass that begins the update",
    expected: [BEGUN, SUBSETS],
    actual: [SUBSETS, BEGUN],
  },
  ...[AFTER_ABORT, AFTER_END].map((after) => ({
    why: "S2: no weight is left that leads to a subset which is not there",
    expected: [SUBSETS, WEIGHTS, ...after],
    actual: [WEIGHTS, SUBSETS, ...after],
  })),
];
