/** Laws of finalizers: an object that somebody still has to clean up after lives on. */
import assert from "node:assert/strict";
import { CONFIG_MAPS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { at, lookUp, refused, versionOf } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, rollout } from "../manifests.ts";
import type { Subject } from "../subject.ts";

const held = { finalizers: ["example.test/hold"] };

/** A config map that is being deleted, and where it lives. */
async function dying({ cluster, namespace }: Subject) {
  const home = await namespace();
  const ref = { namespace: home, name: "a" };
  const created = await cluster.create(CONFIG_MAPS, configMap(home, "a", held));
  const answer = await cluster.delete(CONFIG_MAPS, ref);
  return { ref, created, answer };
}

export const laws = lawsOf("finalizers", {
  "a delete marks the object, which lives on": async (subject) => {
    const { ref, created, answer } = await dying(subject);
    const read = await subject.cluster.get(CONFIG_MAPS, ref);
    assert.deepEqual(answer, read);
    assert.match(read.metadata.deletionTimestamp ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(read.metadata.deletionGracePeriodSeconds, 0);
    assert.deepEqual(read.metadata.finalizers, held.finalizers);
    assert.ok(versionOf(read) > versionOf(created));
  },

  "a delete counts as a change of generation": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = rollout(home, "a");
    await cluster.create(ROLLOUTS, { ...wanted, metadata: { ...wanted.metadata, ...held } });
    const answer = await cluster.delete(ROLLOUTS, { namespace: home, name: "a" });
    assert.equal(answer?.metadata.generation, 2);
  },

  "the object goes when its last finalizer does": async (subject) => {
    const { cluster } = subject;
    const { ref } = await dying(subject);
    const release = { type: "merge", body: { metadata: { finalizers: [] } } } as const;
    const last = await cluster.patch(CONFIG_MAPS, ref, release);
    assert.equal(last.metadata.finalizers, undefined);
    assert.ok(last.metadata.deletionTimestamp);
    assert.equal(await lookUp(subject, CONFIG_MAPS, ref), undefined);
  },

  "a second delete changes nothing": async (subject) => {
    const { ref, answer } = await dying(subject);
    const again = await subject.cluster.delete(CONFIG_MAPS, ref);
    assert.deepEqual(again, answer);
  },

  "no finalizer may be added to an object that is being deleted": async (subject) => {
    const { ref } = await dying(subject);
    const finalizers = [...held.finalizers, "example.test/late"];
    const patch = { type: "merge", body: { metadata: { finalizers } } } as const;
    await refused(subject.cluster.patch(CONFIG_MAPS, ref, patch), {
      code: 422,
      reason: "Invalid",
      message:
        'ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be ' +
        'added if the object is being deleted, found new finalizers []string{"example.test/late"}',
    });
  },

  "an object that is being deleted can still be changed": async (subject) => {
    const { ref } = await dying(subject);
    const patch = { type: "merge", body: { data: { key: "two" } } } as const;
    const answer = await subject.cluster.patch(CONFIG_MAPS, ref, patch);
    assert.equal(at(answer, "data", "key"), "two");
    assert.ok(answer.metadata.deletionTimestamp);
  },

  "its name is taken until it is gone": async (subject) => {
    const { ref } = await dying(subject);
    await refused(subject.cluster.create(CONFIG_MAPS, configMap(ref.namespace, "a")), {
      code: 409,
      reason: "AlreadyExists",
      message: 'object is being deleted: configmaps "a" already exists',
    });
  },

  "nobody else can mark an object as deleted": async ({ cluster, namespace }) => {
    const home = await namespace();
    const deletionTimestamp = "2020-01-01T00:00:00Z";
    const created = await cluster.create(CONFIG_MAPS, configMap(home, "a", { deletionTimestamp }));
    assert.equal(created.metadata.deletionTimestamp, undefined);
  },

  "a finalizer needs a qualified name": async ({ cluster, namespace }) => {
    const home = await namespace();
    await refused(cluster.create(CONFIG_MAPS, configMap(home, "a", { finalizers: ["hold"] })), {
      code: 422,
      reason: "Invalid",
      message: /metadata\.finalizers.*: Invalid value: "hold"/,
    });
  },
});
