import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace } from "../../../sdk/wire/field_place.ts";
import {
  type Fields,
  fieldsOf,
  isUnset,
  listOf,
  scalarText,
  textOf,
} from "../../../sdk/wire/json.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { PluginRegistry } from "../../../sdk/registry.ts";
import { needsServices, refusalOf, type Routing, routingOf } from "./traffic_routers.ts";
import { validateAntiAffinity } from "./validate_anti_affinity.ts";
import { validateStep } from "./validate_step.ts";

const DEFAULT_MAX_WEIGHT = 100;
/** Quirk(strategy-path): messages leave `canary` out of the path of a canary's fields. */
const CANARY: FieldPlace = Object.freeze({
  path: "spec.strategy",
  location: ["spec", "strategy", "canary"],
});
const TRAFFIC_ROUTING = child(CANARY, "trafficRouting");

/** Everything wrong with the fields of a Rollout's canary strategy. */
export function validateCanary(rollout: Rollout, plugins: PluginRegistry): FieldError[] {
  const canary = fieldsOf(fieldsOf(fieldsOf(rollout.spec)["strategy"])["canary"]);
  const routing = routingOf(rollout, plugins, TRAFFIC_ROUTING.path);
  const { maxTrafficWeight, managedRoutes } = fieldsOf(canary["trafficRouting"]);
  const context = {
    canary: CANARY,
    routing,
    plugins,
    managedRoutes: listOf(managedRoutes).map((route) => textOf(fieldsOf(route)["name"])),
    weightMax: typeof maxTrafficWeight === "number" ? maxTrafficWeight : DEFAULT_MAX_WEIGHT,
  };
  return [
    ...validateSurge(canary),
    ...validateServiceNames(canary),
    ...validatePingPong(canary, routing, plugins),
    ...(routing?.routers ?? []).flatMap(({ router, scope }) => router.specProblems?.(scope) ?? []),
    ...(needsServices(routing) ? validateServicesSet(canary) : []),
    ...(routing === undefined ? validateWithoutRouter(canary) : validateWithRouter(canary)),
    ...validateMaxWeight(maxTrafficWeight, routing, plugins),
    ...listOf(canary["steps"]).flatMap((step, index) => validateStep(step, index, context)),
    ...validateAntiAffinity(canary["antiAffinity"], CANARY),
  ];
}

function validateSurge({ maxSurge, maxUnavailable }: Fields): FieldError[] {
  if (!isZero(maxSurge) || !isZero(maxUnavailable)) return [];
  const detail = "MaxSurge and MaxUnavailable both can not be zero";
  return [invalid(child(CANARY, "maxSurge"), maxSurge, { detail })];
}

/** Text that is no number counts as 0; an absent value has a default and is not. */
function isZero(value: unknown): boolean {
  if (isUnset(value)) return false;
  const text = scalarText(value);
  const isNumber = /^[0-9]+%$/.test(text) || /^[+-]?[0-9]+$/.test(text);
  return !isNumber || Number.parseInt(text, 10) === 0;
}

function validateServiceNames(canary: Fields): FieldError[] {
  const stable = textOf(canary["stableService"]);
  if (stable === "" || stable !== textOf(canary["canaryService"])) return [];
  const detail = "This rollout uses the same service for the stable and canary services, " +
    "but two different services are required.";
  return [invalid(child(CANARY, "stableService"), stable, { detail })];
}

function validatePingPong(
  { pingPong }: Fields,
  routing: Routing | undefined,
  plugins: PluginRegistry,
): FieldError[] {
  if (isUnset(pingPong)) return [];
  const place = child(CANARY, "pingPong");
  const ping = textOf(fieldsOf(pingPong)["pingService"]);
  const pong = textOf(fieldsOf(pingPong)["pongService"]);
  const errors: FieldError[] = [];
  if (routing !== undefined && !routing.can("pingPong")) {
    const { detail, fields } = refusalOf(plugins, "pingPong");
    errors.push(invalid(child(TRAFFIC_ROUTING, ...fields), null, { detail }));
  }
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

function validateServicesSet(canary: Fields): FieldError[] {
  const detail = "Canary service and Stable service must to be set to use Traffic Routing";
  return ["stableService", "canaryService"]
    .filter((name) => textOf(canary[name]) === "")
    .map((name) => invalid(child(CANARY, name), "", { detail }));
}

function validateWithoutRouter(canary: Fields): FieldError[] {
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

function validateWithRouter(canary: Fields): FieldError[] {
  if (canary["dynamicStableScale"] !== true || isUnset(canary["scaleDownDelaySeconds"])) return [];
  const detail = "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds";
  return [invalid(child(CANARY, "dynamicStableScale"), true, { detail })];
}

function validateMaxWeight(
  maxTrafficWeight: unknown,
  routing: Routing | undefined,
  plugins: PluginRegistry,
): FieldError[] {
  if (isUnset(maxTrafficWeight) || routing?.can("maxWeight") === true) return [];
  const { detail } = refusalOf(plugins, "maxWeight");
  return [invalid(child(TRAFFIC_ROUTING, "maxTrafficWeight"), maxTrafficWeight, { detail })];
}
