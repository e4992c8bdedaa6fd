/** Puts objects into a cluster as they were read from another one: a world in mid-update. */
import type { KubeObject, OwnerReference } from "../../../sdk/api/object.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { findResourceType, PODS, REPLICA_SETS } from "../../api/names/resources.ts";
import { ApiError } from "../../ports/api_error.ts";
import { generatedName } from "./metadata.ts";
import type { InCluster } from "./in_cluster.ts";
import type { Pods } from "./pods.ts";
import { randomSuffix, randomUid } from "./random.ts";
import { podOf } from "./replica_sets.ts";
import { timestamp } from "../../api/values/time.ts";

/** In whose name objects are put in, and who goes on with pods. */
export interface Restorer {
  readonly userAgent: string;
  readonly pods: Pods;
}

/** An object that cannot be put in. */
export class RestoreRefused extends Error {
  override readonly name = "RestoreRefused";
  /** Its place among the objects. */
  readonly index: number;

  constructor(index: number, reason: string) {
    super(reason);
    this.index = index;
  }
}

/**
 * All objects get uids of this cluster, and refer to their owners by these; a reference to an owner
 * that is not there goes, where its kind is known. A set that was read without its pods gets as
 * many ready ones as its status counts.
 * @throws {RestoreRefused}
 */
export function restore(
  cluster: InCluster,
  { userAgent, pods }: Restorer,
  objects: readonly KubeObject[],
): void {
  const { api, random, store, kinds } = cluster;
  const caller = { userAgent, isTrusted: false };
  const uids = new Map(objects.map((object) => [placeOf(object), randomUid(random)]));
  const restored: KubeObject[] = [];
  for (const [index, object] of objects.entries()) {
    const type = findResourceType(object);
    if (type === undefined || isPresent(cluster, type, object)) continue;
    const ownerReferences = reboundOwners(object, uids);
    const uid = uids.get(placeOf(object)) as string;
    const metadata = { ...object.metadata, uid, ownerReferences };
    try {
      restored.push(api.restore(caller, type, { ...object, metadata }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new RestoreRefused(index, error.message);
    }
  }
  for (const object of restored) {
    if (object.kind === PODS.kind) pods.resume(object);
    if (object.kind !== REPLICA_SETS.kind) continue;
    const own = store.controlledBy(object.metadata.uid ?? "", kinds.find(PODS));
    if (own.length === 0) makeReadyPods(cluster, { userAgent, pods }, object);
  }
}

function isPresent({ store, kinds }: InCluster, type: ResourceType, { metadata }: KubeObject) {
  const home = type.namespaced ? metadata.namespace : undefined;
  return store.get(kinds.find(type), home, metadata.name) !== undefined;
}

function placeOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [apiVersion, kind, metadata.namespace ?? "", metadata.name].join(" ");
}

/** The owners by their new uids; those of unknown kinds stay: nobody can say that they went. */
function reboundOwners(
  { metadata }: KubeObject,
  uids: ReadonlyMap<string, string>,
): OwnerReference[] {
  return (metadata.ownerReferences ?? []).flatMap((reference) => {
    const { apiVersion, kind, name } = reference;
    const { namespace = "" } = metadata;
    const uid = uids.get([apiVersion, kind, namespace, name].join(" "));
    if (uid !== undefined) return { ...reference, uid };
    return findResourceType(reference) === undefined ? reference : [];
  });
}

function makeReadyPods(
  { api, random, clock }: InCluster,
  { userAgent, pods }: Restorer,
  set: KubeObject,
): void {
  const { readyReplicas = 0 } = fieldsOf(set["status"]);
  const since = set.metadata.creationTimestamp ?? timestamp(clock.now());
  for (let count = 0; count < Number(readyReplicas); count++) {
    const pod = podOf(set);
    const spec = { ...fieldsOf(pod["spec"]), nodeName: "node-1" };
    const { generateName = "" } = pod.metadata;
    const metadata = {
      ...pod.metadata,
      name: generatedName(generateName, randomSuffix(random)),
      uid: randomUid(random),
      creationTimestamp: since,
    };
    const whole = { ...pod, metadata, spec };
    const status = pods.runningStatus(whole, since);
    api.restore({ userAgent, isTrusted: true }, PODS, { ...whole, status });
  }
}
