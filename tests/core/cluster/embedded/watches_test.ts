import assert from "node:assert/strict";
import { CONFIG_MAPS } from "../../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../../sdk/wire/resource_type.ts";
import { configMap, makeWorld, type World } from "./world.ts";

async function version({ client }: World, type: ResourceType = CONFIG_MAPS): Promise<string> {
  return (await client.list(type)).resourceVersion;
}

function relabel({ client }: World, name: string, labels: Record<string, string | null>) {
  const body = { metadata: { labels } };
  return client.patch(CONFIG_MAPS, { namespace: "default", name }, { type: "merge", body });
}

Deno.test("a watch tells what happened after its resourceVersion, also before it was opened", async () => {
  const world = makeWorld();
  const { client, cluster, heard } = world;
  await client.create(CONFIG_MAPS, configMap("old"));
  const resourceVersion = await version(world);
  await client.create(CONFIG_MAPS, configMap("a"));
  const { lines } = heard(CONFIG_MAPS, { resourceVersion });
  await relabel(world, "a", { x: "1" });
  await client.delete(CONFIG_MAPS, { namespace: "default", name: "a" });
  cluster.settle();
  assert.deepEqual(lines, ["ADDED a", "MODIFIED a", "DELETED a"]);
});

Deno.test("a watch from version 0 begins with all that is there", async () => {
  const { client, cluster, heard } = makeWorld();
  await client.create(CONFIG_MAPS, configMap("b"));
  await client.create(CONFIG_MAPS, configMap("a"));
  const { lines } = heard(CONFIG_MAPS);
  await client.create(CONFIG_MAPS, configMap("c"));
  cluster.settle();
  assert.deepEqual(lines, ["ADDED a", "ADDED b", "ADDED c"]);
});

Deno.test("what starts to match comes, and what stops to match goes as it last was", async () => {
  const world = makeWorld();
  const { client, cluster, heard } = world;
  await client.create(CONFIG_MAPS, configMap("a"));
  const { lines, objects } = heard(CONFIG_MAPS, { labelSelector: "x=1" });
  await relabel(world, "a", { x: "1" });
  await relabel(world, "a", { y: "2" });
  const gone = await relabel(world, "a", { x: null });
  await relabel(world, "a", { z: "3" });
  cluster.settle();
  assert.deepEqual(lines, ["ADDED a", "MODIFIED a", "DELETED a"]);
  const last = objects.at(-1)?.metadata;
  assert.deepEqual(last?.labels, { x: "1", y: "2" });
  assert.equal(last?.resourceVersion, gone.metadata.resourceVersion);
});

Deno.test("a deletion carries a resourceVersion of its own", async () => {
  const world = makeWorld();
  const { client, cluster, heard } = world;
  const made = await client.create(CONFIG_MAPS, configMap("a"));
  const { objects } = heard(CONFIG_MAPS);
  await client.delete(CONFIG_MAPS, made.metadata);
  cluster.settle();
  const deleted = Number(objects.at(-1)?.metadata.resourceVersion);
  assert.ok(deleted > Number(made.metadata.resourceVersion));
  assert.equal(String(deleted), await version(world));
});

Deno.test("a write that changes nothing is no event", async () => {
  const world = makeWorld();
  await world.client.create(CONFIG_MAPS, configMap("a"));
  const before = await version(world);
  const { lines } = world.heard(CONFIG_MAPS, { resourceVersion: before });
  await relabel(world, "a", { none: null });
  world.cluster.settle();
  assert.deepEqual(lines, []);
  assert.equal(await version(world), before);
});

Deno.test("a stopped watch hears nothing more, not even what is queued", async () => {
  const { client, cluster, clock, heard } = makeWorld();
  const { lines, stop } = heard(CONFIG_MAPS, { timeoutSeconds: 30 });
  await client.create(CONFIG_MAPS, configMap("a"));
  stop();
  cluster.settle();
  assert.deepEqual(lines, []);
  assert.equal(clock.nextDueMs(), undefined);
});

Deno.test("a watch ends after its time, and says before how far it has come", async () => {
  const { client, elapse, heard } = makeWorld();
  const { lines } = heard(CONFIG_MAPS, { timeoutSeconds: 30 });
  elapse(27_999);
  assert.deepEqual(lines, []);
  elapse(1);
  assert.deepEqual(lines, ["BOOKMARK"]);
  elapse(2000);
  await client.create(CONFIG_MAPS, configMap("a"));
  elapse(60_000);
  assert.deepEqual(lines, ["BOOKMARK", "END"]);
});

Deno.test("a watch gets a bookmark each minute, with the version of all that it was told", async () => {
  const world = makeWorld();
  const { client, elapse, heard } = world;
  const { lines, objects } = heard(CONFIG_MAPS, { labelSelector: "x" });
  await client.create(CONFIG_MAPS, configMap("a"));
  elapse(180_000);
  assert.deepEqual(lines, ["BOOKMARK", "BOOKMARK", "BOOKMARK"]);
  assert.deepEqual(objects.at(-1), {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { resourceVersion: await version(world) },
  });
});

Deno.test("a watch from before the kept history ends with 410, as one after compact() does", async () => {
  const world = makeWorld({ eventWindow: 3 });
  const { client, cluster, heard } = world;
  const first = await version(world);
  for (const name of ["a", "b", "c"]) await client.create(CONFIG_MAPS, configMap(name));
  const inTime = heard(CONFIG_MAPS, { resourceVersion: first });
  await client.create(CONFIG_MAPS, configMap("d"));
  const tooLate = heard(CONFIG_MAPS, { resourceVersion: first });
  cluster.settle();
  assert.deepEqual(inTime.lines, ["ADDED a", "ADDED b", "ADDED c", "ADDED d"]);
  const oldest = Number(first) + 1;
  assert.deepEqual(tooLate.lines, [`END too old resource version: ${first} (${oldest})`]);

  const last = await version(world);
  await client.create(CONFIG_MAPS, configMap("e"));
  cluster.compact();
  const compacted = heard(CONFIG_MAPS, { resourceVersion: last });
  const resumed = heard(CONFIG_MAPS, { resourceVersion: await version(world) });
  await client.create(CONFIG_MAPS, configMap("f"));
  cluster.settle();
  assert.match(compacted.lines[0] ?? "", /^END too old resource version/);
  assert.deepEqual(resumed.lines, ["ADDED f"]);
});

Deno.test("dropWatches() ends all watches in good order, after what is queued", async () => {
  const { client, cluster, heard } = makeWorld();
  const one = heard(CONFIG_MAPS);
  await client.create(CONFIG_MAPS, configMap("a"));
  cluster.dropWatches();
  await client.create(CONFIG_MAPS, configMap("b"));
  cluster.settle();
  assert.deepEqual(one.lines, ["ADDED a", "END"]);
});

Deno.test("a watch that cannot be opened ends with the reason, later", () => {
  const { cluster, heard } = makeWorld();
  const unknown = heard({ ...CONFIG_MAPS, plural: "nothings" });
  const unreadable = heard(CONFIG_MAPS, { resourceVersion: "abc" });
  const unselectable = heard(CONFIG_MAPS, { fieldSelector: "data.a=1" });
  assert.deepEqual(unknown.lines, []);
  cluster.settle();
  assert.deepEqual(unknown.lines, ["END the server could not find the requested resource"]);
  assert.match(unreadable.lines[0] ?? "", /^END resourceVersion: Invalid value: "abc"/);
  assert.match(unselectable.lines[0] ?? "", /^END "data.a" is not a known field selector/);
});

Deno.test("a watch from a version that is still to come waits for it", async () => {
  const world = makeWorld();
  const { client, cluster, heard } = world;
  const next = String(Number(await version(world)) + 1);
  const { lines } = heard(CONFIG_MAPS, { resourceVersion: next });
  await client.create(CONFIG_MAPS, configMap("a"));
  await client.create(CONFIG_MAPS, configMap("b"));
  cluster.settle();
  assert.deepEqual(lines, ["ADDED b"]);
});
