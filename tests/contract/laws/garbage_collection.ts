/** Laws of garbage collection: what becomes of dependents when their owner goes. */
import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  NAMESPACES,
  REPLICA_SETS,
  ROLLOUTS,
} from "../../../core/api/names/resources.ts";
import type { DeleteOptions } from "../../../core/ports/mod.ts";
import type { KubeObject, OwnerReference } from "../../../sdk/api/object.ts";
import { at, gone, lookUp, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap, replicaSet, rollout } from "../manifests.ts";
import type { Subject } from "../subject.ts";

/** A reference to this owner. */
function ownedBy(
  { apiVersion, kind, metadata }: KubeObject,
  more: Partial<OwnerReference> = {},
): OwnerReference {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", ...more };
}

/** An owner "owner" and its dependent "dependent", both config maps. */
async function family(
  { cluster, namespace }: Subject,
  options: { blocking?: boolean; finalizers?: string[] } = {},
): Promise<{ home: string; owner: KubeObject; dependent: KubeObject }> {
  const home = await namespace();
  const owner = await cluster.create(CONFIG_MAPS, configMap(home, "owner"));
  const reference = ownedBy(owner, { blockOwnerDeletion: options.blocking ?? false });
  const { finalizers = [] } = options;
  const dependent = await cluster.create(
    CONFIG_MAPS,
    configMap(home, "dependent", { ownerReferences: [reference], finalizers }),
  );
  return { home, owner, dependent };
}

async function deleteOwner(subject: Subject, home: string, options?: DeleteOptions) {
  // The real collector learns of objects by watches: give it the time to see the family.
  await subject.elapse(1500);
  return await subject.cluster.delete(CONFIG_MAPS, { namespace: home, name: "owner" }, options);
}

/** Makes something that must be collected, and waits for that: the collector has come round. */
async function collectorCameRound(subject: Subject, home: string): Promise<void> {
  const stray = { apiVersion: "v1", kind: "ConfigMap", name: "never", uid: "no-such-uid" };
  await subject.cluster.create(CONFIG_MAPS, configMap(home, "stray", { ownerReferences: [stray] }));
  await gone(subject, CONFIG_MAPS, { namespace: home, name: "stray" });
}

export const laws = lawsOf("garbage collection", {
  "by default and in the background, the owner goes at once and its dependents follow": async (
    subject,
  ) => {
    for (const options of [undefined, { propagationPolicy: "Background" } as const]) {
      const { home } = await family(subject, { blocking: true });
      assert.equal(await deleteOwner(subject, home, options), undefined);
      assert.equal(
        await lookUp(subject, CONFIG_MAPS, { namespace: home, name: "owner" }),
        undefined,
      );
      await gone(subject, CONFIG_MAPS, { namespace: home, name: "dependent" });
    }
  },

  "it goes down a chain": async (subject) => {
    const { home, dependent } = await family(subject);
    const ownerReferences = [ownedBy(dependent)];
    await subject.cluster.create(CONFIG_MAPS, configMap(home, "grandchild", { ownerReferences }));
    await deleteOwner(subject, home);
    await gone(subject, CONFIG_MAPS, { namespace: home, name: "grandchild" });
  },

  "Orphan leaves the dependents, without the reference": async (subject) => {
    const { home } = await family(subject);
    await deleteOwner(subject, home, { propagationPolicy: "Orphan" });
    await gone(subject, CONFIG_MAPS, { namespace: home, name: "owner" });
    const ref = { namespace: home, name: "dependent" };
    await collectorCameRound(subject, home);
    const orphan = await subject.cluster.get(CONFIG_MAPS, ref);
    assert.equal(orphan.metadata.ownerReferences, undefined);
  },

  "Orphan holds the owner until its dependents are let go": async (subject) => {
    const { home } = await family(subject);
    const answer = await deleteOwner(subject, home, { propagationPolicy: "Orphan" });
    assert.deepEqual(answer?.metadata.finalizers, ["orphan"]);
    assert.ok(answer?.metadata.deletionTimestamp);
    await gone(subject, CONFIG_MAPS, { namespace: home, name: "owner" });
  },

  "Foreground holds the owner until its blocking dependents are gone": async (subject) => {
    const { home } = await family(subject, { blocking: true, finalizers: ["example.test/hold"] });
    const answer = await deleteOwner(subject, home, { propagationPolicy: "Foreground" });
    assert.deepEqual(answer?.metadata.finalizers, ["foregroundDeletion"]);
    assert.ok(answer?.metadata.deletionTimestamp);
    const dependent = { namespace: home, name: "dependent" };
    await subject.eventually("the deletion of the dependent", async () => {
      const read = await subject.cluster.get(CONFIG_MAPS, dependent);
      return read.metadata.deletionTimestamp;
    });
    await collectorCameRound(subject, home);
    const owner = { namespace: home, name: "owner" };
    assert.ok(await lookUp(subject, CONFIG_MAPS, owner), "the owner waits for its dependent");
    const release = { type: "merge", body: { metadata: { finalizers: null } } } as const;
    await subject.cluster.patch(CONFIG_MAPS, dependent, release);
    await gone(subject, CONFIG_MAPS, owner);
    await gone(subject, CONFIG_MAPS, dependent);
  },

  "Foreground does not wait for dependents that do not block": async (subject) => {
    const { home } = await family(subject, { blocking: false, finalizers: ["example.test/hold"] });
    await deleteOwner(subject, home, { propagationPolicy: "Foreground" });
    await gone(subject, CONFIG_MAPS, { namespace: home, name: "owner" });
    const dependent = { namespace: home, name: "dependent" };
    assert.ok(await lookUp(subject, CONFIG_MAPS, dependent));
  },

  "a dependent of an owner that never was, or is gone, is collected": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const former = await cluster.create(CONFIG_MAPS, configMap(home, "former"));
    await cluster.delete(CONFIG_MAPS, { namespace: home, name: "former" });
    await cluster.create(CONFIG_MAPS, configMap(home, "former"));
    const ownerReferences = [ownedBy(former)];
    await cluster.create(CONFIG_MAPS, configMap(home, "late", { ownerReferences }));
    await collectorCameRound(subject, home);
    await gone(subject, CONFIG_MAPS, { namespace: home, name: "late" });
    assert.ok(await lookUp(subject, CONFIG_MAPS, { namespace: home, name: "former" }));
  },

  "an owner in another namespace counts as none": async (subject) => {
    const { cluster, namespace } = subject;
    const owner = await cluster.create(CONFIG_MAPS, configMap(await namespace(), "owner"));
    const home = await namespace();
    const ownerReferences = [ownedBy(owner)];
    await cluster.create(CONFIG_MAPS, configMap(home, "dependent", { ownerReferences }));
    await gone(subject, CONFIG_MAPS, { namespace: home, name: "dependent" });
  },

  "what lives in a namespace goes with it": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    await cluster.create(CONFIG_MAPS, configMap(home, "a"));
    await cluster.create(ROLLOUTS, rollout(home, "a"));
    await cluster.delete(NAMESPACES, { name: home });
    const going = await cluster.get(NAMESPACES, { name: home });
    assert.equal(at(going, "status", "phase"), "Terminating");
    await refused(cluster.create(CONFIG_MAPS, configMap(home, "late")), {
      code: 403,
      reason: "Forbidden",
      message: `configmaps "late" is forbidden: unable to create new content in namespace ` +
        `${home} because it is being terminated`,
    });
    await gone(subject, NAMESPACES, { name: home }, 60_000);
    assert.deepEqual((await cluster.list(ROLLOUTS, { namespace: home })).items, []);
    assert.deepEqual((await cluster.list(CONFIG_MAPS, { namespace: home })).items, []);
  },

  "a dependent with another owner stays, without the reference to the one that went": async (
    subject,
  ) => {
    const { cluster } = subject;
    const { home, owner } = await family(subject);
    const other = await cluster.create(CONFIG_MAPS, configMap(home, "other"));
    const ownerReferences = [ownedBy(owner), ownedBy(other)];
    await cluster.create(CONFIG_MAPS, configMap(home, "shared", { ownerReferences }));
    await deleteOwner(subject, home);
    const names = await subject.eventually("one owner", async () => {
      const read = await cluster.get(CONFIG_MAPS, { namespace: home, name: "shared" });
      const owners = read.metadata.ownerReferences?.map(({ name }) => name);
      return owners?.length === 1 ? owners : undefined;
    });
    assert.deepEqual(names, ["other"]);
  },

  "ReplicaSets go with their Rollout": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const owner = await cluster.create(ROLLOUTS, rollout(home, "a"));
    const set = replicaSet(home, "a-1");
    const controller = ownedBy(owner, { controller: true, blockOwnerDeletion: true });
    const metadata = { ...set.metadata, ownerReferences: [controller] };
    await cluster.create(REPLICA_SETS, { ...set, metadata });
    await subject.elapse(1500);
    await cluster.delete(ROLLOUTS, { namespace: home, name: "a" });
    // A real collector looks for new custom kinds every 30 s only.
    await gone(subject, REPLICA_SETS, { namespace: home, name: "a-1" }, 90_000);
  },

  "a reference without uid, name or kind is refused, as are two controllers": async (
    { cluster, namespace },
  ) => {
    const home = await namespace();
    const whole = { apiVersion: "v1", kind: "ConfigMap", name: "b", uid: "u", controller: true };
    const rows = [
      [{ ...whole, uid: "" }],
      [{ ...whole, name: "" }],
      [{ ...whole, kind: "" }],
      [whole, { ...whole, uid: "v" }],
    ];
    for (const ownerReferences of rows) {
      await refused(cluster.create(CONFIG_MAPS, configMap(home, "a", { ownerReferences })), {
        code: 422,
        reason: "Invalid",
        message: /metadata\.ownerReferences/,
      });
    }
  },
});
