/** Assertions that laws share. */
import assert from "node:assert/strict";
import { NAMESPACES } from "../../core/api/names/resources.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { ApiError, type Cluster, isNotFound } from "../../core/ports/mod.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";
import type { KubeObject, ObjectMeta } from "../../sdk/api/object.ts";
import type { Subject } from "./subject.ts";

/** What an error answer must hold; a message in full, or the part that matters. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message?: string | RegExp;
}

/** The cluster answers this action with this error. */
export async function refused(action: Promise<unknown>, refusal: Refusal): Promise<void> {
  const error = await action.then(() => undefined, (thrown: unknown) => thrown);
  assert.ok(error instanceof ApiError, `the cluster answers with an error, not ${error}`);
  const { code, reason, message } = error;
  assert.deepEqual({ code, reason }, { code: refusal.code, reason: refusal.reason }, message);
  if (typeof refusal.message === "string") assert.equal(message, refusal.message);
  if (refusal.message instanceof RegExp) assert.match(message, refusal.message);
}

/** The value at a path inside raw JSON; undefined where the path ends early. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

/** The resourceVersion as a number. */
export function versionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion);
}

/** An object, or undefined when there is none. */
export async function lookUp(
  subject: Subject,
  type: ResourceType,
  ref: ObjectRef,
): Promise<KubeObject | undefined> {
  try {
    return await subject.cluster.get(type, ref);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Waits until an object is gone. */
export async function gone(
  subject: Subject,
  type: ResourceType,
  ref: ObjectRef,
  withinMs?: number,
): Promise<void> {
  const isGone = async () => await lookUp(subject, type, ref) === undefined || undefined;
  await subject.eventually(`the end of ${type.kind} "${ref.name}"`, isGone, withinMs);
}

/** The names of objects, sorted. */
export function namesOf(objects: readonly KubeObject[]): string[] {
  return objects.map((object) => object.metadata.name).sort();
}

/** Makes a namespace with a name of its own. */
export async function makeNamespace(cluster: Cluster): Promise<string> {
  const metadata = { generateName: "contract-" } as ObjectMeta;
  const made = await cluster.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata });
  return made.metadata.name;
}

/** What to throw when something did not come true in time. */
export function overdue(what: string, withinMs: number): Error {
  return new Error(`Cannot observe ${what}: it did not come true within ${withinMs} ms`);
}
