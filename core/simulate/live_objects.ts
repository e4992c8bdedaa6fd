/**
 * Objects as `kubectl get -o yaml` gives them: a cluster in mid-update, from which a run goes on.
 * They stand beside manifests in the same files; here the two are told apart.
 */
import type { KubeObject, OwnerReference } from "../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import {
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  EVENTS,
  findResourceType,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../api/names/resources.ts";
import { controllerOf } from "../api/ownership.ts";

/** The objects of a scenario by how they come into the simulation. */
export interface SortedObjects {
  /** Put in as they are, with status, names and age; owners before what they own. */
  readonly live: readonly KubeObject[];
  /** Applied, as users do; some of them were read from a cluster all the same. */
  readonly manifests: readonly KubeObject[];
  readonly notes: readonly LiveNote[];
}

/** What users are told about an object that was read from a cluster. */
export interface LiveNote {
  readonly object: KubeObject;
  readonly text: string;
}

/** True for an object that was read from a cluster; a manifest has neither. */
export function isLive({ metadata }: KubeObject): boolean {
  return Boolean(metadata.uid) || Boolean(metadata.resourceVersion);
}

/**
 * Tells what goes on from what starts anew. A Rollout or Deployment goes on with its ReplicaSets; a
 * ReplicaSet or Pod is of no use without the one that made it.
 */
export function sortObjects(objects: readonly KubeObject[]): SortedObjects {
  const read = [...new Map(objects.filter(isOfUse).map((one) => [placeOf(one), one])).values()];
  const notes: LiveNote[] = [];
  const kept = withoutOrphans(read, notes);
  const makers = new Set(kept.flatMap(makersOf));
  const isNew = (object: KubeObject) => MAKERS.has(object.kind) && !makers.has(placeOf(object));
  for (const object of kept.filter((one) => one.kind === ROLLOUTS.kind && isNew(one))) {
    const text = `Rollout "${object.metadata.name}" comes without its ReplicaSets, and starts ` +
      "anew; to go on from where it is, read kubectl get ro,rs,svc,pods -o yaml";
    notes.push({ object, text });
  }
  return {
    live: kept.filter((one) => !isNew(one)).sort((one, other) => rankOf(one) - rankOf(other)),
    manifests: objects.filter((one) =>
      !isLive(one) || findResourceType(one) === undefined || (kept.includes(one) && isNew(one))
    ),
    notes,
  };
}

const MAKERS: ReadonlySet<string> = new Set([ROLLOUTS.kind, DEPLOYMENTS.kind]);

/** What ends, and what the simulation makes itself: nothing goes on from it. */
function isOfUse(object: KubeObject): boolean {
  const { kind, metadata } = object;
  const isEnding = metadata.deletionTimestamp !== undefined && !metadata.finalizers?.length;
  const isMade = kind === EVENTS.kind || kind === ENDPOINT_SLICES.kind;
  // Nothing is known of other kinds but how they are applied.
  return isLive(object) && !isEnding && !isMade && findResourceType(object) !== undefined;
}

/** Without ReplicaSets whose owner is not there, and without pods whose ReplicaSet is not. */
function withoutOrphans(read: readonly KubeObject[], notes: LiveNote[]): KubeObject[] {
  let kept = [...read];
  for (const type of [REPLICA_SETS, PODS]) {
    const places = new Set(kept.map(placeOf));
    const lost = new Map<string, KubeObject[]>();
    kept = kept.filter((object) => {
      const owner = controllerOf(object);
      if (object.kind !== type.kind || owner === undefined) return true;
      const place = placeOfOwner(object, owner);
      // Nobody can say of a kind that is not simulated that its object is gone.
      if (findResourceType(owner) === undefined || places.has(place)) return true;
      lost.set(place, [...lost.get(place) ?? [], object]);
      return false;
    });
    notes.push(...[...lost.values()].map(noteOnLost));
  }
  return kept;
}

function noteOnLost(lost: readonly KubeObject[]): LiveNote {
  const [object] = lost as [KubeObject];
  const { kind, name } = controllerOf(object) as OwnerReference;
  const what = lost.length === 1
    ? `${object.kind} "${object.metadata.name}" is left out: its`
    : `${lost.length} ${object.kind}s are left out: their`;
  return { object, text: `${what} ${kind} "${name}" is not among the objects` };
}

/** The places of the one that made this set. */
function makersOf(object: KubeObject): string[] {
  const owner = object.kind === REPLICA_SETS.kind ? controllerOf(object) : undefined;
  return owner === undefined ? [] : [placeOfOwner(object, owner)];
}

function placeOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [apiVersion, kind, metadata.namespace ?? "", metadata.name].join(" ");
}

function placeOfOwner({ metadata }: KubeObject, { apiVersion, kind, name }: OwnerReference) {
  return placeOf({ apiVersion, kind, metadata: { name, namespace: metadata.namespace ?? "" } });
}

const OWNERS_FIRST = [DEPLOYMENTS, ROLLOUTS, REPLICA_SETS, PODS].map(({ kind }) => kind);

function rankOf({ kind }: KubeObject): number {
  return OWNERS_FIRST.indexOf(kind);
}

/** A manifest again: what a server adds to an object, and nobody may apply, is taken off. */
export function asManifest(object: KubeObject): KubeObject {
  if (!isLive(object)) return object;
  const { status: _status, ...rest } = withoutServerFields(object);
  const { name, generateName, namespace, labels, annotations, finalizers } = object.metadata;
  const metadata = { name, generateName, namespace, labels, annotations, finalizers };
  return { ...rest, metadata: JSON.parse(JSON.stringify(metadata)) } as KubeObject;
}

const OF_THE_CLUSTER = ["clusterIP", "clusterIPs", "healthCheckNodePort"];

/** Without what belongs to the cluster that an object was read from. */
export function withoutServerFields(object: KubeObject): KubeObject {
  const { resourceVersion: _version, managedFields: _fields, ...metadata } = object.metadata;
  if (object.kind !== SERVICES.kind) return { ...object, metadata };
  const spec = { ...fieldsOf(object["spec"]) };
  for (const field of OF_THE_CLUSTER) {
    if (spec["clusterIP"] !== "None") delete spec[field];
  }
  const ports = listOf(spec["ports"]).map((port) => {
    const { nodePort: _port, ...rest } = fieldsOf(port);
    return rest;
  });
  return { ...object, metadata, spec: { ...spec, ...(spec["ports"] !== undefined && { ports }) } };
}
