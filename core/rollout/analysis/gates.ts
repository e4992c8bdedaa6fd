/** What analyses hold back: a step, the cutover of a blue-green, its completion. */
import type { CanaryStep } from "../../../sdk/api/rollout.ts";
import { fieldsOf, isUnset, listOf } from "../../../sdk/wire/json.ts";
import { isCompleted } from "../../analysis/mod.ts";
import { type BlueGreen, type Facts, isBlueGreen } from "../situation.ts";
import type { RunRecord, RunType } from "./runs.ts";

/** True for a part of a strategy that names templates. */
export function namesTemplates(analysis: unknown): boolean {
  return listOf(fieldsOf(analysis)["templates"]).length > 0;
}

/** True for a step with an analysis; it may last for ever. */
export function hasAnalysis(step: CanaryStep | undefined): boolean {
  return !isUnset(step?.["analysis"]);
}

/** True for a step that is complete once its run is successful; others go on beside theirs. */
export function awaitsRun(step: CanaryStep): boolean {
  return hasAnalysis(step) && step.setWeight === undefined && isUnset(step.setCanaryScale);
}

export function isSuccessful(record: RunRecord | undefined): boolean {
  return record?.status === "Successful";
}

/** True while the cutover waits for the analysis before it. */
export function awaitsPrePromotion({ state, strategy }: Facts<BlueGreen>): boolean {
  return namesTemplates(strategy.spec["prePromotionAnalysis"]) &&
    !isSuccessful(state.runs.PrePromotion);
}

/** True while the update waits for the analysis after the cutover. */
export function awaitsPostPromotion({ state, strategy }: Facts<BlueGreen>): boolean {
  return namesTemplates(strategy.spec["postPromotionAnalysis"]) &&
    !isSuccessful(state.runs.PostPromotion);
}

/** True while a blue-green waits for a run: however long that takes, no pod is late. */
export function isMeasuring(facts: Facts): boolean {
  if (!isBlueGreen(facts)) return false;
  const { PrePromotion, PostPromotion } = facts.state.runs;
  return [PrePromotion, PostPromotion].some((record) =>
    record !== undefined && !isCompleted(record.status === "" ? undefined : record.status)
  );
}

/** What is being waited for, as a sentence. */
export function waitingText(type: RunType, record: RunRecord | undefined): string {
  const what = {
    Step: "step",
    Background: "background",
    PrePromotion: "pre-promotion",
    PostPromotion: "post-promotion",
  }[type];
  return record === undefined
    ? `waiting for the ${what} analysis to begin`
    : `waiting for the ${what} analysis ${record.name}` +
      (record.status === "" ? "" : `: ${record.status}`);
}
