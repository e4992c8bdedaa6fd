/** The Ingress beside the stable one, which takes the canary's share: what it must say. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import type { RouterScope } from "../../../sdk/traffic_router.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import type { IngressFields } from "../ingresses.ts";

/** The fields of the configuration that name Ingresses. */
export const NGINX_INGRESSES: IngressFields = Object.freeze({
  one: "stableIngress",
  several: "stableIngresses",
});

const PREFIX_DEFAULT = "nginx.ingress.kubernetes.io";
const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
/** Names of objects have at most so many characters. */
const NAME_LENGTH_MAX = 253;

/** `<rollout>-<ingress>-canary`; what is too long loses the end of its beginning. */
export function canaryIngressName(rollout: string, ingress: string): string {
  const ending = "-canary";
  const start = `${rollout}-${ingress}`.slice(0, NAME_LENGTH_MAX - ending.length);
  return start + ending;
}

/** The annotation in which the weight stands. */
export function weightAnnotation(config: Fields): string {
  return `${prefixOf(config)}/canary-weight`;
}

function prefixOf(config: Fields): string {
  return textOf(config["annotationPrefix"]) || PREFIX_DEFAULT;
}

/** True for an annotation that says who is sent to the canary, whatever its prefix is. */
export function isOfCanary(annotation: string): boolean {
  return /\/canary(-weight(-total)?|-by-[a-z-]+)?$/.test(annotation);
}

/** The annotations that the canary Ingress must have; others on it belong to somebody else. */
export function wantedAnnotations(
  stable: KubeObject,
  config: Fields,
  intent: TrafficIntent,
): Record<string, string> {
  const prefix = prefixOf(config);
  const annotations: Record<string, string> = {};
  const ingressClass = stable.metadata.annotations?.[CLASS_ANNOTATION];
  if (ingressClass !== undefined) annotations[CLASS_ANNOTATION] = ingressClass;
  for (const [name, value] of Object.entries(fieldsOf(config["additionalIngressAnnotations"]))) {
    annotations[name.startsWith(`${prefix}/`) ? name : `${prefix}/${name}`] = String(value);
  }
  annotations[`${prefix}/canary`] = "true";
  annotations[`${prefix}/canary-weight`] = String(intent.canary.weight);
  if (intent.maxWeight !== 100) {
    annotations[`${prefix}/canary-weight-total`] = String(intent.maxWeight);
  }
  for (const [name, value] of Object.entries(fieldsOf(config["canaryIngressAnnotations"]))) {
    annotations[name] = String(value);
  }
  return annotations;
}

/** The canary Ingress's spec: the paths of the stable one that lead to the stable Service. */
export function wantedSpec(
  stable: KubeObject,
  { stableService, canaryService }: { stableService: string; canaryService: string },
): Fields | undefined {
  const spec = fieldsOf(stable["spec"]);
  const rules = listOf(spec["rules"]).map(fieldsOf)
    .filter((rule) => pathsOf(rule).some((path) => serviceOf(path) === stableService))
    .map((rule) => withCanary(rule, stableService, canaryService));
  if (rules.length === 0) return undefined;
  const { ingressClassName, tls } = spec;
  return {
    ...(isUnset(ingressClassName) ? {} : { ingressClassName }),
    ...(isUnset(tls) ? {} : { tls: structuredClone(tls) }),
    rules,
  };
}

function withCanary(rule: Fields, stableService: string, canaryService: string): Fields {
  const copy = structuredClone(rule);
  for (const path of pathsOf(copy)) {
    if (serviceOf(path) !== stableService) continue;
    const backend = fieldsOf(path["backend"]);
    if (backend["serviceName"] === undefined) fieldsOf(backend["service"])["name"] = canaryService;
    else backend["serviceName"] = canaryService;
  }
  return copy;
}

function pathsOf(rule: Fields): Fields[] {
  return listOf(fieldsOf(rule["http"])["paths"]).map(fieldsOf);
}

/** In `networking.k8s.io/v1`, and as it was before. */
function serviceOf(path: Fields): string {
  const backend = fieldsOf(path["backend"]);
  return textOf(fieldsOf(backend["service"])["name"]) || textOf(backend["serviceName"]);
}

/** The canary Ingress as it is made. */
export function newCanaryIngress(
  stable: KubeObject,
  { scope, intent, spec }: { scope: RouterScope; intent: TrafficIntent; spec: Fields },
): KubeObject {
  const { rollout, namespace, config } = scope;
  return {
    apiVersion: stable.apiVersion,
    kind: stable.kind,
    metadata: {
      name: canaryIngressName(rollout.metadata.name, stable.metadata.name),
      namespace,
      annotations: wantedAnnotations(stable, config, intent),
      ownerReferences: [{
        apiVersion: rollout.apiVersion,
        kind: rollout.kind,
        name: rollout.metadata.name,
        uid: rollout.metadata.uid ?? "",
        controller: true,
        blockOwnerDeletion: true,
      }],
    },
    spec,
  };
}

/** True when the Rollout controls the Ingress. */
export function isOwn({ metadata }: KubeObject, { rollout }: RouterScope): boolean {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner !== undefined && owner.uid === rollout.metadata.uid;
}
