/**
 * The plan of a Rollout's Experiments: which one the step is carried out with, which end and are
 * deleted, and how much traffic the pods of the one that runs get.
 */
import type { Experiment } from "../../../sdk/api/experiment.ts";
import { fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import type { Destination } from "../../../sdk/traffic_intent.ts";
import { isRetried } from "../abort.ts";
import { isCompleted } from "../../analysis/mod.ts";
import { hashOf, revisionOf } from "../../sets/mod.ts";
import { ownedToDelete } from "../analysis/history.ts";
import { leavesAnalysesOut } from "../analysis/start.ts";
import { isHalted, isPromotedByUser, isWaiting } from "../pause.ts";
import { currentStep, type Facts } from "../situation.ts";
import { isNamedAfter } from "./experiments.ts";

export interface ExperimentsPlan {
  /** The one that the step is carried out with; undefined: none is there. */
  readonly current: Experiment | undefined;
  /** To be made now. */
  readonly begun: Experiment | undefined;
  readonly ended: readonly Experiment[];
  readonly deleted: readonly Experiment[];
  /** A user let the update go on though the last one came to nothing. */
  readonly isResumed: boolean;
}

export function planExperiments(facts: Facts): ExperimentsPlan {
  const { world: { experiment: { experiments, draft } } } = facts;
  const recorded = currentExperiment(facts);
  const isResumed = recorded !== undefined && isTriedAgain(facts, recorded);
  const current = isResumed ? undefined : recorded;
  const isDue = isAskedFor(facts) && current === undefined && mayBegin(facts);
  const present = isDue ? draft?.present : undefined;
  const kept = current ?? present;
  const deleted = ownedToDelete(facts, experiments, new Set(kept ? [kept.metadata.name] : []));
  return {
    current: kept,
    begun: isDue && present === undefined ? draft?.experiment : undefined,
    ended: experiments.filter((one) => one !== kept && goesOn(one) && !deleted.includes(one)),
    deleted,
    isResumed,
  };
}

/** The Experiment that the status records for this step; after a retry it counts no more. */
export function currentExperiment(facts: Facts): Experiment | undefined {
  const { state, world } = facts;
  const { next } = facts.sets;
  if (!isAskedFor(facts) || isRetried(facts) || next === undefined) return undefined;
  const start = `${world.rollout.metadata.name}-${hashOf(next)}-${revisionOf(next)}`;
  const { currentExperiment: name } = state;
  if (!isNamedAfter(name, `${start}-${state.stepIndex}`)) return undefined;
  return world.experiment.experiments.find(({ metadata }) => metadata.name === name);
}

/** True for a step with an experiment that the update has come to, and does not leave out. */
function isAskedFor(facts: Facts): boolean {
  return !isUnset(currentStep(facts)?.experiment) && !leavesAnalysesOut(facts);
}

/** Its pods are those of both sets, and it waits for what people have to say. */
function mayBegin(facts: Facts): boolean {
  return facts.sets.stable !== undefined && !isHalted(facts) && !isWaiting(facts);
}

/** True when a user has ended the pause that an inconclusive one led to. */
function isTriedAgain(facts: Facts, { status }: Experiment): boolean {
  return status?.phase === "Inconclusive" && isPromotedByUser(facts);
}

function goesOn({ metadata, spec, status }: Experiment): boolean {
  return !isCompleted(status?.phase) && spec.terminate !== true &&
    metadata.deletionTimestamp === undefined;
}

/**
 * Where the experiment's share goes: to the Services of templates that have their pods, while it
 * runs. What does not fit into the whole gets nothing.
 */
export function additionalDestinations(facts: Facts, weightMax: number): Destination[] {
  return sharesOf(facts, weightMax).flatMap(({ destination }) => destination ?? []);
}

/** Why templates of the experiment that runs get no traffic, though they have a weight. */
export function unfitShares(facts: Facts, weightMax: number): string | undefined {
  const unfit = sharesOf(facts, weightMax).flatMap(({ unfit = [] }) => unfit);
  return unfit.length === 0 ? undefined : unfit.join("; ");
}

/** The share of one template, or why it has none; neither: it is not due. */
interface Share {
  readonly destination?: Destination;
  readonly unfit?: string;
}

function sharesOf(facts: Facts, weightMax: number): Share[] {
  const experiment = currentExperiment(facts);
  if (experiment?.status?.phase !== "Running" || experiment.spec.terminate === true) return [];
  if (experiment.metadata.deletionTimestamp !== undefined) return [];
  const { templateStatuses = [] } = experiment.status;
  let left = weightMax;
  return listOf(fieldsOf(currentStep(facts)?.experiment)["templates"]).map(fieldsOf)
    .map(({ name, weight }): Share => {
      const status = templateStatuses.find((one) => one.name === textOf(name));
      const { serviceName: service = "", podTemplateHash = "" } = status ?? {};
      if (typeof weight !== "number" || status?.status !== "Running") return {};
      const lost = `template ${textOf(name)} gets no traffic`;
      if (service === "") return weight > 0 ? { unfit: `${lost}: it has no Service` } : {};
      if (weight > left) {
        return { unfit: `${lost}: weight ${weight} is more than the ${left} left` };
      }
      left -= weight;
      return { destination: { service, podTemplateHash, weight } };
    });
}
