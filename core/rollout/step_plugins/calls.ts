/** Which call of a step plugin is due, by the entries of the status; pure. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { type Fields, fieldsOf, type Json, listOf, textOf } from "../../../sdk/wire/json.ts";
import { parseGoDuration } from "../../api/values/durations.ts";
import { timeMs } from "../../api/values/time.ts";
import type { Answers, Inquiry, Question } from "../../engine/mod.ts";
import { entriesIn, entryOf, isEnded, isOutstanding, type StepEntry } from "./entries.ts";

/** The kind of these questions. */
export const STEP_PLUGIN = "stepPlugin";

const CALL_MS = 60_000;
/** Added to the backoff before the controller looks by itself. */
const GRACE_MS = 5_000;
const DEFAULT_BACKOFF_MS = 30_000;

/** One call of a step plugin. */
export interface StepQuestion extends Question {
  readonly kind: typeof STEP_PLUGIN;
  readonly operation: StepEntry["operation"];
  readonly plugin: string;
  /** The same for every repetition of this call, and of no other. */
  readonly id: string;
  /** The same for all calls of one step in one try of an update. */
  readonly step: string;
  readonly rollout: Rollout;
  readonly index: number;
  readonly config: Fields;
  readonly status?: Json;
}

/** What a plugin answered, in a form that the status can hold. */
export interface StepReply {
  readonly phase: StepEntry["phase"];
  readonly message?: string;
  readonly requeueAfterSeconds?: number;
  readonly status?: Json;
}

/** The entry whose plugin is to be called now; undefined: none is. */
export function dueEntry(rollout: Rollout, nowMs: number): StepEntry | undefined {
  const entries = entriesIn(rollout.status ?? {});
  return entries.length === 0 ? undefined : dueAmong(entries, rollout, nowMs);
}

function dueAmong(
  entries: readonly StepEntry[],
  rollout: Rollout,
  nowMs: number,
): StepEntry | undefined {
  // What ends steps comes in its order; what undoes them begins with the latest.
  const ending = entries.find((entry) => entry.operation === "Terminate" && isOutstanding(entry)) ??
    entries.findLast((entry) => entry.operation === "Abort" && isOutstanding(entry));
  if (ending !== undefined) return ending;
  const { currentStepIndex: index = -1, phase, abort, promoteFull } = rollout.status ?? {};
  const run = entryOf(entries, index, "Run");
  if (run === undefined || abort === true || promoteFull === true) return undefined;
  if (phase !== "Progressing" || isEnded(entries, index) || run.disabled === true) return undefined;
  if (textOf(pluginOf(rollout, index)["name"]) !== run.name) return undefined;
  const isGoing = run.phase === "Running" || run.phase === "Error";
  return isGoing && nowMs >= (dueMs(run) ?? nowMs) ? run : undefined;
}

/** When the entry may be called again; undefined: at once. */
function dueMs({ updatedAt, backoff = "" }: StepEntry): number | undefined {
  const updatedMs = timeMs(updatedAt);
  if (updatedMs === undefined) return undefined;
  return updatedMs + (parseGoDuration(backoff) ?? DEFAULT_BACKOFF_MS);
}

/** When the controller looks again after an answer that is not the last. */
export function wakeMs(entry: StepEntry): number | undefined {
  const ms = dueMs(entry);
  return ms === undefined ? undefined : ms + GRACE_MS;
}

/** `plugin` of a step; whatever people wrote. */
export function pluginOf({ spec }: Rollout, index: number): Fields {
  const { steps } = fieldsOf(fieldsOf(fieldsOf(spec)["strategy"])["canary"]);
  return fieldsOf(fieldsOf(listOf(steps)[index])["plugin"]);
}

export function stepInquiries(rollout: Rollout, nowMs: number): Inquiry[] {
  const entry = dueEntry(rollout, nowMs);
  return entry === undefined ? [] : [inquiryOf(rollout, entry)];
}

function inquiryOf(rollout: Rollout, entry: StepEntry): Inquiry {
  const { index, name: plugin, operation } = entry;
  const step = stepId(rollout, entry);
  const id = callId(rollout, entry);
  const status = told(rollout, entry);
  const question: StepQuestion = {
    kind: STEP_PLUGIN,
    operation,
    plugin,
    id,
    step,
    rollout,
    index,
    config: fieldsOf(pluginOf(rollout, index)["config"]),
    ...(status === undefined ? {} : { status }),
  };
  // The answer is good until it is recorded: then nobody asks any more.
  const maxAgeMs = Number.MAX_SAFE_INTEGER;
  return { id: inquiryId(id), version: id, question, deadlineMs: CALL_MS, maxAgeMs };
}

function inquiryId(id: string): string {
  return `${STEP_PLUGIN}/${id}`;
}

/** What the entry's plugin has answered; undefined: nothing yet. */
export function replyIn(
  rollout: Rollout,
  { answers, nowMs }: { answers: Answers; nowMs: number },
): StepReply | undefined {
  const entry = dueEntry(rollout, nowMs);
  if (entry === undefined) return undefined;
  const answer = answers.get(inquiryId(callId(rollout, entry)));
  if (answer?.state === "failed") return { phase: "Error", message: answer.reason };
  return answer?.state === "answered" ? answer.value as StepReply : undefined;
}

/** Names one call: what is repeated after a crash has the same. */
function callId(rollout: Rollout, entry: StepEntry): string {
  const { operation, executions = 0 } = entry;
  return `${stepId(rollout, entry)}/${operation}/${executions + 1}`;
}

function stepId({ metadata, status = {} }: Rollout, { index }: StepEntry): string {
  const startedAt = entryOf(entriesIn(status), index, "Run")?.startedAt;
  return [metadata.uid, status.currentPodHash, startedAt, index].join("/");
}

/** What a call is told: the status of its last answer, or that of the run that it is about. */
function told({ status = {} }: Rollout, entry: StepEntry): Json | undefined {
  if (entry.operation === "Run") return entry.status;
  return entryOf(entriesIn(status), entry.index, "Run")?.status;
}
