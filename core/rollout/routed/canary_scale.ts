/** The `setCanaryScale` step that is in force, and what it asks for. */
import type { CanaryStep } from "../../../sdk/api/rollout.ts";
import type { CanaryScale } from "./sizes.ts";

/**
 * What the nearest `setCanaryScale` at or before the current step asks for; undefined: pods follow
 * the weight, since there is none, since it says so, or since all steps are done.
 */
export function canaryScaleAt(
  steps: readonly CanaryStep[],
  stepIndex: number | undefined,
): CanaryScale | undefined {
  if (stepIndex === undefined || stepIndex >= steps.length) return undefined;
  const scale = steps.slice(0, stepIndex + 1).findLast(hasScale)?.setCanaryScale;
  if (scale === undefined || scale.matchTrafficWeight === true) return undefined;
  if (typeof scale.replicas === "number") return { pods: scale.replicas };
  return typeof scale.weight === "number" ? { weight: scale.weight } : undefined;
}

function hasScale({ setCanaryScale }: CanaryStep): boolean {
  return setCanaryScale !== undefined && setCanaryScale !== null;
}
