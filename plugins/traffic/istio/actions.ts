/** Istio at work: what its objects say, and the writes that make an intent true. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import type {
  ObserveCall,
  PlanCall,
  ReleaseCall,
  RoutedResource,
  RoutePlan,
  RouterScope,
  SeenRoute,
  SeenTraffic,
} from "../../../sdk/traffic_router.ts";
import type { LazyActions } from "../lazily.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { type EventDraft, type PatchWrite, refOf } from "../../../sdk/wire/write.ts";
import { sidesIn, sidesNow, sidesSeen } from "../canary.ts";
import type { JsonEdits } from "../json_edits.ts";
import { isTakingBack, planAround } from "../taking_back.ts";
import { DESTINATION_RULES } from "./destination_rule.ts";
import {
  HASH_LABEL,
  planDestinationRule,
  releaseDestinationRule,
} from "./plan_destination_rule.ts";
import {
  hostOf,
  planVirtualService,
  type Sides,
  type VirtualServicePlan,
  weightOf,
} from "./plan_virtual_service.ts";
import { selectedRoutes } from "./route_selection.ts";
import {
  managedRoutesOf,
  subsetSidesOf,
  VIRTUAL_SERVICES,
  virtualServiceEntries,
} from "./virtual_services.ts";

/** The objects as they were. */
export interface IstioSeen extends SeenTraffic {
  readonly virtualServices: readonly KubeObject[];
  readonly destinationRules: readonly KubeObject[];
}

export const istioActions: LazyActions<Fields, IstioSeen> = Object.freeze({
  observe: (call: ObserveCall) => Promise.resolve(observe(call)),
  plan: (call: PlanCall<Fields, IstioSeen>) => Promise.resolve(plan(call)),
  release: (call: ReleaseCall<Fields, IstioSeen>) => Promise.resolve(release(call)),
});

function observe({ scope, objects }: ObserveCall): IstioSeen {
  const virtualServices = objects.filter(({ kind }) => kind === VIRTUAL_SERVICES.kind);
  const destinationRules = objects.filter(({ kind }) => kind === DESTINATION_RULES.kind);
  const routes = virtualServiceEntries(scope).flatMap(({ config, ...named }) => {
    const object = find(virtualServices, { ...named, scope });
    return object === undefined ? [] : seenRoutes(object, config, scope);
  });
  return { routes, virtualServices, destinationRules };
}

function seenRoutes(object: KubeObject, config: Fields, scope: RouterScope): SeenRoute[] {
  const hasSubsets = !isUnset(scope.config["destinationRule"]);
  return (["http", "tls", "tcp"] as const).flatMap((kind) => {
    const routes = listOf(fieldsOf(object["spec"])[kind]).map(fieldsOf);
    const managed = managedRoutesOf(scope);
    return selectedRoutes(kind, routes, { config, managed }).map((index): SeenRoute => {
      const route = routes[index] ?? {};
      const weights = listOf(route["route"]).map(fieldsOf).map((entry): [string, number] => {
        const subset = textOf(fieldsOf(entry["destination"])["subset"]);
        return [hasSubsets && subset !== "" ? subset : hostOf(entry), weightOf(entry)];
      });
      return {
        type: VIRTUAL_SERVICES,
        ref: refOf(object),
        route: textOf(route["name"]) || `${kind}[${index}]`,
        weights: Object.fromEntries(weights),
        ...namesSeen(scope),
      };
    });
  });
}

/** The names of the two sides in weights, where they do not follow from the intent. */
function namesSeen({ config, rollout }: RouterScope): Pick<SeenRoute, "sides"> {
  return isUnset(config["destinationRule"]) ? sidesSeen(rollout) : { sides: subsetSidesOf(config) };
}

function find(
  objects: readonly KubeObject[],
  { name, namespace, scope }: { name: string; namespace?: string; scope: RouterScope },
): KubeObject | undefined {
  const wanted = namespace ?? scope.namespace;
  return objects.find(({ metadata }) =>
    metadata.name === name && (metadata.namespace ?? scope.namespace) === wanted
  );
}

function plan({ scope, seen, intent }: PlanCall<Fields, IstioSeen>): RoutePlan {
  const rule = ruleOf(scope, seen);
  if (rule !== undefined && "problem" in rule) return rule;
  const sides = sidesOf(scope, { rule: rule?.object, intent });
  const writes: PatchWrite[] = [];
  const faults: RoutePlan[] = [];
  for (const { config, ...named } of virtualServiceEntries(scope)) {
    const object = find(seen.virtualServices, { ...named, scope });
    if (object === undefined) {
      faults.push(notFound("VirtualService", named.name));
      continue;
    }
    const planned = planVirtualService(object, { config, sides, intent });
    const events = virtualServiceEvents(named.name, planned, intent);
    writes.push(...patchOf(VIRTUAL_SERVICES, object, { edits: planned.edits, events }));
  }
  const isUrgent = isTakingBack(seen, intent);
  if (rule === undefined || faults.length > 0) return planAround(writes, faults, isUrgent);
  return {
    writes: inOrder(writes, ruleWrites(scope, { rule: rule.object, intent }), {
      seen,
      sides,
      rule: rule.object,
      intent,
    }),
  };
}

interface Ordering {
  readonly seen: IstioSeen;
  readonly sides: Sides;
  readonly rule: KubeObject;
  readonly intent: TrafficIntent;
}

/**
 * Subsets before weights, so that no request is sent to a subset that does not exist yet. But where
 * the canary's subset turns to other pods and its weight falls, first the weight: its present share
 * must not meet pods that have yet to start. Subsets that go wait until nobody is sent to them.
 */
function inOrder(
  routeWrites: readonly PatchWrite[],
  ruleWrite: readonly PatchWrite[],
  { seen, sides, rule, intent }: Ordering,
): PatchWrite[] {
  const name = sides.subsets?.canary ?? "";
  const subsets = listOf(fieldsOf(rule["spec"])["subsets"]).map(fieldsOf);
  const subset = subsets.find((each) => textOf(each["name"]) === name);
  const hash = textOf(fieldsOf(subset?.["labels"])[HASH_LABEL]);
  const isTurning = hash !== "" && hash !== intent.canary.podTemplateHash;
  const present = Math.max(0, ...seen.routes.map(({ weights }) => weights[name] ?? 0));
  const isFalling = isTurning && present > intent.canary.weight;
  const services = new Set(intent.additional.map(({ service }) => service));
  const isLosing = subsets.some((each) => {
    const labels = Object.keys(fieldsOf(each["labels"]));
    const own = textOf(each["name"]);
    return own !== name && own !== sides.subsets?.stable && !services.has(own) &&
      labels.length === 1 && labels[0] === HASH_LABEL;
  });
  return isFalling || isLosing ? [...routeWrites, ...ruleWrite] : [...ruleWrite, ...routeWrites];
}

function ruleWrites(
  { config, rollout }: RouterScope,
  { rule, intent }: { rule: KubeObject; intent: TrafficIntent },
): PatchWrite[] {
  const { canary, stable } = subsetSidesOf(config);
  const edits = planDestinationRule(rule, {
    rollout: rollout.metadata.name,
    canary: { name: canary, hash: intent.canary.podTemplateHash },
    stable: { name: stable, hash: intent.stable.podTemplateHash },
    additional: intent.additional,
  });
  const what = `${canary}: ${intent.canary.podTemplateHash}, ` +
    `${stable}: ${intent.stable.podTemplateHash}`;
  const message = `DestinationRule ${rule.metadata.name} subset updated (${what})`;
  const events: EventDraft[] = [{ type: "Normal", reason: "UpdatedDestinationRule", message }];
  return patchOf(DESTINATION_RULES, rule, { edits, events });
}

function release({ scope, seen }: ReleaseCall<Fields, IstioSeen>): RoutePlan {
  const rule = ruleOf(scope, seen);
  const object = rule !== undefined && "object" in rule ? rule.object : undefined;
  const { stable, canary } = sidesNow(scope.rollout);
  const intent: TrafficIntent = {
    maxWeight: 100,
    stable: { service: stable, podTemplateHash: "", weight: 100 },
    canary: { service: canary, podTemplateHash: "", weight: 0 },
    additional: [],
    managedRoutes: managedRoutesOf(scope),
    headerRoutes: [],
    mirrorRoutes: [],
  };
  const sides = sidesOf(scope, { rule: object, intent });
  const writes = virtualServiceEntries(scope).flatMap(({ config, ...named }) => {
    const found = find(seen.virtualServices, { ...named, scope });
    if (found === undefined) return [];
    const { edits } = planVirtualService(found, { config, sides, intent });
    return patchOf(VIRTUAL_SERVICES, found, { edits, events: [] });
  });
  if (object === undefined) return { writes };
  const edits = releaseDestinationRule(object, subsetSidesOf(scope.config));
  return { writes: [...writes, ...patchOf(DESTINATION_RULES, object, { edits, events: [] })] };
}

/** The DestinationRule of the configuration; undefined without one. */
function ruleOf(
  scope: RouterScope,
  seen: IstioSeen,
): { readonly object: KubeObject } | Extract<RoutePlan, { problem: unknown }> | undefined {
  if (isUnset(scope.config["destinationRule"])) return undefined;
  const name = textOf(fieldsOf(scope.config["destinationRule"])["name"]);
  const object = find(seen.destinationRules, { name, scope });
  return object === undefined ? notFound("DestinationRule", name) : { object };
}

function sidesOf(
  scope: RouterScope,
  { rule, intent }: { rule: KubeObject | undefined; intent: TrafficIntent },
): Sides {
  const { destinationRule } = scope.config;
  const hasRule = !isUnset(destinationRule);
  const services = sidesIn(scope.rollout, intent);
  const host = textOf(fieldsOf(rule?.["spec"])["host"]);
  return {
    subsets: hasRule ? subsetSidesOf(scope.config) : undefined,
    services,
    keptSubsets: listOf(fieldsOf(destinationRule)["additionalSubsetNames"]).map(textOf),
    canaryHost: hasRule && host !== "" ? host : services.canary,
  };
}

function virtualServiceEvents(
  name: string,
  { isWeighted, headerRoutes, mirrorRoutes, isCleared }: VirtualServicePlan,
  intent: TrafficIntent,
): EventDraft[] {
  const updated = (what: string): EventDraft => ({
    type: "Normal",
    reason: "Updated VirtualService",
    message: `VirtualService \`${name}\` ${what}`,
  });
  return [
    ...headerRoutes.map((route) => updated(`set headerRoute '${route}'`)),
    ...mirrorRoutes.map((route) => updated(`set mirrorRoute '${route}'`)),
    ...(isCleared ? [updated("removed all managed routes.")] : []),
    ...(isWeighted ? [updated(`set to desiredWeight '${intent.canary.weight}'`)] : []),
  ];
}

function notFound(
  kind: "VirtualService" | "DestinationRule",
  name: string,
): Extract<RoutePlan, { problem: unknown }> {
  const message = `${kind} \`${name}\` not found`;
  return {
    problem: { message, events: [{ type: "Warning", reason: `${kind}NotFound`, message }] },
  };
}

/** One patch with all changes of an object; none when there are none. */
function patchOf(
  type: RoutedResource,
  object: KubeObject,
  { edits, events }: { edits: JsonEdits; events: readonly EventDraft[] },
): PatchWrite[] {
  if (edits.isEmpty) return [];
  const { resourceVersion } = object.metadata;
  return [{
    verb: "patch",
    type,
    ref: refOf(object),
    patch: { type: "json", body: edits.operations },
    events,
    ...(resourceVersion === undefined ? {} : { decidedOn: resourceVersion }),
  }];
}
