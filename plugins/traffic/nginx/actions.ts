/** Ingress-NGINX at work: one canary Ingress for each stable one. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import type {
  ObserveCall,
  PlanCall,
  ReleaseCall,
  RoutedResource,
  RoutePlan,
  RouterScope,
  SeenTraffic,
} from "../../../sdk/traffic_router.ts";
import type { LazyActions } from "../lazily.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { creationOf, type EventDraft, type Write } from "../../../sdk/wire/write.ts";
import { canaryOf } from "../canary.ts";
import { ingressNames, MADE_INGRESSES } from "../ingresses.ts";
import { isEqual } from "../json_edits.ts";
import { isTakingBack, planAround } from "../taking_back.ts";
import {
  canaryIngressName,
  isOfCanary,
  isOwn,
  newCanaryIngress,
  NGINX_INGRESSES,
  wantedAnnotations,
  wantedSpec,
  weightAnnotation,
} from "./canary_ingress.ts";

/** The Ingresses as they were. */
export interface NginxSeen extends SeenTraffic {
  readonly ingresses: readonly KubeObject[];
}

export const nginxActions: LazyActions<Fields, NginxSeen> = Object.freeze({
  observe: (call: ObserveCall) => Promise.resolve(observe(call)),
  plan: (call: PlanCall<Fields, NginxSeen>) => Promise.resolve(plan(call)),
  release: (call: ReleaseCall<Fields, NginxSeen>) => Promise.resolve(release(call)),
});

function observe({ scope, objects }: ObserveCall): NginxSeen {
  const ingresses = objects.filter(({ kind }) => kind === MADE_INGRESSES.kind);
  const { stableService, canaryService } = canaryOf(scope.rollout);
  const routes = pairsOf(scope, ingresses).flatMap(({ stable, canary }) => {
    if (stable === undefined) return [];
    const annotations = canary?.metadata.annotations ?? {};
    const total = numberIn(annotations[`${weightAnnotation(scope.config)}-total`]) ?? 100;
    const written = numberIn(annotations[weightAnnotation(scope.config)]) ?? 0;
    const weight = Math.min(written, total);
    const { name } = stable.metadata;
    const ref = { name, namespace: scope.namespace };
    const weights = { [stableService]: total - weight, [canaryService]: weight };
    return [{ type: MADE_INGRESSES, ref, weights }];
  });
  return { routes, ingresses };
}

/** Undefined for what ingress-nginx cannot read either. */
function numberIn(text = ""): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

interface Pair {
  readonly name: string;
  readonly stable: KubeObject | undefined;
  readonly canary: KubeObject | undefined;
}

function pairsOf(scope: RouterScope, ingresses: readonly KubeObject[]): Pair[] {
  const find = (name: string) => ingresses.find(({ metadata }) => metadata.name === name);
  return ingressNames(scope.config, NGINX_INGRESSES).map((name) => ({
    name,
    stable: find(name),
    canary: find(canaryIngressName(scope.rollout.metadata.name, name)),
  }));
}

function plan({ scope, seen, intent }: PlanCall<Fields, NginxSeen>): RoutePlan {
  const writes: Write[] = [];
  const faults: RoutePlan[] = [];
  for (const pair of pairsOf(scope, seen.ingresses)) {
    const planned = planPair(pair, scope, intent);
    if ("problem" in planned) faults.push(planned);
    else writes.push(...planned.writes);
  }
  return planAround(writes, faults, isTakingBack(seen, intent));
}

function planPair(
  { name, stable, canary }: Pair,
  scope: RouterScope,
  intent: TrafficIntent,
): RoutePlan {
  const services = canaryOf(scope.rollout);
  if (stable === undefined) return problem(`ingress.networking.k8s.io "${name}" not found`);
  const spec = wantedSpec(stable, services);
  if (spec === undefined) {
    const { stableService } = services;
    return problem(`ingress \`${name}\` has no rules using service ${stableService} backend`);
  }
  if (canary === undefined) return { writes: [creation(stable, { scope, intent, spec })] };
  if (isOwn(canary, scope)) return { writes: changes(canary, { stable, scope, intent, spec }) };
  return problem(`canary ingress \`${canary.metadata.name}\` controlled by different object`);
}

function problem(message: string): RoutePlan {
  return { problem: { message } };
}

/** Ingresses are written as they are served, in whichever version that is. */
function typeOf({ apiVersion }: KubeObject): RoutedResource {
  const [group = "", version = ""] = apiVersion.split("/");
  return { ...MADE_INGRESSES, group, version };
}

function creation(
  stable: KubeObject,
  { scope, intent, spec }: { scope: RouterScope; intent: TrafficIntent; spec: Fields },
): Write {
  const object = newCanaryIngress(stable, { scope, intent, spec });
  const { name } = object.metadata;
  const message = `Creating canary ingress \`${name}\` with weight \`${intent.canary.weight}\``;
  const events: EventDraft[] = [{ type: "Normal", reason: "CreatingCanaryIngress", message }];
  return creationOf(typeOf(stable), object, events);
}

/** One merge patch with what is not as it must be; annotations of others stay. */
function changes(
  canary: KubeObject,
  { stable, scope, intent, spec }: {
    stable: KubeObject;
    scope: RouterScope;
    intent: TrafficIntent;
    spec: Fields;
  },
): Write[] {
  const { name, annotations = {}, resourceVersion } = canary.metadata;
  const wanted = wantedAnnotations(stable, scope.config, intent);
  const changed: [string, string | null][] = [
    ...Object.entries(wanted).filter(([key, value]) => annotations[key] !== value),
    ...Object.keys(annotations)
      .filter((key) => isOfCanary(key) && wanted[key] === undefined)
      .map((key): [string, null] => [key, null]),
  ];
  const patchedSpec = specPatch(fieldsOf(canary["spec"]), spec);
  if (changed.length === 0 && patchedSpec === undefined) return [];
  const message = `Updating Ingress \`${name}\` to desiredWeight '${intent.canary.weight}'`;
  const body = {
    ...(changed.length === 0 ? {} : { metadata: { annotations: Object.fromEntries(changed) } }),
    ...(patchedSpec === undefined ? {} : { spec: patchedSpec }),
  };
  return [{
    verb: "patch",
    type: typeOf(canary),
    ref: { name, namespace: scope.namespace },
    patch: { type: "merge", body },
    events: [{ type: "Normal", reason: "PatchingCanaryIngress", message }],
    ...(resourceVersion === undefined ? {} : { decidedOn: resourceVersion }),
  }];
}

/** The fields of the spec that differ; what the stable Ingress does not set goes. */
function specPatch(present: Fields, wanted: Fields): Fields | undefined {
  const patch: Fields = {};
  for (const field of ["ingressClassName", "tls", "rules"]) {
    if (isEqual(present[field], wanted[field])) continue;
    patch[field] = wanted[field] ?? null;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** The canary Ingresses go; the stable ones were never changed. */
function release({ scope, seen }: ReleaseCall<Fields, NginxSeen>): RoutePlan {
  const writes = pairsOf(scope, seen.ingresses).flatMap(({ canary }): Write[] => {
    if (canary === undefined || !isOwn(canary, scope)) return [];
    const { name, uid = "", resourceVersion = "" } = canary.metadata;
    const ref = { name, namespace: scope.namespace };
    return [{ verb: "delete", type: typeOf(canary), ref, uid, resourceVersion }];
  });
  return { writes };
}
