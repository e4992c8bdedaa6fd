/** Laws of optimistic concurrency: a writer that looked at an old object is told so. */
import assert from "node:assert/strict";
import { CONFIG_MAPS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, rollout, service } from "../manifests.ts";
import type { Subject } from "../subject.ts";

const modified = "the object has been modified; please apply your changes to the latest version " +
  "and try again";

/** Makes an object and changes it: answers what a slow reader still holds, and what is stored. */
async function overtaken(
  { cluster }: Subject,
  type: ResourceType,
  object: KubeObject,
): Promise<{ stale: KubeObject; present: KubeObject }> {
  const stale = await cluster.create(type, object);
  const { namespace = "", name } = stale.metadata;
  const body = { metadata: { labels: { touched: "yes" } } };
  const present = await cluster.patch(type, { namespace, name }, { type: "merge", body });
  return { stale, present };
}

function conflictOn(resource: string) {
  const message = `Operation cannot be fulfilled on ${resource}: ${modified}`;
  return { code: 409, reason: "Conflict", message };
}

export const laws = lawsOf("conflicts", {
  "an update of an object that has changed is refused, and changes nothing": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const { stale, present } = await overtaken(subject, SERVICES, service(home, "a"));
    await refused(cluster.update(SERVICES, stale), conflictOn('services "a"'));
    assert.deepEqual(await cluster.get(SERVICES, { namespace: home, name: "a" }), present);
    const again = await cluster.update(SERVICES, { ...present, spec: stale["spec"] });
    assert.equal(again.metadata.resourceVersion, present.metadata.resourceVersion);
  },

  "a status update of an object that has changed is refused": async (subject) => {
    const { cluster, namespace } = subject;
    const { stale } = await overtaken(subject, ROLLOUTS, rollout(await namespace(), "a"));
    const update = cluster.update(ROLLOUTS, { ...stale, status: { phase: "Healthy" } }, {
      subresource: "status",
    });
    await refused(update, conflictOn('rollouts.argoproj.io "a"'));
  },

  "a patch that carries an old resourceVersion is refused": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const { stale, present } = await overtaken(subject, SERVICES, service(home, "a"));
    for (const type of ["merge", "strategic"] as const) {
      const { resourceVersion } = stale.metadata;
      const body = { metadata: { resourceVersion }, spec: { sessionAffinity: "ClientIP" } };
      const patch = cluster.patch(SERVICES, ref, { type, body });
      await refused(patch, conflictOn('services "a"'));
    }
    assert.deepEqual(await cluster.get(SERVICES, ref), present);
    const other = await overtaken(subject, ROLLOUTS, rollout(home, "b"));
    const { resourceVersion } = other.stale.metadata;
    const body = { metadata: { resourceVersion }, status: { phase: "Healthy" } };
    const patch = { type: "merge", body } as const;
    const late = cluster.patch(ROLLOUTS, { namespace: home, name: "b" }, patch, {
      subresource: "status",
    });
    await refused(late, conflictOn('rollouts.argoproj.io "b"'));
  },

  "a patch that carries the present resourceVersion, or none, is taken": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const { present } = await overtaken(subject, ROLLOUTS, rollout(home, "a"));
    const { resourceVersion } = present.metadata;
    const careful = await cluster.patch(ROLLOUTS, ref, {
      type: "merge",
      body: { metadata: { resourceVersion }, spec: { replicas: 3 } },
    });
    assert.equal((careful["spec"] as { replicas: number }).replicas, 3);
    const careless = await cluster.patch(ROLLOUTS, ref, {
      type: "merge",
      body: { spec: { replicas: 4 } },
    });
    assert.equal((careless["spec"] as { replicas: number }).replicas, 4);
  },

  "an update without resourceVersion wins on built-in kinds": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const { present } = await overtaken(subject, CONFIG_MAPS, configMap(home, "a"));
    const replaced = await cluster.update(CONFIG_MAPS, configMap(home, "a"));
    assert.equal(replaced.metadata.labels, undefined);
    assert.equal(replaced.metadata.uid, present.metadata.uid);
    assert.equal(replaced.metadata.creationTimestamp, present.metadata.creationTimestamp);
  },

  "an update without resourceVersion is refused on custom kinds": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(ROLLOUTS, rollout(home, "a"));
    await refused(cluster.update(ROLLOUTS, rollout(home, "a")), {
      code: 422,
      reason: "Invalid",
      message: 'rollouts.argoproj.io "a" is invalid: metadata.resourceVersion: Invalid value: 0: ' +
        "must be specified for an update",
    });
  },

  "an update of an object that was made anew is refused": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const former = await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    await cluster.delete(CONFIG_MAPS, ref);
    const present = await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    const { uid = "" } = former.metadata;
    await refused(cluster.update(CONFIG_MAPS, configMap(home, "a", { uid })), {
      code: 409,
      reason: "Conflict",
      message: 'Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, ' +
        `Code: 4, Key: /registry/configmaps/${home}/a, ResourceVersion: 0, AdditionalErrorMsg: ` +
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ` +
        `${present.metadata.uid}`,
    });
  },

  "a delete with preconditions that do not hold is refused": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const { stale, present } = await overtaken(subject, CONFIG_MAPS, configMap(home, "a"));
    const { resourceVersion = "" } = stale.metadata;
    const refusal = { code: 409, reason: "Conflict" };
    const byVersion = { preconditions: { resourceVersion } };
    await refused(cluster.delete(CONFIG_MAPS, ref, byVersion), refusal);
    const byUid = { preconditions: { uid: "00000000-0000-0000-0000-000000000000" } };
    await refused(cluster.delete(CONFIG_MAPS, ref, byUid), refusal);
    const { uid = "" } = present.metadata;
    await cluster.delete(CONFIG_MAPS, ref, { preconditions: { uid } });
    await refused(cluster.get(CONFIG_MAPS, ref), { code: 404, reason: "NotFound" });
  },
});
