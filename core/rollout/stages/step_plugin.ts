/**
 * Step plugin: records what a plugin answered, and begins its next call. A failed one aborts the
 * update; an abort has all steps undone that plugins ran, a full promotion ends the one that runs.
 */
import { isUnset } from "../../../sdk/wire/json.ts";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import { EVENT_MESSAGE, EVENT_REASON } from "../../api/names/event_reason.ts";
import { goDurationText } from "../../api/values/durations.ts";
import { timestamp } from "../../api/values/time.ts";
import { normal } from "../../sets/mod.ts";
import { abortBecause, isAborted, isFreeOfAbort, mayAdvance } from "../abort.ts";
import { isPromotedInFull } from "../full_promotion.ts";
import {
  CONTINUE,
  currentStep,
  isFullyPromoted,
  type Situation,
  type Verdict,
} from "../situation.ts";
import { dueEntry, type StepReply, wakeMs } from "../step_plugins/calls.ts";
import {
  entryOf,
  isEnded,
  isOutstanding,
  isRunOver,
  type Operation,
  replaced,
  type StepEntry,
} from "../step_plugins/entries.ts";
import { unknownPlugin } from "../step_plugins/unknown_plugin.ts";

const DEFAULT_BACKOFF_SECONDS = 30;
/** What is not longer counts as the default. */
const SHORTEST_BACKOFF_SECONDS = 10;
const TOO_LATE = "the plugin answered Running: it has to be done when it returns";

/** What the plugin answered is recorded. */
export function pluginReply(situation: Situation): Verdict {
  const { state, world } = situation;
  const { reply } = world.stepPlugins;
  if (reply === undefined) return CONTINUE;
  const entry = dueEntry(world.rollout, world.nowMs);
  if (entry === undefined) return CONTINUE;
  const answered = entry.operation === "Run"
    ? runAnswered(entry, reply, world.nowMs)
    : endAnswered(entry, reply, world.nowMs);
  const stepEntries = withoutUndone(situation, replaced(state.stepEntries, entry, answered));
  const { index, name, phase, message = "" } = answered;
  const failed = entry.operation === "Run" && phase === "Failed"
    ? abortBecause(situation, EVENT_MESSAGE.stepPluginFailed(index, name, message))
    : {};
  return {
    state: { stepEntries, ...failed },
    events: transition(entry, answered),
    then: "continue",
    why: `step plugin ${name}: ${phase}${message === "" ? "" : ` (${message})`}`,
  };
}

function runAnswered(entry: StepEntry, reply: StepReply, nowMs: number): StepEntry {
  const { backoff: _, message: __, status: before, ...kept } = entry;
  const { phase, message = "", requeueAfterSeconds = 0 } = reply;
  const isGoing = phase === "Running" || phase === "Error";
  const isAsked = phase === "Running" && requeueAfterSeconds > SHORTEST_BACKOFF_SECONDS;
  const seconds = isAsked ? Math.ceil(requeueAfterSeconds) : DEFAULT_BACKOFF_SECONDS;
  // One that threw has told nothing new.
  const status = phase === "Error" ? before : reply.status;
  const updatedAt = timestamp(nowMs);
  return {
    ...kept,
    phase,
    ...(message === "" ? {} : { message }),
    updatedAt,
    ...(isGoing ? { backoff: goDurationText(seconds) } : { finishedAt: updatedAt }),
    executions: (entry.executions ?? 0) + 1,
    ...(status === undefined ? {} : { status }),
  };
}

/** Of a call that ends a step: it is made once, and over with its answer. */
function endAnswered(entry: StepEntry, reply: StepReply, nowMs: number): StepEntry {
  const isLate = reply.phase === "Running";
  const message = reply.message ?? (isLate ? TOO_LATE : "");
  const at = timestamp(nowMs);
  return {
    ...entry,
    phase: isLate ? "Failed" : reply.phase,
    ...(message === "" ? {} : { message }),
    updatedAt: at,
    finishedAt: at,
    executions: 1,
    ...(reply.status === undefined ? {} : { status: reply.status }),
  };
}

const ENDED = Object.freeze({ Terminate: "terminated", Abort: "aborted" });

function transition(before: StepEntry, after: StepEntry): EventDraft[] {
  const { index, name, operation, phase } = after;
  if (operation !== "Run") {
    const message = EVENT_MESSAGE.stepPluginEnded({ index, name }, ENDED[operation], phase);
    return [normal(EVENT_REASON.stepPluginTransition, message)];
  }
  const isSame = before.executions !== undefined && before.phase === phase;
  if (isSame) return [];
  const message = EVENT_MESSAGE.stepPluginTransition({ index, name }, phase);
  return [normal(EVENT_REASON.stepPluginTransition, message)];
}

/** A retried update begins without what its last try did, once all of that is undone. */
function withoutUndone(
  situation: Situation,
  entries: readonly StepEntry[],
): readonly StepEntry[] {
  const isRetried = isFreeOfAbort(situation) &&
    entries.some(({ operation }) => operation === "Abort");
  return isRetried && !entries.some(isOutstanding) ? [] : entries;
}

/** Begins the call that is due: it is made once the status says so. */
export function pluginCall(situation: Situation): Verdict {
  const isWithout = situation.state.stepEntries.length === 0 &&
    isUnset(currentStep(situation)?.plugin);
  if (isWithout) return CONTINUE;
  if (isAborted(situation)) return undo(situation);
  if (isPromotedInFull(situation) || isFullyPromoted(situation)) return endEarly(situation);
  return run(situation);
}

/** Has every step undone that a plugin ran, or may have run. */
function undo(situation: Situation): Verdict {
  const { stepEntries } = situation.state;
  const done = stepEntries.filter((entry) =>
    entry.operation === "Run" && entry.disabled !== true &&
    (entry.phase === "Running" || entry.phase === "Successful") &&
    entryOf(stepEntries, entry.index, "Abort") === undefined
  );
  return begin(situation, "Abort", done);
}

/** Ends the last step that is running. */
function endEarly(situation: Situation): Verdict {
  const { stepEntries } = situation.state;
  const last = stepEntries.findLast((entry) =>
    entry.operation === "Run" && entry.phase === "Running" && entry.disabled !== true
  );
  if (last === undefined || isEnded(stepEntries, last.index)) return CONTINUE;
  return begin(situation, "Terminate", [last]);
}

function begin(
  { state, world }: Situation,
  operation: Operation,
  runs: readonly StepEntry[],
): Verdict {
  if (runs.length === 0) return CONTINUE;
  const startedAt = timestamp(world.nowMs);
  const begun = runs.map(({ index, name }): StepEntry =>
    world.stepPlugins.known.includes(name)
      ? { index, name, operation, phase: "Running", startedAt }
      : { index, name, operation, ...unknownEnd(name, startedAt) }
  );
  const names = [...new Set(runs.map(({ name }) => name))].join(", ");
  return {
    state: { stepEntries: [...state.stepEntries, ...begun] },
    then: "continue",
    why: `step plugin ${names}: ${operation} begins`,
  };
}

/** Nobody can be told to end what a plugin did that is gone. */
function unknownEnd(name: string, startedAt: string) {
  const message = EVENT_MESSAGE.stepPluginUnknown(name);
  return { phase: "Error", message, startedAt, finishedAt: startedAt, executions: 1 } as const;
}

function run(situation: Situation): Verdict {
  const { state, world } = situation;
  const { stepEntries, stepIndex: index = 0, stableHash } = state;
  const plugin = currentStep(situation)?.plugin;
  if (isUnset(plugin) || !mayAdvance(situation) || stableHash === "") return CONTINUE;
  if (stepEntries.some(isOutstanding)) return CONTINUE;
  const present = entryOf(stepEntries, index, "Run");
  const unknown = isRunOver(stepEntries, index) ? undefined : unknownPlugin(situation);
  if (unknown !== undefined) return CONTINUE;
  if (present !== undefined) return wait(present);
  const { name = "" } = plugin;
  if (world.rollout.status?.phase !== "Progressing") return CONTINUE;
  const startedAt = timestamp(world.nowMs);
  const begun = { index, name, operation: "Run", startedAt } as const;
  const entry: StepEntry = world.stepPlugins.disabled.includes(name)
    ? { ...begun, phase: "Successful", updatedAt: startedAt, finishedAt: startedAt, disabled: true }
    : { ...begun, phase: "Running" };
  return {
    state: { stepEntries: [...stepEntries, entry] },
    then: "settle",
    why: entry.disabled === true ? `step plugin ${name} is disabled` : `step plugin ${name} begins`,
  };
}

function wait(entry: StepEntry): Verdict {
  const wakeAtMs = entry.phase === "Running" || entry.phase === "Error" ? wakeMs(entry) : undefined;
  return wakeAtMs === undefined ? CONTINUE : { ...CONTINUE, wakeAtMs };
}
