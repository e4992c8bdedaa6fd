import assert from "node:assert/strict";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { freezeJson } from "../../../../core/cluster/embedded/json.ts";
import { strategicPatch } from "../../../../core/cluster/embedded/strategic_patch.ts";

function env(...names: string[]): Fields {
  return { env: names.map((name) => ({ name })) };
}

function namesAfter(before: string[], patch: string[]): unknown[] {
  const { env: list } = strategicPatch(freezeJson(env(...before)), env(...patch));
  return (list as { name: string }[]).map(({ name }) => name);
}

// Each row was seen on a real API server.
Deno.test("strategicPatch() merges lists by key in the order of the real API server", () => {
  assert.deepEqual(namesAfter(["A", "B"], ["B", "C"]), ["A", "B", "C"]);
  assert.deepEqual(namesAfter(["A", "B", "C"], ["D", "A"]), ["D", "A", "B", "C"]);
  assert.deepEqual(namesAfter(["D", "A", "B", "C"], ["C", "B"]), ["D", "A", "C", "B"]);
});

Deno.test("strategicPatch() merges entries of a list, and removes them when told so", () => {
  const before = freezeJson({
    containers: [{ name: "a", image: "a:1", args: ["x"] }, { name: "b", image: "b:1" }],
  });
  const patch = {
    containers: [{ name: "a", image: "a:2" }, { name: "b", $patch: "delete" }, { name: "c" }],
  };
  assert.deepEqual(strategicPatch(before, patch), {
    containers: [{ name: "a", image: "a:2", args: ["x"] }, { name: "c" }],
  });
});

Deno.test("strategicPatch() tells ports apart by number: of containers, of Services", () => {
  const container = { containers: [{ name: "a", ports: [{ containerPort: 1 }] }] };
  const more = { containers: [{ name: "a", ports: [{ containerPort: 1, name: "x" }] }] };
  assert.deepEqual(strategicPatch(container, more), more);
  const service = { spec: { ports: [{ port: 1, targetPort: 2 }] } };
  assert.deepEqual(strategicPatch(service, { spec: { ports: [{ port: 1, name: "x" }] } }), {
    spec: { ports: [{ port: 1, targetPort: 2, name: "x" }] },
  });
});

Deno.test("strategicPatch() replaces maps and lists when told so", () => {
  const before = { labels: { a: "1" }, containers: [{ name: "a" }] };
  const patch = {
    labels: { $patch: "replace", b: "2" },
    containers: [{ $patch: "replace" }, { name: "b" }],
  };
  assert.deepEqual(strategicPatch(before, patch), {
    labels: { b: "2" },
    containers: [{ name: "b" }],
  });
});

Deno.test("strategicPatch() takes finalizers as a set", () => {
  const before = { finalizers: ["a/1", "a/2"] };
  assert.deepEqual(strategicPatch(before, { finalizers: ["a/2", "a/3"] }), {
    finalizers: ["a/1", "a/2", "a/3"],
  });
  assert.deepEqual(strategicPatch(before, { "$deleteFromPrimitiveList/finalizers": ["a/1"] }), {
    finalizers: ["a/2"],
  });
});

Deno.test("strategicPatch() orders a list as told, and keeps only the fields told", () => {
  const before = { containers: [{ name: "a" }, { name: "b" }] };
  const order = [{ name: "b" }, { name: "a" }];
  assert.deepEqual(strategicPatch(before, { "$setElementOrder/containers": order }), {
    containers: [{ name: "b" }, { name: "a" }],
  });
  assert.deepEqual(strategicPatch({ a: 1, b: 2 }, { $retainKeys: ["b"] }), { b: 2 });
});

Deno.test("strategicPatch() removes nulls and gives an unchanged object back", () => {
  const before = freezeJson({ spec: { selector: { a: "1" } } });
  assert.deepEqual(strategicPatch(before, { spec: { selector: { a: null, b: "2" } } }), {
    spec: { selector: { b: "2" } },
  });
  assert.equal(strategicPatch(before, { spec: { selector: { a: "1" } } }), before);
});

Deno.test("strategicPatch() refuses entries without key, and unknown directives", () => {
  assert.throws(() => strategicPatch({}, { containers: [{ image: "y" }] }), {
    code: 500,
    message: "map: map[image:y] does not contain declared merge key: name",
  });
  assert.throws(() => strategicPatch({ spec: {} }, { spec: { $patch: "foo" } }), { code: 500 });
});
