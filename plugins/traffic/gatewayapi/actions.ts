/** The Gateway API at work: weights of backends, and rules for headers, in routes of four kinds. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import type {
  ObserveCall,
  PlanCall,
  ReleaseCall,
  RoutePlan,
  RouterScope,
  SeenRoute,
  SeenTraffic,
} from "../../../sdk/traffic_router.ts";
import type { LazyActions } from "../lazily.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { type PatchWrite, refOf } from "../../../sdk/wire/write.ts";
import {
  canaryServices,
  isNamedByStep,
  routingFieldsOf,
  type SideServices,
  sidesIn,
  sidesNow,
  sidesSeen,
} from "../canary.ts";
import { isEqual, JsonEdits } from "../json_edits.ts";
import { isTakingBack, planAround } from "../taking_back.ts";
import { headerRules, isManagedRule } from "./header_rules.ts";
import {
  backendsOf,
  configuredRoutes,
  type FoundRoute,
  foundRoutes,
  ROUTE_KINDS,
  rulesOf,
  weightOf,
} from "./routes.ts";

const LABEL_KEY = "rollouts.argoproj.io/gatewayapi-canary";
const LABEL_VALUE = "in-progress";

/** The routes as they were. */
export interface GatewaySeen extends SeenTraffic {
  readonly objects: readonly KubeObject[];
}

export const gatewayActions: LazyActions<Fields, GatewaySeen> = Object.freeze({
  observe: (call: ObserveCall) => Promise.resolve(observe(call)),
  plan: (call: PlanCall<Fields, GatewaySeen>) => Promise.resolve(plan(call)),
  release: (call: ReleaseCall<Fields, GatewaySeen>) => Promise.resolve(release(call)),
});

function observe({ scope, objects }: ObserveCall): GatewaySeen {
  const { found } = foundRoutes(scope, objects);
  const services = sidesNow(scope.rollout);
  const managed = managedNames(scope);
  const canaries = canaryServices(scope.rollout);
  const isOurs = (rule: Fields) =>
    backendsOf(rule).some((backend) => isSide(backend, services)) &&
    !isManagedRule(rule, managed, canaries);
  const routes = found.flatMap((route) =>
    rulesOf(route.object).flatMap((rule, index) =>
      isOurs(rule) ? [{ ...seenRule(route, rule, index), ...sidesSeen(scope.rollout) }] : []
    )
  );
  return { routes, objects: found.map(({ object }) => object) };
}

function seenRule({ kind, object }: FoundRoute, rule: Fields, index: number): SeenRoute {
  const weights = backendsOf(rule)
    .map((backend): [string, number] => [textOf(backend["name"]), weightOf(backend)]);
  return {
    type: kind.resource,
    ref: refOf(object),
    route: textOf(rule["name"]) || `rules[${index}]`,
    weights: Object.fromEntries(weights),
  };
}

function managedNames({ rollout }: RouterScope): string[] {
  return listOf(routingFieldsOf(rollout)["managedRoutes"])
    .map((route) => textOf(fieldsOf(route)["name"]));
}

function isSide(backend: Fields, { stable, canary }: SideServices): boolean {
  const name = textOf(backend["name"]);
  return name === stable || name === canary;
}

function plan({ scope, seen, intent }: PlanCall<Fields, GatewaySeen>): RoutePlan {
  const { found, missing } = foundRoutes(scope, seen.objects);
  const faults = missing.map(({ kind: { resource: { plural, group } }, name }) =>
    problem(`${plural}.${group} "${name}" not found`)
  );
  if (found.length + missing.length === 0) return problem(noRoutesText(scope));
  const writes: PatchWrite[] = [];
  for (const route of found) {
    const edits = new JsonEdits(route.object);
    const wrong = weigh(edits, { route, scope, intent });
    if (wrong !== undefined) {
      faults.push(problem(wrong));
      continue;
    }
    if (route.kind.hasHeaders) planHeaders(edits, { route, scope, intent });
    label(edits, { scope, isBusy: isBusy(intent) });
    writes.push(...patchOf(route, edits));
  }
  return planAround(writes, faults, isTakingBack(seen, intent));
}

function problem(message: string): RoutePlan {
  return { problem: { message } };
}

function noRoutesText({ config }: RouterScope): string {
  const hasSelector = ROUTE_KINDS.some(({ field }) => config[`${field}Selector`] !== undefined);
  if (hasSelector || configuredRoutes(config).length > 0) return "No routes match the selectors.";
  const fields = ROUTE_KINDS.flatMap(({ field }) => [field, `${field}s`, `${field}Selector`]);
  return `No routes configured. At least one of ${fields.join(", ")} must be set.`;
}

interface RouteContext {
  readonly route: FoundRoute;
  readonly scope: RouterScope;
  readonly intent: TrafficIntent;
}

/** Weights in every rule that leads to both sides; what is wrong, as a sentence. */
function weigh(edits: JsonEdits, { route, scope, intent }: RouteContext): string | undefined {
  const services = sidesIn(scope.rollout, intent);
  const missing = `backendRef was not found in ${route.kind.field}`;
  let isFound = false;
  rulesOf(edits.copy).forEach((rule, index) => {
    if (!hasBothSides(rule, services)) return;
    isFound = true;
    weighRule(edits, { index, services, intent, scope });
  });
  return isFound ? undefined : missing;
}

/**
 * True for a destination of an experiment that is over. The status may name it still, or not yet,
 * where the process ended or the Rollout went before it was reported.
 */
function isFormer(name: string, { rollout }: RouterScope, { additional }: TrafficIntent): boolean {
  if (additional.some(({ service }) => service === name)) return false;
  const weights = fieldsOf(fieldsOf(fieldsOf(rollout.status)["canary"])["weights"]);
  const names = listOf(weights["additional"])
    .map((destination) => textOf(fieldsOf(destination)["serviceName"]));
  return names.includes(name) || isNamedByStep(name, rollout.metadata.name);
}

function hasBothSides(rule: Fields, { stable, canary }: SideServices): boolean {
  const names = backendsOf(rule).map((backend) => textOf(backend["name"]));
  return names.includes(stable) && names.includes(canary);
}

/** A rule's own backends beside the two sides keep their weights: the maximum is the sides' sum. */
function weighRule(
  edits: JsonEdits,
  { index, services, intent, scope }: {
    index: number;
    services: SideServices;
    intent: TrafficIntent;
    scope: RouterScope;
  },
): void {
  const place = ["spec", "rules", index, "backendRefs"];
  const backends = () => backendsOf(rulesOf(edits.copy)[index] ?? {});
  const wanted = new Map([
    ...intent.additional.map(({ service, weight }): [string, number] => [service, weight]),
    [services.canary, intent.canary.weight] as const,
    [services.stable, intent.stable.weight] as const,
  ]);
  backends().forEach((backend, at) => {
    const weight = wanted.get(textOf(backend["name"]));
    if (weight !== undefined && backend["weight"] !== weight) {
      edits.set([...place, at, "weight"], weight);
    }
  });
  for (let at = backends().length - 1; at >= 0; at--) {
    if (isFormer(textOf(backends()[at]?.["name"]), scope, intent)) edits.remove([...place, at]);
  }
  const stable = backends().find((each) => textOf(each["name"]) === services.stable);
  const present = new Set(backends().map((backend) => textOf(backend["name"])));
  for (const { service, weight } of intent.additional) {
    if (present.has(service)) continue;
    const { port } = stable ?? {};
    const backend = {
      group: "",
      kind: "Service",
      name: service,
      ...(port === undefined ? {} : { port }),
      weight,
    };
    edits.insert([...place, backends().length], backend);
  }
}

/** Rules for headers stand at the end, in the order of `managedRoutes`. */
function planHeaders(edits: JsonEdits, { route, scope, intent }: RouteContext): void {
  const services = sidesIn(scope.rollout, intent);
  const sources = rulesOf(edits.copy).filter((rule) => hasBothSides(rule, services));
  const wanted = route.usesHeaders
    ? intent.headerRoutes.flatMap((header) => headerRules(header, sources, services.canary))
    : [];
  const canaries = canaryServices(scope.rollout);
  const isManaged = (rule: Fields) => isManagedRule(rule, intent.managedRoutes, canaries);
  const present = rulesOf(edits.copy).filter(isManaged);
  if (present.length === wanted.length && present.every((rule, at) => isSame(rule, wanted[at]))) {
    return;
  }
  for (let index = rulesOf(edits.copy).length - 1; index >= 0; index--) {
    if (isManaged(rulesOf(edits.copy)[index] ?? {})) edits.remove(["spec", "rules", index]);
  }
  for (const rule of wanted) {
    edits.insert(["spec", "rules", rulesOf(edits.copy).length], rule);
  }
}

/** What the server adds to a rule (a weight, a path that matches all) makes it no other. */
function isSame(present: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return Array.isArray(present) && present.length === wanted.length &&
      wanted.every((item, index) => isSame(present[index], item));
  }
  const fields = fieldsOf(wanted);
  if (typeof wanted !== "object" || wanted === null) return isEqual(present, wanted);
  return Object.entries(fields).every(([name, value]) => isSame(fieldsOf(present)[name], value));
}

function isBusy({ canary, headerRoutes }: TrafficIntent): boolean {
  return canary.weight > 0 || headerRoutes.length > 0;
}

/** The label that says that a canary runs; what somebody else wrote there stays. */
function label(
  edits: JsonEdits,
  { scope, isBusy: isWanted }: { scope: RouterScope; isBusy: boolean },
): void {
  const { config } = scope;
  if (config["disableInProgressLabel"] === true) return;
  const key = textOf(config["inProgressLabelKey"]) || LABEL_KEY;
  const value = textOf(config["inProgressLabelValue"]) || LABEL_VALUE;
  const metadata = fieldsOf(edits.copy["metadata"]);
  const labels = fieldsOf(metadata["labels"]);
  const place = ["metadata", "labels"];
  if (!isWanted) {
    // A route that several Rollouts share stays labelled while another one's canary has weight.
    if (labels[key] !== value || hasOtherCanary(edits.copy, scope)) return;
    edits.removeLast([...place, key]);
  } else if (metadata["labels"] === undefined) edits.set(place, { [key]: value });
  else edits.set([...place, key], value);
}

/** Two backends share a rule's traffic, and neither is this Rollout's. */
function hasOtherCanary(route: Fields, { rollout }: RouterScope): boolean {
  const services = sidesNow(rollout);
  return rulesOf(route).some((rule) => {
    const others = backendsOf(rule).filter((backend) => !isSide(backend, services));
    return others.length > 1 && others.filter((backend) => weightOf(backend) > 0).length > 1;
  });
}

function release({ scope, seen }: ReleaseCall<Fields, GatewaySeen>): RoutePlan {
  const { stable, canary } = sidesNow(scope.rollout);
  const intent: TrafficIntent = {
    maxWeight: 100,
    stable: { service: stable, podTemplateHash: "", weight: 100 },
    canary: { service: canary, podTemplateHash: "", weight: 0 },
    additional: [],
    managedRoutes: managedNames(scope),
    headerRoutes: [],
    mirrorRoutes: [],
  };
  const writes = foundRoutes(scope, seen.objects).found.flatMap((route) => {
    const edits = new JsonEdits(route.object);
    weigh(edits, { route, scope, intent });
    if (route.kind.hasHeaders) planHeaders(edits, { route, scope, intent });
    label(edits, { scope, isBusy: false });
    return patchOf(route, edits);
  });
  return { writes };
}

function patchOf({ kind, object }: FoundRoute, edits: JsonEdits): PatchWrite[] {
  if (edits.isEmpty) return [];
  const { resourceVersion } = object.metadata;
  return [{
    verb: "patch",
    type: kind.resource,
    ref: refOf(object),
    patch: { type: "json", body: edits.operations },
    ...(resourceVersion === undefined ? {} : { decidedOn: resourceVersion }),
  }];
}
