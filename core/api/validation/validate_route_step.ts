/** What a canary step may say about routes and experiment weights, and with which router. */
import { type FieldError, invalid, required } from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace, item } from "../../../sdk/wire/field_place.ts";
import { goJson } from "../hash/go_json.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import {
  HEADER_ROUTE_FIELDS,
  MIRROR_ROUTE_FIELDS,
  STRING_MATCH_FIELDS,
} from "../hash/step_fields.ts";
import { hasRouterOf, type RouterField } from "./traffic_routers.ts";

/** What a step's validity depends on besides the step. */
export interface StepContext {
  readonly canary: FieldPlace;
  /** Undefined without `trafficRouting`. */
  readonly routers: ReadonlySet<RouterField> | undefined;
  /** Names of the routes that steps may use. */
  readonly managedRoutes: readonly string[];
  /** The largest weight, 100 unless the router has another. */
  readonly weightMax: number;
}

/** Everything wrong with the parts of a step that only some traffic routers can do. */
export function validateRouteStep(
  step: Fields,
  place: FieldPlace,
  context: StepContext,
): FieldError[] {
  return [
    ...validateScale(step, context),
    ...validateHeaderRoute(step["setHeaderRoute"], child(place, "setHeaderRoute"), context),
    ...validateMirrorRoute(step["setMirrorRoute"], child(place, "setMirrorRoute"), context),
    ...validateRouteNames(step, place, context),
    ...validateExperimentWeights(step["experiment"], child(place, "experiment"), context),
  ];
}

function validateScale({ setCanaryScale }: Fields, { canary, routers }: StepContext): FieldError[] {
  if (isUnset(setCanaryScale) || routers !== undefined) return [];
  return [
    required(child(canary, "trafficRouting"), "SetCanaryScale requires TrafficRouting to be set"),
  ];
}

function validateHeaderRoute(
  route: unknown,
  place: FieldPlace,
  { routers }: StepContext,
): FieldError[] {
  if (isUnset(route)) return [];
  if (!hasRouterOf(routers, "istio", "alb", "apisix", "plugins")) {
    return [invalid(place, route, {
      detail: "SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix",
      shown: goJson(route, HEADER_ROUTE_FIELDS),
    })];
  }
  const isAlb = hasRouterOf(routers, "alb");
  return listOf(fieldsOf(route)["match"]).flatMap((match, index) => {
    const { headerValue } = fieldsOf(match);
    const at = item(child(place, "match"), index);
    if (isUnset(headerValue)) return [invalid(at, null, { detail: MATCH_MISSED })];
    if (!isAlb) return validateMatch(headerValue, at);
    const { exact, prefix, regex } = fieldsOf(headerValue);
    if (textOf(exact) !== "" && textOf(prefix) === "" && textOf(regex) === "") return [];
    const detail = "SetHeaderRoute match value invalid. ALB supports 'exact' value only";
    return [invalid(at, headerValue, { detail, shown: goJson(headerValue, STRING_MATCH_FIELDS) })];
  });
}

const MATCH_MISSED =
  "StringMatch value missed, match value must have one of the following: exact, regex, prefix";
const MATCH_MULTIPLE =
  "StringMatch match value must have exactly one of the following: exact, regex, prefix";

function validateMatch(match: unknown, place: FieldPlace): FieldError[] {
  const { exact, prefix, regex } = fieldsOf(match);
  const count = [exact, prefix, regex].filter((value) => textOf(value) !== "").length;
  if (count === 1) return [];
  const detail = count === 0 ? MATCH_MISSED : MATCH_MULTIPLE;
  return [invalid(place, match, { detail, shown: goJson(match, STRING_MATCH_FIELDS) })];
}

function validateMirrorRoute(
  route: unknown,
  place: FieldPlace,
  { routers }: StepContext,
): FieldError[] {
  if (isUnset(route)) return [];
  const errors: FieldError[] = [];
  if (!hasRouterOf(routers, "istio", "plugins")) {
    errors.push(invalid(place, route, {
      detail: "SetMirrorRoute requires TrafficRouting, supports Istio and Plugins",
      shown: goJson(route, MIRROR_ROUTE_FIELDS),
    }));
  }
  const matches = listOf(fieldsOf(route)["match"]).flatMap((match, index) => {
    const { method, path } = fieldsOf(match);
    const at = item(child(place, "match"), index);
    // Quirk(mirror-match-twice): the method is judged twice, headers are not judged at all.
    return [method, path, method]
      .filter((value) => !isUnset(value))
      .flatMap((value) => validateMatch(value, at));
  });
  return [...errors, ...matches];
}

function validateRouteNames(step: Fields, place: FieldPlace, context: StepContext): FieldError[] {
  const { canary, routers, managedRoutes } = context;
  const kinds = ["setHeaderRoute", "setMirrorRoute"].filter((kind) => !isUnset(step[kind]));
  if (routers === undefined || kinds.length === 0) return [];
  if (managedRoutes.length === 0) {
    const detail = "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'";
    return [required(child(canary, "trafficRouting", "managedRoutes"), detail)];
  }
  const detail = "Steps define a route that does not exist in " +
    "spec.strategy.canary.trafficRouting.managedRoutes";
  return kinds
    .map((kind) => ({ kind, name: textOf(fieldsOf(step[kind])["name"]) }))
    .filter(({ name }) => !managedRoutes.includes(name))
    .map(({ kind, name }) => invalid(child(place, kind), name, { detail }));
}

function validateExperimentWeights(
  experiment: unknown,
  place: FieldPlace,
  { routers }: StepContext,
): FieldError[] {
  if (hasRouterOf(routers, "smi", "alb", "istio", "plugins")) return [];
  const detail = routers === undefined
    ? "Experiment template weight cannot be set unless TrafficRouting is enabled"
    : "Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and " +
      "Plugins at this time";
  return listOf(fieldsOf(experiment)["templates"]).flatMap((template, index) => {
    const { weight } = fieldsOf(template);
    if (isUnset(weight)) return [];
    return [invalid(child(item(child(place, "templates"), index), "weight"), weight, { detail })];
  });
}
