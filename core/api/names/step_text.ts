import type { CanaryStep } from "../../../sdk/api/rollout.ts";
import { isUnset } from "../../../sdk/wire/json.ts";

/** One step as events and screens name it: `setWeight: 20`, `pause: 10s`, `plugin: org/check`. */
export function stepText(step: CanaryStep): string {
  const { pause, setCanaryScale, setHeaderRoute, setMirrorRoute } = step;
  if (!isUnset(step.setWeight)) return `setWeight: ${step.setWeight}`;
  if (!isUnset(pause)) return isUnset(pause.duration) ? "pause" : `pause: ${pause.duration}`;
  if (!isUnset(step.experiment)) return "experiment";
  if (!isUnset(step.analysis)) return "analysis";
  if (!isUnset(setCanaryScale)) return scaleText(setCanaryScale);
  if (!isUnset(step.plugin)) return `plugin: ${step.plugin.name ?? ""}`;
  if (!isUnset(setHeaderRoute)) return `setHeaderRoute: ${setHeaderRoute["name"] ?? ""}`;
  if (!isUnset(setMirrorRoute)) return `setMirrorRoute: ${setMirrorRoute["name"] ?? ""}`;
  return "invalid";
}

function scaleText(scale: NonNullable<CanaryStep["setCanaryScale"]>): string {
  if (!isUnset(scale.weight)) return `setCanaryScale{weight: ${scale.weight}}`;
  if (!isUnset(scale.replicas)) return `setCanaryScale{replicas: ${scale.replicas}}`;
  return `setCanaryScale{matchTrafficWeight: ${scale.matchTrafficWeight ?? false}}`;
}
