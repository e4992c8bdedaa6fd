/**
 * The plan of a Rollout's runs: which are in charge, what they come to, which is begun, ended or
 * deleted now. A run that is not in charge measures nothing any more.
 *
 * A run is recorded in the status first, and made by the pass that finds it recorded and not there:
 * so it is made once, under one name, whatever fails in between.
 */
import type { AnalysisRun } from "../../../sdk/api/analysis.ts";
import { isRetried } from "../abort.ts";
import { isCompleted } from "../../analysis/mod.ts";
import { hasPause, isPromotedByUser } from "../pause.ts";
import { currentStep, type Facts, isBlueGreen } from "../situation.ts";
import type { Draft } from "./facts.ts";
import { namesTemplates } from "./gates.ts";
import { runsToDelete } from "./history.ts";
import {
  NO_RUNS,
  recordOf,
  RUN_TYPES,
  type RunRecord,
  type RunRecords,
  type RunType,
  stepOfName,
} from "./runs.ts";
import { isNamed, leavesAnalysesOut, mayBegin } from "./start.ts";

export interface RunsPlan {
  /** What the status is to record. */
  readonly records: RunRecords;
  /** Those that the update listens to. */
  readonly inCharge: RunRecords;
  /** To be made now. */
  readonly begun: readonly AnalysisRun[];
  readonly ended: readonly AnalysisRun[];
  readonly deleted: readonly AnalysisRun[];
  /** A user let the update go on though a run came to nothing: it is measured once more. */
  readonly isResumed: boolean;
}

/** What the status recorded of runs, as far as it still counts, and how they are doing now. */
export function recordsNow(facts: Facts): RunRecords {
  const { state, world: { analysis } } = facts;
  // After a retry everything is measured anew.
  if (isRetried(facts)) return NO_RUNS;
  const found = RUN_TYPES.flatMap((type): [RunType, RunRecord][] => {
    const record = state.runs[type];
    if (record === undefined) return [];
    if (type === "Step" && stepOfName(record.name) !== state.stepIndex) return [];
    const run = analysis.runs.find(({ metadata }) => metadata.name === record.name);
    if (run !== undefined) return [[type, recordOf(run)]];
    // One that is over need not be there any more to be known.
    const isLost = analysis.gone.includes(record.name) && !isOver(record);
    return isLost ? [] : [[type, record]];
  });
  return Object.fromEntries(found);
}

export function planRuns(facts: Facts): RunsPlan {
  const { world: { analysis } } = facts;
  const now = recordsNow(facts);
  const inCharge: Partial<Record<RunType, RunRecord>> = {};
  const begun: AnalysisRun[] = [];
  let isResumed = false;
  for (const type of leavesAnalysesOut(facts) ? [] : RUN_TYPES) {
    if (!isNamed(type, facts)) continue;
    const record = now[type];
    const draft = analysis.drafts[type];
    const isAgain = isMeasuredAgain(facts, record);
    const begins = draft !== undefined &&
      (record === undefined ? mayBegin(type, facts) : isAgain);
    if (begins) {
      inCharge[type] = recordOf(draft.present ?? draft.run);
      isResumed ||= isAgain;
    } else if (record !== undefined) {
      inCharge[type] = record;
      if (draft !== undefined && isUnmade(facts, record)) begun.push(named(draft, record));
    }
  }
  // A blue-green still says how its last analyses ended.
  const records = { ...(isBlueGreen(facts) ? ofBlueGreen(facts, now) : {}), ...inCharge };
  const charged = new Set(Object.values(inCharge).map(({ name }) => name));
  const deleted = runsToDelete(facts, new Set(Object.values(records).map(({ name }) => name)));
  return {
    records,
    inCharge,
    begun,
    ended: analysis.runs.filter((run) =>
      goesOn(run) && !charged.has(run.metadata.name) && !deleted.includes(run)
    ),
    deleted,
    isResumed,
  };
}

/** True for a run that is recorded and has yet to be made. */
function isUnmade({ world }: Facts, { name, status }: RunRecord): boolean {
  return status === "" && !world.analysis.runs.some(({ metadata }) => metadata.name === name);
}

function named({ run }: Draft, { name }: RunRecord): AnalysisRun {
  return { ...run, metadata: { ...run.metadata, name } };
}

/** The state of a pause that is over with the runs that are measured once more. */
export function keepsControllerPause(facts: Facts): boolean {
  // The pause of the step ends with it.
  return !isBlueGreen(facts) && hasPause(currentStep(facts));
}

function ofBlueGreen({ world }: Facts, now: RunRecords): RunRecords {
  const { blueGreen = {} } = world.rollout.spec.strategy ?? {};
  const { PrePromotion, PostPromotion } = now;
  return {
    ...(PrePromotion !== undefined && namesTemplates(blueGreen["prePromotionAnalysis"])
      ? { PrePromotion }
      : {}),
    ...(PostPromotion !== undefined && namesTemplates(blueGreen["postPromotionAnalysis"])
      ? { PostPromotion }
      : {}),
  };
}

/** True when a user has ended the pause that an inconclusive run led to. */
function isMeasuredAgain(facts: Facts, record: RunRecord | undefined): boolean {
  const wasInconclusive = Object.values(facts.state.runs).some(({ name, status }) =>
    name === record?.name && status === "Inconclusive"
  );
  return wasInconclusive && isPromotedByUser(facts);
}

function isOver({ status }: RunRecord): boolean {
  return isCompleted(status === "" ? undefined : status);
}

function goesOn({ metadata, spec, status }: AnalysisRun): boolean {
  return !isCompleted(status?.phase) && spec.terminate !== true &&
    metadata.deletionTimestamp === undefined;
}
