/** Reads what the controllers of a cluster make of ReplicaSets and Services. */
import { ENDPOINT_SLICES, PODS, REPLICA_SETS } from "../../core/api/names/resources.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { at } from "./expect.ts";
import { labelsOf } from "./manifests.ts";
import type { Subject } from "./subject.ts";

/** The status of a condition: `True`, `False`, `Unknown`; undefined without it. */
export function conditionOf(object: KubeObject, type: string): unknown {
  return at(condition(object, type), "status");
}

/** When a condition last changed, in seconds since 1970. */
export function conditionSeconds(object: KubeObject, type: string): number {
  return Date.parse(String(at(condition(object, type), "lastTransitionTime"))) / 1000;
}

function condition(object: KubeObject, type: string): unknown {
  const conditions = at(object, "status", "conditions");
  if (!Array.isArray(conditions)) return undefined;
  return conditions.find((one) => at(one, "type") === type);
}

/** True for a pod whose condition Ready is True. */
export function isReady(pod: KubeObject): boolean {
  return conditionOf(pod, "Ready") === "True";
}

/** The pods of an application that are not being deleted, by name. */
export async function podsOf(
  { cluster }: Subject,
  namespace: string,
  name: string,
): Promise<KubeObject[]> {
  const labelSelector = `app=${labelsOf(name)["app"]}`;
  const { items } = await cluster.list(PODS, { namespace, labelSelector });
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** Waits until an application has so many pods, all Ready, and its ReplicaSet says so. */
export function readyPods(
  subject: Subject,
  where: { namespace: string; name: string },
  count: number,
): Promise<KubeObject[]> {
  return subject.eventually(`${count} ready pods of "${where.name}"`, async () => {
    const set = await subject.cluster.get(REPLICA_SETS, where);
    const isTold = (at(set, "status", "readyReplicas") ?? 0) === count;
    // Read second: these are no older than what the status tells of.
    const pods = await podsOf(subject, where.namespace, where.name);
    return isTold && pods.length === count && pods.every(isReady) ? pods : undefined;
  });
}

/** Waits until a ReplicaSet's status is so. */
export function statusOf(
  subject: Subject,
  where: { namespace: string; name: string },
  isSo: (status: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown>> {
  return subject.eventually(`the status of "${where.name}"`, async () => {
    const { status } = await subject.cluster.get(REPLICA_SETS, where);
    return isSo(status as Record<string, unknown>) ? status as Record<string, unknown> : undefined;
  });
}

/** One endpoint of a Service: the pod's name, and whether it is ready. */
export interface Endpoint {
  readonly pod: string;
  readonly ready: boolean;
}

/** The EndpointSlices of a Service. */
export async function slicesOf(
  { cluster }: Subject,
  namespace: string,
  service: string,
): Promise<readonly KubeObject[]> {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  return (await cluster.list(ENDPOINT_SLICES, { namespace, labelSelector })).items;
}

/** The endpoints of a Service, over all its slices, by name of the pod. */
export async function endpointsOf(
  subject: Subject,
  namespace: string,
  service: string,
): Promise<Endpoint[]> {
  const slices = await slicesOf(subject, namespace, service);
  const endpoints = slices.flatMap((slice) => (slice["endpoints"] ?? []) as unknown[]);
  return endpoints.map((endpoint) => ({
    pod: String(at(endpoint, "targetRef", "name")),
    ready: at(endpoint, "conditions", "ready") === true,
  })).sort((one, other) => one.pod < other.pod ? -1 : 1);
}
