/** Whatever is done to a Deployment, it comes to rest with what it asks for. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DEPLOYMENTS, PODS, REPLICA_SETS } from "../../../../../core/api/names/resources.ts";
import { deployment, makeWorld, type World } from "../world.ts";
import type { Fields } from "../../../../../sdk/wire/json.ts";

const ref = { namespace: "default", name: "a" };
/** No change of the spec: somebody deletes a ReplicaSet. */
const DELETION: Fields = {};
/** More writes than any of these worlds needs: beyond, controllers chase each other. */
const WRITES_MAX = 20_000;

const RECREATE = { strategy: { type: "Recreate" } };

const rolling = fc.record({
  maxSurge: fc.constantFrom<unknown>(0, 1, 3, "25%", "100%"),
  maxUnavailable: fc.constantFrom<unknown>(1, 2, "25%", "100%"),
}).map((rollingUpdate) => ({ strategy: { rollingUpdate } }));

const others = [
  fc.constantFrom("1", "2", "3", "bad").map(templateOf),
  fc.nat(9).map((replicas) => ({ replicas })),
  fc.boolean().map((paused) => ({ paused })),
  fc.nat(2).map((revisionHistoryLimit) => ({ revisionHistoryLimit })),
  fc.nat(3).map((minReadySeconds) => ({ minReadySeconds })),
  fc.constant(DELETION),
];

/** Changes of the spec, each so long after the one before. */
function scriptOf(...changes: fc.Arbitrary<Fields>[]) {
  const entry = fc.record({ change: fc.oneof(...changes), afterMs: fc.nat(4000) });
  return fc.array(entry, { maxLength: 12 });
}

// A real controller that finds pods in two sets and the strategy Recreate is stuck for ever, and
// so is this one (a law of the contract): here the strategy does not change so.
const lives = fc.oneof(
  fc.record({ start: fc.constant<Fields>(RECREATE), script: scriptOf(...others) }),
  fc.record({ start: rolling, script: scriptOf(...others, rolling) }),
);

function templateOf(image: string): Fields {
  return { template: { spec: { containers: [{ name: "main", image }] } } };
}

async function merge({ client }: World, spec: Fields): Promise<void> {
  await client.patch(DEPLOYMENTS, ref, { type: "merge", body: { spec } });
}

async function deleteSet({ client, cluster }: World): Promise<void> {
  const [set] = cluster.objects(REPLICA_SETS);
  if (set !== undefined) await client.delete(REPLICA_SETS, set.metadata);
}

Deno.test("whatever is done to a Deployment, it comes to rest with what it asks for", async () => {
  await fc.assert(
    fc.asyncProperty(lives, async ({ start, script }) => {
      const world = makeWorld();
      world.cluster.failImage("bad");
      world.cluster.onWrite(() => assert.ok(world.writes.length < WRITES_MAX, "there is no end"));
      await world.client.create(DEPLOYMENTS, deployment("a", { replicas: 3, ...start }));
      for (const { change, afterMs } of script) {
        world.elapse(afterMs);
        await (change === DELETION ? deleteSet(world) : merge(world, change));
      }
      await merge(world, { ...templateOf("last"), paused: false });
      world.elapse(3_600_000);
      const { metadata, spec, status } = await world.client.get(DEPLOYMENTS, ref);
      const { replicas, revisionHistoryLimit } = spec as Record<string, number>;
      const { observedGeneration, conditions, ...counts } = status as Fields;
      const all = replicas === 0 ? {} : {
        availableReplicas: replicas,
        readyReplicas: replicas,
        replicas,
        updatedReplicas: replicas,
      };
      assert.deepEqual(counts, { ...all, terminatingReplicas: 0 });
      assert.equal(observedGeneration, metadata.generation);
      const progressing = (conditions as Fields[]).find(({ type }) => type === "Progressing");
      assert.equal(progressing?.["reason"], "NewReplicaSetAvailable");
      const pods = world.cluster.objects(PODS);
      const images = pods.map((pod) =>
        (pod["spec"] as { containers: Fields[] }).containers[0]?.["image"]
      );
      assert.deepEqual(images, Array(replicas).fill("last"));
      assert.ok(world.cluster.objects(REPLICA_SETS).length <= (revisionHistoryLimit ?? 0) + 1);
    }),
    { numRuns: 150 },
  );
});
