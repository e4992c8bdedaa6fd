/** The ReplicaSets of a Deployment: which is the newest one, and what is written on them. */
import { controllerReference } from "../../../api/ownership.ts";
import { canonicalJson } from "../../../api/hash/canonical_json.ts";
import { LAST_APPLIED_ANNOTATION } from "../../../api/names/names.ts";
import { safeHash } from "../../../api/hash/safe_hash.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { type DeploymentSize, sizeOfDeployment } from "./deployment_sizes.ts";
import { type Fields, fieldsOf } from "../../../../sdk/wire/json.ts";
import { isSameJson, without } from "../json.ts";

const HASH = "pod-template-hash";
/** Which revision of its Deployment a ReplicaSet is; on a Deployment, which one is the newest. */
export const REVISION = "deployment.kubernetes.io/revision";
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
/** What the Deployment wanted when the set was last sized. */
const DESIRED = "deployment.kubernetes.io/desired-replicas";
/** How many pods there might be at most then. */
const MAX = "deployment.kubernetes.io/max-replicas";
/** Annotations of a Deployment that are not handed on. */
const OWN_ANNOTATIONS = new Set([
  LAST_APPLIED_ANNOTATION,
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  MAX,
]);

/** `spec.replicas` of a ReplicaSet. */
export function sizeOf(set: KubeObject): number {
  return Number(fieldsOf(set["spec"])["replicas"] ?? 0);
}

/** A count in the status of a ReplicaSet. */
export function countOf(set: KubeObject, name: string): number {
  return Number(fieldsOf(set["status"])[name] ?? 0);
}

/** The sum of something over ReplicaSets. */
export function sumOf(sets: readonly KubeObject[], amountOf: (set: KubeObject) => number): number {
  return sets.reduce((sum, set) => sum + amountOf(set), 0);
}

/** Which revision a ReplicaSet is; 0 when nothing is written on it. */
export function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[REVISION] ?? 0) || 0;
}

/** What is known of a Deployment's size from the time when this set was last sized. */
export function sizedFor({ metadata }: KubeObject): { desired?: number; max?: number } {
  const { [DESIRED]: desired, [MAX]: max } = metadata.annotations ?? {};
  return {
    ...(desired !== undefined && { desired: Number(desired) }),
    ...(max !== undefined && { max: Number(max) }),
  };
}

/** Oldest first; of the same second, by name. */
export function byAge(one: KubeObject, other: KubeObject): number {
  const [first = "", second = ""] = [one, other].map((set) => set.metadata.creationTimestamp);
  if (first !== second) return first < second ? -1 : 1;
  return one.metadata.name < other.metadata.name ? -1 : 1;
}

/** The set whose pods are what the Deployment asks for. */
export function newestSet(
  deployment: KubeObject,
  sets: readonly KubeObject[],
): KubeObject | undefined {
  const template = fieldsOf(fieldsOf(deployment["spec"])["template"]);
  return sets.toSorted(byAge).find((set) =>
    isSameJson(withoutHash(fieldsOf(fieldsOf(set["spec"])["template"])), withoutHash(template))
  );
}

function withoutHash(template: Fields): Fields {
  const metadata = fieldsOf(template["metadata"]);
  const labels = without(fieldsOf(metadata["labels"]), HASH);
  return { ...template, metadata: { ...metadata, labels } };
}

/** A ReplicaSet for the Deployment's template, of this revision. */
export function newSetOf(
  deployment: KubeObject,
  { revision, replicas }: { readonly revision: number; readonly replicas: number },
): KubeObject {
  const { name, namespace } = deployment.metadata;
  const spec = fieldsOf(deployment["spec"]);
  const template = fieldsOf(spec["template"]);
  const hash = hashOf(deployment);
  const templateMetadata = fieldsOf(template["metadata"]);
  const labels = { ...fieldsOf(templateMetadata["labels"]), [HASH]: hash };
  const selector = fieldsOf(spec["selector"]);
  const matchLabels = { ...fieldsOf(selector["matchLabels"]), [HASH]: hash };
  const { minReadySeconds } = spec;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...handedOn(deployment),
        ...sizeAnnotations(sizeOfDeployment(deployment)),
        [REVISION]: String(revision),
      },
      ownerReferences: [controllerReference(deployment)],
    } as KubeObject["metadata"],
    spec: {
      replicas,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels },
      template: { ...template, metadata: { ...templateMetadata, labels } },
    },
  };
}

/** Another hash for every template, and for every name that was found taken. */
function hashOf(deployment: KubeObject): string {
  const { template } = fieldsOf(deployment["spec"]);
  const { collisionCount } = fieldsOf(deployment["status"]);
  // With the kind, so that a Rollout of the same name does not ask for the same name of a set.
  const text = `Deployment ${canonicalJson(template)}`;
  return safeHash(text, typeof collisionCount === "number" ? collisionCount : undefined);
}

function handedOn({ metadata }: KubeObject): Record<string, string> {
  const annotations = Object.entries(metadata.annotations ?? {});
  return Object.fromEntries(annotations.filter(([name]) => !OWN_ANNOTATIONS.has(name)));
}

function sizeAnnotations({ replicas, surge }: DeploymentSize): Record<string, string> {
  return { [DESIRED]: String(replicas), [MAX]: String(replicas + surge) };
}

/** The set with another size, for what its Deployment wants now. */
export function resized(set: KubeObject, deployment: KubeObject, replicas: number): KubeObject {
  const sizes = sizeAnnotations(sizeOfDeployment(deployment));
  const annotations = { ...set.metadata.annotations, ...sizes };
  return {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...fieldsOf(set["spec"]), replicas },
  };
}

/** The newest set with what its Deployment says of it, under at least this revision. */
export function synchronized(
  set: KubeObject,
  deployment: KubeObject,
  revision: number,
): KubeObject {
  const annotations = { ...set.metadata.annotations, ...handedOn(deployment) };
  const old = annotations[REVISION];
  if (revisionOf(set) < revision) {
    annotations[REVISION] = String(revision);
    if (old !== undefined) {
      const history = annotations[REVISION_HISTORY];
      annotations[REVISION_HISTORY] = history === undefined ? old : `${history},${old}`;
    }
  }
  const { minReadySeconds } = fieldsOf(deployment["spec"]);
  const spec = without(fieldsOf(set["spec"]), "minReadySeconds");
  return {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...spec, ...(minReadySeconds !== undefined && { minReadySeconds }) },
  };
}
