/** A Deployment that laws change, and what they read of it. */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { DEPLOYMENTS, REPLICA_SETS } from "../../core/api/names/resources.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { at } from "./expect.ts";
import { deployment, labelsOf, podSpec } from "./manifests.ts";
import type { Subject } from "./subject.ts";
import { podsOf } from "./workload.ts";
import type { Fields } from "../../sdk/wire/json.ts";

/** What its pods run at first. */
export const FIRST = "registry.test/main:1.0";
/** What they run next. */
export const SECOND = "registry.test/main:2.0";
/** Nobody ever gets this one to run. */
export const BAD = "does-not-exist:1";
/** The annotation with the number of a template. */
export const REVISION = "deployment.kubernetes.io/revision";

/** How many replicas each image has, by what the ReplicaSets ask for; without empty sets. */
export type Sizes = Record<string, number>;

/** A template of pods with this image. */
export function template(image: string): Fields {
  return { metadata: { labels: labelsOf("a") }, spec: podSpec({ container: { image } }) };
}

/** The image of a pod, or of the pods of a ReplicaSet. */
export function imageOf(object: KubeObject): string {
  const spec = at(object, "spec", "template", "spec") ?? object["spec"];
  return String(at(spec, "containers", 0, "image"));
}

/** How many pods a ReplicaSet asks for. */
export function sizeOf(set: KubeObject): number {
  return Number(at(set, "spec", "replicas"));
}

/** True once the controller has seen the Deployment as it is, and its pods are there or gone. */
export function isDone(object: KubeObject): boolean {
  const status = object["status"] as Fields;
  const wanted = Number(at(object, "spec", "replicas"));
  return status["observedGeneration"] === object.metadata.generation &&
    ["replicas", "updatedReplicas", "availableReplicas"]
      .every((count) => (status[count] ?? 0) === wanted) &&
    status["terminatingReplicas"] === 0 &&
    at(progressing(object), "reason") === "NewReplicaSetAvailable";
}

/** The condition Progressing. */
export function progressing(object: KubeObject): Fields | undefined {
  const conditions = (at(object, "status", "conditions") ?? []) as Fields[];
  return conditions.find(({ type }) => type === "Progressing");
}

/** A namespace with a Deployment "a" of pods with the first image, and ways to change it. */
export async function stage(subject: Subject, spec: Fields, metadata: Fields = {}) {
  const { cluster, eventually } = subject;
  const home = await subject.namespace();
  const ref = { namespace: home, name: "a" };
  const wanted = deployment(home, "a", spec);
  const made = await cluster.create(DEPLOYMENTS, {
    ...wanted,
    metadata: { ...wanted.metadata, ...metadata },
  });
  const merge = (body: unknown) => cluster.patch(DEPLOYMENTS, ref, { type: "merge", body });
  const sets = async () => (await cluster.list(REPLICA_SETS, { namespace: home })).items;
  const until = (what: string, isSo: (object: KubeObject) => boolean) =>
    eventually(what, async () => {
      const read = await cluster.get(DEPLOYMENTS, ref);
      return isSo(read) ? read : undefined;
    });
  const sizes = async (): Promise<Sizes> =>
    Object.fromEntries(
      (await sets()).filter((set) => sizeOf(set) > 0).map((set) => [imageOf(set), sizeOf(set)]),
    );
  return {
    home,
    ref,
    made,
    merge,
    sets,
    until,
    sizes,
    pods: () => podsOf(subject, home, "a"),
    done: () => until("a complete update", isDone),
    scale: (replicas: number) => merge({ spec: { replicas } }),
    setImage: (image: string) => merge({ spec: { template: template(image) } }),
    set: async (image: string) => (await sets()).find((set) => imageOf(set) === image),
    /** Waits until the sets have these sizes, and their pods are counted; then sees them stay. */
    async rests(expected: Sizes) {
      const total = Object.values(expected).reduce((sum, size) => sum + size, 0);
      await eventually(`sets of ${JSON.stringify(expected)}`, async () => {
        const { status } = await cluster.get(DEPLOYMENTS, ref);
        const isCounted = (at(status, "replicas") ?? 0) === total;
        return isCounted && isDeepStrictEqual(await sizes(), expected) || undefined;
      });
      await subject.elapse(2500);
      assert.deepEqual(await sizes(), expected);
    },
  };
}

/** What a status counts. */
export function countsOf({ status }: KubeObject): Fields {
  const { conditions: _conditions, ...counts } = status as Fields;
  return counts;
}

/** Conditions without their times, by type. */
export function findingsOf(object: KubeObject): unknown {
  const conditions = at(object, "status", "conditions") as Fields[];
  return Object.fromEntries(
    conditions.map(({ type, status, reason, message }) => [type, [status, reason, message]]),
  );
}
