import assert from "node:assert/strict";
import fc from "fast-check";
import { applyPatch, createPatch, type Operation } from "rfc6902";
import { MemoryStore } from "../../../sdk/testing/memory_store.ts";
import { jsonPatched, mergePatched } from "../../../sdk/testing/json_patch.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";
import { type Patch, patchOf } from "../../../sdk/wire/write.ts";

const GEARS = defineResource("example.com", "v1", "gears", "Gear");
const REF = { namespace: "d", name: "a" };

function gear(spec: unknown): KubeObject {
  return { apiVersion: "example.com/v1", kind: "Gear", metadata: { ...REF }, spec };
}

async function storeWith(spec: unknown) {
  const store = new MemoryStore();
  await store.reset([gear(spec)]);
  const present = async () => (await store.list())[0] as KubeObject;
  const patch = async (body: Patch) => store.write(patchOf(GEARS, await present(), body));
  return { store, present, patch };
}

Deno.test("the store carries out creations, patches and deletions", async () => {
  const { store, present, patch } = await storeWith({ teeth: 8 });
  await patch({ type: "merge", body: { spec: { teeth: 9, worn: null } } });
  await patch({ type: "json", body: [{ op: "add", path: "/spec/oil~1y", value: true }] });
  assert.deepEqual((await present())["spec"], { teeth: 9, "oil/y": true });
  const other = { ...gear({}), metadata: { ...REF, name: "b" } };
  await store.write({ verb: "create", type: GEARS, ref: { ...REF, name: "b" }, object: other });
  const { uid = "", resourceVersion = "" } = (await present()).metadata;
  await store.write({ verb: "delete", type: GEARS, ref: REF, uid, resourceVersion });
  assert.deepEqual((await store.list()).map(({ metadata }) => metadata.name), ["b"]);
});

Deno.test("the store refuses what an API server refuses, and nothing has changed then", async () => {
  const { store, present, patch } = await storeWith({ teeth: [8] });
  const before = await present();
  await patch({ type: "merge", body: { metadata: { labels: { a: "b" } } } });
  const after = await present();
  const late = patchOf(GEARS, before, { type: "merge", body: { spec: {} } });
  await assert.rejects(() => store.write(late), /has changed since/);
  const { uid = "", resourceVersion = "" } = before.metadata;
  const removal = { verb: "delete", type: GEARS, ref: REF, uid, resourceVersion } as const;
  await assert.rejects(() => store.write(removal), /is not what was to be deleted/);
  const creation = { verb: "create", type: GEARS, ref: REF, object: gear({}) } as const;
  await assert.rejects(() => store.write(creation), /is there already/);
  const operations = [
    { op: "replace", path: "/spec/teeth/0", value: 9 },
    { op: "test", path: "/spec/teeth/0", value: 7 },
  ];
  await assert.rejects(() => patch({ type: "json", body: operations }), /test failed/);
  await assert.rejects(
    () => patch({ type: "json", body: [{ op: "remove", path: "/spec/teeth/1" }] }),
    /there is nothing at/,
  );
  assert.deepEqual(await present(), after);
});

Deno.test("a patch that changes nothing leaves the version as it is", async () => {
  const { present, patch } = await storeWith({ teeth: 8 });
  const before = await present();
  await patch({ type: "merge", body: { spec: { teeth: 8 } } });
  assert.deepEqual(await present(), before);
});

Deno.test("JSON patches give what the library for them gives", () => {
  const { anything } = fc.letrec((tie) => ({
    anything: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, "x", "y", 1, 2),
      fc.array(tie("anything"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom("a", "b", "c/d", "e~f", "0"), tie("anything"), {
        noNullPrototype: true,
      }),
    ),
  }));
  fc.assert(fc.property(anything, anything, (one, other) => {
    const [before, after] = [{ spec: one }, { spec: other }];
    const operations = createPatch(before, after) as Operation[];
    const expected = structuredClone(before);
    applyPatch(expected, operations);
    assert.deepEqual(jsonPatched(before, operations), expected);
    assert.deepEqual(expected, after);
  }));
});

Deno.test("a merge patch removes what is null and replaces lists, and inputs stay as they are", () => {
  const before = Object.freeze({ a: Object.freeze({ b: 1, c: 2 }), d: [1, 2] });
  const patch = { a: { b: null }, d: [3], e: { f: null } };
  assert.deepEqual(mergePatched(before, patch), { a: { c: 2 }, d: [3], e: {} });
  assert.deepEqual(fieldsOf(before.a), { b: 1, c: 2 });
});

Deno.test("what an object holds twice is there twice", async () => {
  const list = [1];
  const { present, patch } = await storeWith({ a: list, b: list });
  await patch({ type: "json", body: [{ op: "add", path: "/spec/a/1", value: 2 }] });
  assert.deepEqual((await present())["spec"], { a: [1, 2], b: [1] });
});
