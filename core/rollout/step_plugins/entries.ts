/**
 * What step plugins have been asked to do, as `status.canary.stepPluginStatuses` records it: an
 * entry for each step that was run, and one for each of them that was ended early or undone. A call
 * is recorded before it is made: what the status does not know was never begun.
 */
import type { RolloutStatus } from "../../../sdk/api/rollout.ts";
import { fieldsOf, isFields, type Json, listOf, textOf } from "../../../sdk/wire/json.ts";

/** What a plugin is asked to do with a step. */
export type Operation = "Run" | "Terminate" | "Abort";

export type EntryPhase = "Running" | "Successful" | "Failed" | "Error";

/** One entry of `stepPluginStatuses`. */
export interface StepEntry {
  /** Of the step, from 0. */
  readonly index: number;
  /** Of the plugin. */
  readonly name: string;
  readonly operation: Operation;
  readonly phase: EntryPhase;
  readonly message?: string;
  readonly startedAt?: string;
  /** When it was last called; absent: it has not answered yet. */
  readonly updatedAt?: string;
  readonly finishedAt?: string;
  /** A Go duration: how long from `updatedAt` until it is called again. */
  readonly backoff?: string;
  /** How many calls were answered. */
  readonly executions?: number;
  readonly disabled?: boolean;
  /** What the plugin wants to be told next time. */
  readonly status?: Json;
}

const OPERATIONS: readonly string[] = ["Run", "Terminate", "Abort"];
const PHASES: readonly string[] = ["Running", "Successful", "Failed", "Error"];

/** The entries of a status; what cannot be read is left out. */
export function entriesIn({ canary }: RolloutStatus): readonly StepEntry[] {
  const entries = listOf(fieldsOf(canary)["stepPluginStatuses"]);
  return entries.filter((entry): entry is StepEntry => {
    if (!isFields(entry)) return false;
    const { index, operation, phase } = entry;
    return Number.isInteger(index) && OPERATIONS.includes(textOf(operation)) &&
      PHASES.includes(textOf(phase));
  });
}

/** The last entry of a step with this operation. */
export function entryOf(
  entries: readonly StepEntry[],
  index: number,
  operation: Operation,
): StepEntry | undefined {
  return entries.findLast((entry) => entry.index === index && entry.operation === operation);
}

/** True while the plugin is still to be called for this entry, which is not about running. */
export function isOutstanding({ operation, executions = 0 }: StepEntry): boolean {
  return operation !== "Run" && executions === 0;
}

/** True for a run that is over, whether by itself or because it was ended. */
export function isRunOver(entries: readonly StepEntry[], index: number): boolean {
  const run = entryOf(entries, index, "Run");
  if (run === undefined) return false;
  if (run.disabled === true || run.phase === "Successful" || run.phase === "Failed") return true;
  return run.phase === "Running" && isEnded(entries, index);
}

/** True for a step that somebody has begun to end early, or to undo. */
export function isEnded(entries: readonly StepEntry[], index: number): boolean {
  return entries.some((entry) => entry.index === index && entry.operation !== "Run");
}

/** The entries, with this one in the place of another. */
export function replaced(
  entries: readonly StepEntry[],
  before: StepEntry,
  after: StepEntry,
): readonly StepEntry[] {
  return entries.map((entry) => entry === before ? after : entry);
}
