import assert from "node:assert/strict";
import { CONFIG_MAPS, PODS, REPLICA_SETS, SERVICES } from "../../../../core/api/names/resources.ts";
import { configMap, makeWorld, pod, replicaSet, service, widget, WIDGETS } from "./world.ts";

const ref = { namespace: "default", name: "a" };

Deno.test("a new object gets uid, time, version, and what its kind counts as generation", async () => {
  const { client } = makeWorld();
  const rows = [
    [CONFIG_MAPS, configMap("a"), undefined],
    [SERVICES, service("a"), undefined],
    [REPLICA_SETS, replicaSet("a", 0), 1],
    [PODS, pod("a"), 1],
    [WIDGETS, widget("a"), 1],
  ] as const;
  for (const [type, object, generation] of rows) {
    const { metadata } = await client.create(type, object);
    assert.match(metadata.uid ?? "", /^[0-9a-f-]{36}$/);
    assert.equal(metadata.creationTimestamp, "2026-01-01T00:00:00Z");
    assert.match(metadata.resourceVersion ?? "", /^\d+$/);
    assert.equal(metadata.generation, generation, type.kind);
  }
});

Deno.test("a custom kind counts changes outside metadata and status as generations", async () => {
  const { client } = makeWorld();
  await client.create(WIDGETS, widget("a", { replicas: 1 }));
  const patch = async (body: unknown, subresource?: "status" | "scale") => {
    await client.patch(WIDGETS, ref, { type: "merge", body }, subresource ? { subresource } : {});
    return (await client.get(WIDGETS, ref)).metadata.generation;
  };
  assert.equal(await patch({ metadata: { labels: { a: "b" } } }), 1);
  assert.equal(await patch({ status: { phase: "x" } }, "status"), 1);
  assert.equal(await patch({ spec: { replicas: 2 } }), 2);
  assert.equal(await patch({ spec: { replicas: 3 } }, "scale"), 3);
  assert.equal(await patch({ spec: { replicas: 3 } }), 3);
  await client.patch(WIDGETS, ref, {
    type: "merge",
    body: { metadata: { finalizers: ["example.test/a"] } },
  });
  const left = await client.delete(WIDGETS, ref);
  assert.equal(left?.metadata.generation, 4);
});

Deno.test("a write of the status takes nothing else of a custom object", async () => {
  const { client } = makeWorld();
  await client.create(WIDGETS, widget("a", { replicas: 1 }));
  const body = { spec: { replicas: 9 }, status: { ok: true }, metadata: { labels: { a: "b" } } };
  const subresource = "status";
  const after = await client.patch(WIDGETS, ref, { type: "merge", body }, { subresource });
  assert.deepEqual(after["spec"], { replicas: 1 });
  assert.deepEqual(after["status"], { ok: true });
  assert.equal(after.metadata.labels, undefined);
  const main = await client.patch(WIDGETS, ref, { type: "merge", body });
  assert.deepEqual(main["status"], { ok: true });
  assert.deepEqual(main["spec"], { replicas: 9 });
});

Deno.test("an update of a custom object needs a version, of a built-in one not", async () => {
  const { client } = makeWorld();
  await client.create(WIDGETS, widget("a"));
  await client.create(CONFIG_MAPS, configMap("a"));
  await assert.rejects(client.update(WIDGETS, widget("a", { x: 1 })), {
    code: 422,
    message: 'widgets.example.test "a" is invalid: metadata.resourceVersion: Invalid value: 0: ' +
      "must be specified for an update",
  });
  const after = await client.update(CONFIG_MAPS, { ...configMap("a"), data: { b: "2" } });
  assert.deepEqual(after["data"], { b: "2" });
});

Deno.test("a scale tells of what it writes, and refuses what is no number", async () => {
  const { client } = makeWorld();
  await client.create(WIDGETS, widget("a", { replicas: 1 }));
  const status = { status: { replicas: 5, selector: "app=a" } };
  await client.patch(WIDGETS, ref, { type: "merge", body: status }, { subresource: "status" });
  const scale = (replicas: number) =>
    client.patch(WIDGETS, ref, { type: "merge", body: { spec: { replicas } } }, {
      subresource: "scale",
    });
  const answer = await scale(3);
  assert.equal(answer.kind, "Scale");
  assert.equal(answer.apiVersion, "autoscaling/v1");
  assert.deepEqual(answer["spec"], { replicas: 3 });
  assert.deepEqual(answer["status"], { replicas: 5, selector: "app=a" });
  assert.deepEqual((await scale(0))["spec"], {});
  assert.deepEqual((await client.get(WIDGETS, ref))["spec"], { replicas: 0 });
  await assert.rejects(scale(-1), { code: 422 });
  await assert.rejects(
    client.patch(CONFIG_MAPS, ref, { type: "merge", body: {} }, { subresource: "scale" }),
    { code: 404 },
  );
});

Deno.test("a scale with an old version is refused", async () => {
  const { client } = makeWorld();
  const { metadata } = await client.create(WIDGETS, widget("a", { replicas: 1 }));
  const { resourceVersion } = metadata;
  const write = () =>
    client.patch(
      WIDGETS,
      ref,
      { type: "merge", body: { metadata: { resourceVersion }, spec: { replicas: 2 } } },
      { subresource: "scale" },
    );
  await write();
  await assert.rejects(write(), { code: 409, reason: "Conflict" });
});

Deno.test("a dry run answers what would be, stores nothing and takes no version", async () => {
  const { client, cluster, heard, writes } = makeWorld();
  const { lines } = heard(WIDGETS);
  const before = (await client.list(WIDGETS)).resourceVersion;
  const made = await client.create(WIDGETS, widget("a"), { dryRun: true });
  assert.equal(made.metadata.resourceVersion, undefined);
  assert.ok(made.metadata.uid);
  await assert.rejects(client.get(WIDGETS, ref), { code: 404 });
  assert.equal((await client.list(WIDGETS)).resourceVersion, before);
  cluster.settle();
  assert.deepEqual([lines, writes], [[], []]);
});

Deno.test("an object goes with its last finalizer", async () => {
  const { client } = makeWorld();
  await client.create(CONFIG_MAPS, configMap("a", { finalizers: ["example.test/a"] }));
  const left = await client.delete(CONFIG_MAPS, ref);
  assert.equal(left?.metadata.deletionTimestamp, "2026-01-01T00:00:00Z");
  assert.equal(await client.delete(CONFIG_MAPS, ref), left);
  await assert.rejects(client.create(CONFIG_MAPS, configMap("a")), {
    code: 409,
    message: 'object is being deleted: configmaps "a" already exists',
  });
  const finalize = (finalizers: string[]) =>
    client.patch(CONFIG_MAPS, ref, { type: "merge", body: { metadata: { finalizers } } });
  await assert.rejects(finalize(["example.test/a", "example.test/b"]), {
    code: 422,
    message: /Forbidden: no new finalizers can be added if the object is being deleted/,
  });
  await finalize([]);
  await assert.rejects(client.get(CONFIG_MAPS, ref), { code: 404 });
});

Deno.test("an object that is too large for the store is refused as the store refuses it", async () => {
  const { client } = makeWorld();
  const store = client.create(WIDGETS, widget("a", { text: "x".repeat(1_600_000) }));
  await assert.rejects(store, { code: 500, message: "etcdserver: request is too large" });
  const request = client.create(WIDGETS, widget("a", { text: "x".repeat(3_200_000) }));
  await assert.rejects(request, { code: 413, reason: "RequestEntityTooLarge" });
});

Deno.test("many small patches make an object too large as one large one does", async () => {
  const { client } = makeWorld();
  await client.create(WIDGETS, widget("a", { text: "x".repeat(1_500_000) }));
  const ref = { namespace: "default", name: "a" };
  const add = (number: number) => {
    const spec = { [`more${number}`]: "x".repeat(10_000) };
    return client.patch(WIDGETS, ref, { type: "merge", body: { spec } });
  };
  for (let number = 0; number < 7; number++) await add(number);
  await assert.rejects(add(7), { code: 500, message: "etcdserver: request is too large" });
});

Deno.test("generateName makes another name each time, also where one is taken", async () => {
  const { client } = makeWorld();
  const names = new Set<string>();
  for (let count = 0; count < 200; count++) {
    const { metadata } = await client.create(CONFIG_MAPS, configMap("", { generateName: "a-" }));
    assert.match(metadata.name, /^a-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    names.add(metadata.name);
  }
  assert.equal(names.size, 200);
});

Deno.test("what concerns one namespace must name it", async () => {
  const { client } = makeWorld();
  const { namespace: _namespace, ...metadata } = configMap("a").metadata;
  await assert.rejects(client.create(CONFIG_MAPS, { ...configMap("a"), metadata }), TypeError);
  await assert.rejects(client.get(CONFIG_MAPS, { name: "a" }), TypeError);
});
