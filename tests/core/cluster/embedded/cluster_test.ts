import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  CUSTOM_RESOURCE_DEFINITIONS,
  ENDPOINT_SLICES,
  NAMESPACES,
  PODS,
  REPLICA_SETS,
  SERVICES,
} from "../../../../core/api/names/resources.ts";
import {
  configMap,
  makeWorld,
  replicaSet,
  service,
  widget,
  widgetDefinition,
  WIDGETS,
} from "./world.ts";

/** Everything that a busy cluster holds and reported. */
function busyCluster(seed: number): string {
  const { cluster, client, elapse, writes } = makeWorld({ seed });
  client.create(SERVICES, service("a"));
  client.create(REPLICA_SETS, replicaSet("one", 5));
  elapse(5000);
  client.create(REPLICA_SETS, replicaSet("two", 3));
  const ref = { namespace: "default", name: "one" };
  client.patch(REPLICA_SETS, ref, { type: "merge", body: { spec: { replicas: 2 } } });
  elapse(5000);
  const types = [PODS, REPLICA_SETS, SERVICES, ENDPOINT_SLICES, NAMESPACES];
  return JSON.stringify([types.map((type) => cluster.objects(type)), writes]);
}

Deno.test("the same seed and the same calls give the same bytes", () => {
  assert.equal(busyCluster(5), busyCluster(5));
  assert.notEqual(busyCluster(5), busyCluster(6));
});

Deno.test("a call has done its work when it returns", () => {
  const { cluster, client } = makeWorld();
  client.create(CONFIG_MAPS, configMap("a"));
  assert.deepEqual(cluster.objects(CONFIG_MAPS).map(({ metadata }) => metadata.name), ["a"]);
});

Deno.test("a refused call rejects, and never throws", async () => {
  const { client } = makeWorld();
  const ref = { namespace: "default", name: "none" };
  const answers = [
    client.get(CONFIG_MAPS, ref),
    client.delete(CONFIG_MAPS, ref),
    client.update(CONFIG_MAPS, configMap("none")),
    client.list({ ...CONFIG_MAPS, plural: "nothings" }),
  ];
  for (const answer of answers) await assert.rejects(answer, { code: 404, reason: "NotFound" });
});

Deno.test("objects are frozen throughout, and what was handed in stays the caller's", async () => {
  const { client } = makeWorld();
  const wanted = widget("a", { list: [{ deep: 1 }] });
  const made = await client.create(WIDGETS, wanted);
  const { list } = made["spec"] as { list: { deep: number }[] };
  assert.throws(() => {
    list[0]!.deep = 2;
  }, TypeError);
  (wanted["spec"] as { list: unknown[] }).list.push("later");
  const read = await client.get(WIDGETS, made.metadata);
  assert.equal(read, made);
  assert.deepEqual(read["spec"], { list: [{ deep: 1 }] });
});

Deno.test("parts that a write leaves alone stay the same objects", async () => {
  const { client } = makeWorld();
  const made = await client.create(REPLICA_SETS, replicaSet("a", 0));
  const body = { spec: { replicas: 1 } };
  const after = await client.patch(REPLICA_SETS, made.metadata, { type: "merge", body });
  const template = ({ spec }: typeof made) => (spec as { template: unknown }).template;
  assert.equal(template(after), template(made));
  assert.equal(after["status"], made["status"]);
});

Deno.test("every write is reported with who wrote, and whether anything changed", async () => {
  const { client, cluster, writes } = makeWorld();
  const made = await client.create(WIDGETS, widget("a", { replicas: 1 }));
  const scale = { type: "merge", body: { spec: { replicas: 2 } } } as const;
  await client.patch(WIDGETS, made.metadata, scale, { subresource: "scale" });
  await client.patch(WIDGETS, made.metadata, scale);
  await client.patch(WIDGETS, made.metadata, scale, { dryRun: true });
  await cluster.client("other").delete(WIDGETS, made.metadata);
  const told = writes.map(({ userAgent, verb, type, subresource, namespace, name, changed }) =>
    [userAgent, verb, type.plural, subresource ?? "", namespace, name, changed].join(" ")
  );
  assert.deepEqual(told, [
    "test create widgets  default a true",
    "test patch widgets scale default a true",
    "test patch widgets  default a false",
    "other delete widgets  default a true",
  ]);
  const [create, patch, noChange, remove] = writes;
  assert.equal(create?.before, undefined);
  assert.equal(create?.after, made);
  assert.equal(patch?.before, made);
  assert.equal(noChange?.before, noChange?.after);
  assert.equal(remove?.before, patch?.after);
  assert.equal(remove?.after, undefined);
});

Deno.test("a refused write is not reported, and changes nothing", async () => {
  const { client, cluster, writes } = makeWorld();
  const before = cluster.objects(NAMESPACES);
  await assert.rejects(client.create(CONFIG_MAPS, configMap("Not_a_name")), { code: 422 });
  assert.deepEqual(writes, []);
  assert.equal(cluster.objects(NAMESPACES), before);
  assert.deepEqual(cluster.objects(CONFIG_MAPS), []);
});

Deno.test("a settled cluster has nothing to do, and writes nothing as time passes", () => {
  const { client, cluster, elapse, writes, clock } = makeWorld();
  client.create(SERVICES, service("a"));
  client.create(REPLICA_SETS, replicaSet("a", 3));
  elapse(5000);
  const count = writes.length;
  assert.equal(cluster.step(), false);
  assert.equal(clock.nextDueMs(), undefined);
  elapse(600_000);
  assert.equal(writes.length, count);
});

Deno.test("step() does one piece of work", () => {
  const { client, cluster, heard } = makeWorld();
  const { lines } = heard(CONFIG_MAPS);
  client.create(CONFIG_MAPS, configMap("a"));
  client.create(CONFIG_MAPS, configMap("b"));
  assert.deepEqual(lines, []);
  assert.equal(cluster.step(), true);
  assert.deepEqual(lines, ["ADDED a"]);
  assert.equal(cluster.step(), true);
  assert.deepEqual(lines, ["ADDED a", "ADDED b"]);
  assert.equal(cluster.step(), false);
});

Deno.test("a kind is served from its definition's creation to its deletion", async () => {
  const { client, cluster, heard } = makeWorld({ customResources: [] });
  await assert.rejects(client.create(WIDGETS, widget("a")), { code: 404 });
  const definition = await client.create(CUSTOM_RESOURCE_DEFINITIONS, widgetDefinition());
  await client.create(WIDGETS, widget("a"));
  const { lines } = heard(WIDGETS);
  await client.delete(CUSTOM_RESOURCE_DEFINITIONS, definition.metadata);
  await assert.rejects(client.list(WIDGETS), { code: 404 });
  cluster.settle();
  assert.deepEqual(lines, ["ADDED a", "DELETED a", "END"]);
});

Deno.test("a definition that is written anew keeps its objects and their watches", async () => {
  const { client, cluster, heard } = makeWorld();
  await client.create(WIDGETS, widget("a"));
  const { lines } = heard(WIDGETS);
  const ref = { name: "widgets.example.test" };
  const annotations = { seen: "yes" };
  const patch = { type: "merge", body: { metadata: { annotations } } } as const;
  await client.patch(CUSTOM_RESOURCE_DEFINITIONS, ref, patch);
  await client.create(WIDGETS, widget("b"));
  cluster.settle();
  assert.deepEqual(lines, ["ADDED a", "ADDED b"]);
});
