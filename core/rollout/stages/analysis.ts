/**
 * Analysis: begins the runs that are due, listens to those in charge, ends and deletes the others.
 * A failed one aborts the update, an inconclusive one pauses it, and a successful one lets the step
 * or the cutover that waits for it go on.
 */
import { creationOf, deletionOf, type EventDraft } from "../../../sdk/wire/write.ts";
import { isBad, terminateWrite } from "../../analysis/mod.ts";
import { EVENT_MESSAGE } from "../../api/names/event_reason.ts";
import { ANALYSIS_RUNS } from "../../api/names/resources.ts";
import { abortBecause } from "../abort.ts";
import {
  keepsControllerPause,
  planRuns,
  recordsNow,
  type RunsPlan,
} from "../analysis/plan_runs.ts";
import { RUN_TYPES, type RunRecord, type RunType } from "../analysis/runs.ts";
import { writeEffect } from "../../engine/mod.ts";
import { isWaiting, withPause } from "../pause.ts";
import { normal, warning } from "../../sets/mod.ts";
import { CONTINUE, type Situation, type Verdict, withState } from "../situation.ts";
import type { UpdateState } from "../update_state.ts";

export function analysis(situation: Situation): Verdict {
  if (isWithoutRuns(situation)) return CONTINUE;
  const events = phaseEvents(situation);
  const plan = planRuns(situation);
  const failed = inCharge(plan).find(([, { status }]) => status === "Failed" || status === "Error");
  if (failed !== undefined) return abortFor(situation, { failed, events });
  const paused = pausedFor(situation, plan);
  return {
    ...verdictOf(plan, events),
    state: { runs: plan.records, ...resumed(situation, plan), ...paused?.state },
    ...(paused === undefined ? {} : { why: paused.why }),
  };
}

/** Most Rollouts have no runs: none is recorded, there, or to be begun. */
function isWithoutRuns({ state, world: { analysis: { runs, drafts } } }: Situation): boolean {
  return runs.length === 0 && Object.keys(state.runs).length === 0 &&
    Object.keys(drafts).length === 0;
}

/** Of a run that failed: the update is taken back, and no other run goes on. */
function abortFor(
  situation: Situation,
  { failed: [type, { name, status, message }], events }: {
    failed: [RunType, RunRecord];
    events: readonly EventDraft[];
  },
): Verdict {
  const aborted = abortBecause(situation, EVENT_MESSAGE.analysisFailed(type, message));
  const plan = planRuns(withState(situation, aborted));
  return {
    ...verdictOf(plan, events),
    state: { ...aborted, runs: plan.records },
    why: `analysis run ${name}: ${status}`,
  };
}

function verdictOf(plan: RunsPlan, events: readonly EventDraft[]): Verdict {
  const closingEffects = [
    ...plan.begun.map((run) => creationOf(ANALYSIS_RUNS, run)).map(writeEffect),
    ...plan.ended.map((run) => terminateWrite(run)),
    ...plan.deleted.flatMap((run) => deletionOf(ANALYSIS_RUNS, run)).map(writeEffect),
  ];
  const why = plan.begun.map(({ metadata: { name } }) => `analysis run ${name} begins`).join("; ");
  return { events, closingEffects, then: "continue", ...(why === "" ? {} : { why }) };
}

/** The pause that an inconclusive run leads to; undefined: none does, or it is there. */
function pausedFor(
  situation: Situation,
  plan: RunsPlan,
): { state: Partial<UpdateState>; why: string } | undefined {
  const found = inCharge(plan).find(([, { status }]) => isBad(status === "" ? undefined : status));
  if (found === undefined) return undefined;
  const reason = "InconclusiveAnalysisRun";
  if (isWaiting(situation, reason)) return undefined;
  const [, { name, status }] = found;
  return { state: withPause(situation, reason), why: `analysis run ${name}: ${status}` };
}

function resumed(situation: Situation, { isResumed }: RunsPlan): Partial<UpdateState> {
  return isResumed && !keepsControllerPause(situation) ? { controllerPause: false } : {};
}

function inCharge(plan: RunsPlan): [RunType, RunRecord][] {
  return RUN_TYPES.flatMap((type): [RunType, RunRecord][] => {
    const record = plan.inCharge[type];
    return record === undefined ? [] : [[type, record]];
  });
}

/** Tells of phases that the status does not record yet. */
function phaseEvents(situation: Situation): EventDraft[] {
  const now = recordsNow(situation);
  return RUN_TYPES.flatMap((type): EventDraft[] => {
    const { name, status } = now[type] ?? {};
    const before = situation.state.runs[type]?.status;
    if (name === undefined || status === undefined || status === "" || status === before) return [];
    const event = status === "Failed" || status === "Error" ? warning : normal;
    const message = EVENT_MESSAGE.analysisRun({ type, name, status, before });
    return [event(`AnalysisRun${status}`, message)];
  });
}
