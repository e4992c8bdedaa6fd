/** Laws of pruning: fields that the server does not know are not stored. */
import assert from "node:assert/strict";
import { REPLICA_SETS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { at } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { replicaSet, rollout, service } from "../manifests.ts";

export const laws = lawsOf("pruning", {
  "unknown fields of a ReplicaSet are dropped at every level": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = replicaSet(home, "a", {
      spec: { unknownInPod: 1 },
      container: { unknownInContainer: 1 },
    });
    const { spec, metadata } = wanted as { spec: object } & typeof wanted;
    const created = await cluster.create(REPLICA_SETS, {
      ...wanted,
      unknownAtTop: 1,
      spec: { ...spec, unknownInSpec: 1 },
      metadata: { ...metadata, unknownInMetadata: 1 } as typeof metadata,
    });
    assert.doesNotMatch(JSON.stringify(created), /unknown/);
  },

  "unknown fields of a Service are dropped": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ports = [{ port: 80, unknownInPort: 1 }];
    const wanted = service(home, "a", { unknownInSpec: 1, ports });
    const created = await cluster.create(SERVICES, { ...wanted, unknownAtTop: 1 });
    assert.doesNotMatch(JSON.stringify(created), /unknown/);
  },

  "unknown fields at the top of a Rollout, and in its metadata, are dropped": async (
    { cluster, namespace },
  ) => {
    const home = await namespace();
    const { metadata, ...wanted } = rollout(home, "a");
    const created = await cluster.create(ROLLOUTS, {
      ...wanted,
      unknownAtTop: 1,
      metadata: { ...metadata, unknownInMetadata: 1 } as typeof metadata,
    });
    assert.doesNotMatch(JSON.stringify(created), /unknown/);
  },

  "an open part of a Rollout keeps what it is given": async ({ cluster, namespace }) => {
    const home = await namespace();
    const template = {
      metadata: {},
      spec: { containers: [{ name: "a", image: "a", later: [1] }] },
    };
    const created = await cluster.create(ROLLOUTS, rollout(home, "a", { template }));
    const [container] = at(created, "spec", "template", "spec", "containers") as unknown[];
    assert.deepEqual(at(container, "later"), [1]);
  },

  "a patch that only adds unknown fields changes nothing": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const body = { unknownAtTop: { x: 1 } };
    for (
      const [type, wanted] of [
        [REPLICA_SETS, replicaSet(home, "a")],
        [ROLLOUTS, rollout(home, "a")],
      ] as const
    ) {
      const created = await cluster.create(type, wanted);
      const answer = await cluster.patch(type, ref, { type: "merge", body });
      assert.deepEqual(answer["spec"], created["spec"]);
      assert.equal(answer.metadata.generation, 1);
      assert.doesNotMatch(JSON.stringify(answer), /unknown/);
    }
  },
});
