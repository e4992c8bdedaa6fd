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
import type { PluginRegistry } from "../../../sdk/registry.ts";
import { refusalOf, type Routing } from "./traffic_routers.ts";

/** What a step's validity depends on besides the step. */
export interface StepContext {
  readonly canary: FieldPlace;
  /** Undefined without `trafficRouting`. */
  readonly routing: Routing | undefined;
  readonly plugins: PluginRegistry;
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

function validateScale({ setCanaryScale }: Fields, { canary, routing }: StepContext): FieldError[] {
  if (isUnset(setCanaryScale) || routing !== undefined) return [];
  return [
    required(child(canary, "trafficRouting"), "SetCanaryScale requires TrafficRouting to be set"),
  ];
}

function validateHeaderRoute(
  route: unknown,
  place: FieldPlace,
  { routing, plugins }: StepContext,
): FieldError[] {
  if (isUnset(route)) return [];
  if (routing?.can("headerRoutes") !== true) {
    return [invalid(place, route, {
      detail: refusalOf(plugins, "headerRoutes").detail,
      shown: goJson(route, HEADER_ROUTE_FIELDS),
    })];
  }
  const problemOf = routing.routers
    .map(({ router }) => router.headerMatchProblem)
    .find((problem) => problem !== undefined);
  return listOf(fieldsOf(route)["match"]).flatMap((match, index) => {
    const { headerValue } = fieldsOf(match);
    const at = item(child(place, "match"), index);
    if (isUnset(headerValue)) return [invalid(at, null, { detail: MATCH_MISSED })];
    if (problemOf === undefined) return validateMatch(headerValue, at);
    const detail = problemOf(headerValue);
    if (detail === undefined) return [];
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
  { routing, plugins }: StepContext,
): FieldError[] {
  if (isUnset(route)) return [];
  const errors: FieldError[] = [];
  if (routing?.can("mirrorRoutes") !== true) {
    errors.push(invalid(place, route, {
      detail: refusalOf(plugins, "mirrorRoutes").detail,
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
  const { canary, routing, managedRoutes } = context;
  const kinds = ["setHeaderRoute", "setMirrorRoute"].filter((kind) => !isUnset(step[kind]));
  if (routing === undefined || kinds.length === 0) return [];
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
  { routing, plugins }: StepContext,
): FieldError[] {
  if (routing?.can("additionalDestinations") === true) return [];
  const detail = routing === undefined
    ? "Experiment template weight cannot be set unless TrafficRouting is enabled"
    : refusalOf(plugins, "additionalDestinations").detail;
  return listOf(fieldsOf(experiment)["templates"]).flatMap((template, index) => {
    const { weight } = fieldsOf(template);
    if (isUnset(weight)) return [];
    return [invalid(child(item(child(place, "templates"), index), "weight"), weight, { detail })];
  });
}
