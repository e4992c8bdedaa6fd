/** Which conditions of a trigger are met. */
import { Budget, ConditionError } from "../analysis/condition/mod.ts";
import type { NotificationConfig, TriggerCondition } from "./config.ts";
import { isBroken } from "./config.ts";
import { type Facts, variablesOf } from "./facts.ts";
import { NOT_THERE } from "./names.ts";

/** A condition, and whether it is met now. */
export interface Judged {
  readonly condition: TriggerCondition;
  readonly isMet: boolean;
  /** The value of `oncePer`; empty: there is none. */
  readonly oncePer: string;
}

/** What became of a trigger: its conditions, or why it cannot be looked at. */
export type TriggerResult =
  | { readonly conditions: readonly Judged[] }
  | { readonly error: string; readonly isUnknown: boolean };

export interface EvaluationOptions {
  readonly config: NotificationConfig;
  readonly facts: Facts;
  readonly nowMs: number;
  /** What a condition without an expression comes to. */
  readonly isEmptyMet: boolean;
  /** What all conditions that share it may do together. */
  readonly budget?: Budget;
}

/** Evaluates all conditions of a trigger; one whose evaluation fails is not met. */
export function evaluateTrigger(
  name: string,
  { config, facts, nowMs, isEmptyMet, budget = new Budget() }: EvaluationOptions,
): TriggerResult {
  const trigger = config.triggers.get(name);
  if (trigger === undefined) return { error: NOT_THERE.trigger(name), isUnknown: true };
  if (isBroken(trigger)) return { error: trigger.error, isUnknown: false };
  const values = variablesOf(facts, config.raw.secrets);
  const ports = { nowMs: () => nowMs, budget };
  const conditions = trigger.map((condition): Judged => {
    const { when, oncePer } = condition;
    return {
      condition,
      isMet: when === undefined
        ? isEmptyMet
        : orUndefined(() => when.evaluate(values, ports)) === true,
      oncePer: oncePer === undefined ? "" : orUndefined(() => oncePer.text(values, ports)) ?? "",
    };
  });
  return { conditions };
}

function orUndefined<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}
