/** The smallest valid objects of the kinds that laws create. */
import type { KubeObject, ObjectMeta } from "../../sdk/api/object.ts";
import type { Fields } from "../../sdk/wire/json.ts";

function object(
  apiVersion: string,
  kind: string,
  metadata: ObjectMeta,
  fields: Fields = {},
): KubeObject {
  return { apiVersion, kind, metadata, ...fields };
}

/** Labels of pods that belong to the application of this name. */
export function labelsOf(name: string): Record<string, string> {
  return { app: name };
}

/** A config map; `metadata` adds to or replaces its name and namespace. */
export function configMap(
  namespace: string,
  name: string,
  metadata: Partial<ObjectMeta> = {},
): KubeObject {
  return object("v1", "ConfigMap", { name, namespace, ...metadata }, { data: { key: "one" } });
}

/** Parts of a pod that laws vary. */
export interface PodOptions {
  readonly container?: Fields;
  readonly spec?: Fields;
  readonly labels?: Record<string, string>;
}

/** A pod spec with one container. */
export function podSpec(options: PodOptions = {}): Fields {
  const container = { name: "main", image: "registry.test/main:1.0", ...options.container };
  return { containers: [container], ...options.spec };
}

/** A pod labelled with its own name. */
export function pod(namespace: string, name: string, options: PodOptions = {}): KubeObject {
  const labels = options.labels ?? labelsOf(name);
  return object("v1", "Pod", { name, namespace, labels }, { spec: podSpec(options) });
}

/** Parts of a ReplicaSet that laws vary. */
export interface ReplicaSetOptions extends PodOptions {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  readonly annotations?: Record<string, string>;
}

/** A ReplicaSet (no replicas unless told) whose pods are labelled with its name. */
export function replicaSet(
  namespace: string,
  name: string,
  options: ReplicaSetOptions = {},
): KubeObject {
  const labels = options.labels ?? labelsOf(name);
  const { replicas = 0, minReadySeconds, annotations } = options;
  const metadata = annotations === undefined ? { labels } : { labels, annotations };
  return object("apps/v1", "ReplicaSet", { name, namespace }, {
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { matchLabels: labels },
      template: { metadata, spec: podSpec(options) },
    },
  });
}

/** A Deployment (no replicas unless told) whose pods are labelled with its name. */
export function deployment(namespace: string, name: string, spec: Fields = {}): KubeObject {
  const set = replicaSet(namespace, name);
  return { ...set, kind: "Deployment", spec: { ...set["spec"] as Fields, ...spec } };
}

/** A PodTemplate of pods that are labelled with its name. */
export function podTemplate(
  namespace: string,
  name: string,
  options: PodOptions = {},
): KubeObject {
  const template = { metadata: { labels: labelsOf(name) }, spec: podSpec(options) };
  return object("v1", "PodTemplate", { name, namespace }, { template });
}

/** A Service on port 80 that selects the pods of this application. */
export function service(
  namespace: string,
  name: string,
  spec: Fields = {},
): KubeObject {
  const ports = [{ port: 80 }];
  return object("v1", "Service", { name, namespace }, {
    spec: { selector: labelsOf(name), ports, ...spec },
  });
}

/** A PodDisruptionBudget of the pods of this application. */
export function disruptionBudget(namespace: string, name: string, spec: Fields): KubeObject {
  const selector = { matchLabels: labelsOf(name) };
  return object("policy/v1", "PodDisruptionBudget", { name, namespace }, {
    spec: { selector, ...spec },
  });
}

/** An Event about a config map of this name. */
export function event(namespace: string, name: string, fields: Fields = {}): KubeObject {
  return object("v1", "Event", { name, namespace }, {
    involvedObject: { kind: "ConfigMap", namespace, name },
    ...fields,
  });
}

/** A Rollout with one canary step; nothing reconciles it here. */
export function rollout(namespace: string, name: string, spec: Fields = {}): KubeObject {
  return object("argoproj.io/v1alpha1", "Rollout", { name, namespace }, {
    spec: {
      replicas: 2,
      selector: { matchLabels: labelsOf(name) },
      strategy: { canary: { steps: [{ setWeight: 20 }] } },
      template: { metadata: { labels: labelsOf(name) }, spec: podSpec() },
      ...spec,
    },
  });
}
