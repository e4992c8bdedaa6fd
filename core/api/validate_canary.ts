import type { IntOrString } from "../../sdk/api/rollout.ts";
import { type FieldError, invalid } from "./field_error.ts";
import { child, type FieldPlace } from "./field_place.ts";
import { fieldsOf, isUnset, listOf, textOf } from "./json_shape.ts";
import { validateAntiAffinity } from "./validate_anti_affinity.ts";
import { validateStep } from "./validate_step.ts";

const DEFAULT_MAX_WEIGHT = 100;
/** Quirk(strategy-path): messages leave `canary` out of the path of a canary's fields. */
const CANARY: FieldPlace = Object.freeze({
  path: "spec.strategy",
  location: ["spec", "strategy", "canary"],
});

/** Everything wrong with the fields of a canary strategy, routers' own fields aside. */
export function validateCanary(canary: Record<string, unknown>): FieldError[] {
  const hasRouter = !isUnset(canary["trafficRouting"]);
  const { maxTrafficWeight } = fieldsOf(canary["trafficRouting"]);
  const context = {
    canary: CANARY,
    hasRouter,
    weightMax: typeof maxTrafficWeight === "number" ? maxTrafficWeight : DEFAULT_MAX_WEIGHT,
  };
  return [
    ...validateSurge(canary),
    ...validateServiceNames(canary),
    ...validatePingPong(canary["pingPong"]),
    ...(hasRouter ? validateWithRouter(canary) : validateWithoutRouter(canary)),
    ...listOf(canary["steps"]).flatMap((step, index) => validateStep(step, index, context)),
    ...validateAntiAffinity(canary["antiAffinity"], CANARY),
  ];
}

function validateSurge({ maxSurge, maxUnavailable }: Record<string, unknown>): FieldError[] {
  if (!isZero(maxSurge) || !isZero(maxUnavailable)) return [];
  const detail = "MaxSurge and MaxUnavailable both can not be zero";
  return [invalid(child(CANARY, "maxSurge"), maxSurge, { detail })];
}

/** Text that is no number counts as 0; an absent value has a default and is not. */
function isZero(value: unknown): boolean {
  if (isUnset(value)) return false;
  const text = String(value as IntOrString);
  const isNumber = /^[0-9]+%$/.test(text) || /^[+-]?[0-9]+$/.test(text);
  return !isNumber || Number.parseInt(text, 10) === 0;
}

function validateServiceNames(canary: Record<string, unknown>): FieldError[] {
  const stable = textOf(canary["stableService"]);
  if (stable === "" || stable !== textOf(canary["canaryService"])) return [];
  const detail = "This rollout uses the same service for the stable and canary services, " +
    "but two different services are required.";
  return [invalid(child(CANARY, "stableService"), stable, { detail })];
}

function validatePingPong(pingPong: unknown): FieldError[] {
  if (isUnset(pingPong)) return [];
  const place = child(CANARY, "pingPong");
  const ping = textOf(fieldsOf(pingPong)["pingService"]);
  const pong = textOf(fieldsOf(pingPong)["pongService"]);
  const errors: FieldError[] = [];
  const missing = "Ping service and Pong service must to be set to use Ping-Pong feature";
  if (ping === "") errors.push(invalid(child(place, "pingService"), ping, { detail: missing }));
  if (pong === "") errors.push(invalid(child(place, "pongService"), pong, { detail: missing }));
  if (ping === pong) {
    const detail = "This rollout uses the same service for the ping and pong services, " +
      "but two different services are required.";
    errors.push(invalid(child(place, "pingService"), ping, { detail }));
  }
  return errors;
}

function validateWithoutRouter(canary: Record<string, unknown>): FieldError[] {
  const { scaleDownDelaySeconds, dynamicStableScale } = canary;
  const errors: FieldError[] = [];
  if (!isUnset(scaleDownDelaySeconds)) {
    const detail = "Canary scaleDownDelaySeconds can only be used with traffic routing";
    const place = child(CANARY, "scaleDownDelaySeconds");
    errors.push(invalid(place, scaleDownDelaySeconds, { detail }));
  }
  if (dynamicStableScale === true) {
    const detail = "Canary dynamicStableScale can only be used with traffic routing";
    errors.push(invalid(child(CANARY, "dynamicStableScale"), true, { detail }));
  }
  return errors;
}

function validateWithRouter(canary: Record<string, unknown>): FieldError[] {
  if (canary["dynamicStableScale"] !== true || isUnset(canary["scaleDownDelaySeconds"])) return [];
  const detail = "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds";
  return [invalid(child(CANARY, "dynamicStableScale"), true, { detail })];
}
