/** What a script can wait for: `healthy`, `phase == Paused`, `step == 3`. */
import type { RolloutPhase } from "../../sdk/api/rollout.ts";
import { ScriptError } from "./script_error.ts";

/** A question about one Rollout that a script waits for to be true. */
export type Condition =
  | { readonly kind: "healthy" }
  | { readonly kind: "phase"; readonly phase: RolloutPhase }
  | { readonly kind: "step"; readonly step: number };

/** What conditions are asked about. */
export interface Observed {
  readonly phase: string;
  readonly step: number;
}

const PHASES: readonly RolloutPhase[] = ["Healthy", "Paused", "Progressing", "Degraded"];

/** @throws {ScriptError} for anything that is not a condition. */
export function parseCondition(text: string): Condition {
  if (text.trim() === "healthy") return { kind: "healthy" };
  const [, subject, value = ""] = /^\s*(phase|step)\s*==\s*(\S+)\s*$/.exec(text) ?? [];
  const phase = PHASES.find((name) => name === value);
  if (subject === "phase" && phase !== undefined) return { kind: "phase", phase };
  if (subject === "step" && /^\d+$/.test(value)) return { kind: "step", step: Number(value) };
  throw new ScriptError(
    `invalid condition "${text}"; write healthy, step == N, or phase == ${PHASES.join("|")}`,
  );
}

/** Whether a Rollout that stands like this meets the condition. */
export function isMet(condition: Condition, observed: Observed): boolean {
  switch (condition.kind) {
    case "healthy":
      return observed.phase === "Healthy";
    case "phase":
      return observed.phase === condition.phase;
    case "step":
      return observed.step === condition.step;
  }
}
