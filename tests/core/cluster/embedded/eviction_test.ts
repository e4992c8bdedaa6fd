import assert from "node:assert/strict";
import {
  POD_DISRUPTION_BUDGETS,
  PODS,
  REPLICA_SETS,
} from "../../../../core/api/names/resources.ts";
import { makeWorld, replicaSet, type World } from "./world.ts";

/** Three ready pods, of which two must stay; the world has seen the budget. */
async function guarded(): Promise<{ world: World; names: string[] }> {
  const world = makeWorld();
  await world.client.create(REPLICA_SETS, replicaSet("web", 3));
  await world.client.create(POD_DISRUPTION_BUDGETS, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { namespace: "default", name: "web" },
    spec: { minAvailable: 2, selector: { matchLabels: { app: "a" } } },
  });
  world.elapse(2000);
  world.writes.length = 0;
  return { world, names: world.cluster.objects(PODS).map(({ metadata }) => metadata.name) };
}

function evict({ client }: World, name = ""): Promise<unknown> {
  const metadata = { namespace: "default", name };
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata };
  return client.create(PODS, eviction, { subresource: "eviction" });
}

Deno.test("two evictions of one moment do not both get the one that is allowed", async () => {
  const { world, names: [first, second] } = await guarded();
  await evict(world, first);
  await assert.rejects(evict(world, second), { code: 429 });
});

Deno.test("a dry run of an eviction takes nothing from the budget", async () => {
  const { world, names: [first, second] } = await guarded();
  const metadata = { namespace: "default", name: first ?? "" };
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata };
  await world.client.create(PODS, eviction, { subresource: "eviction", dryRun: true });
  assert.deepEqual(world.writes, []);
  await evict(world, second);
});

Deno.test("an eviction is one write of the user; what follows from it is the server's", async () => {
  const { world, names: [first] } = await guarded();
  await evict(world, first);
  const ours = world.writes.filter(({ userAgent }) => userAgent === "test")
    .map(({ verb, type, subresource, name }) => `${verb} ${type.plural}/${subresource} ${name}`);
  assert.deepEqual(ours, [`create pods/eviction ${first}`]);
});

Deno.test("a budget that nobody has looked at since it changed asks to come again", async () => {
  const { world, names: [first] } = await guarded();
  const ref = { namespace: "default", name: "web" };
  const body = { spec: { minAvailable: 1 } };
  await world.client.patch(POD_DISRUPTION_BUDGETS, ref, { type: "merge", body });
  await assert.rejects(evict(world, first), { code: 429, retryAfterSeconds: 10 });
  world.elapse(0);
  await evict(world, first);
});
