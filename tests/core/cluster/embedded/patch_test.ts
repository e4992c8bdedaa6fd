import assert from "node:assert/strict";
import { freezeJson } from "../../../../core/cluster/embedded/json.ts";
import { patched } from "../../../../core/cluster/embedded/patch.ts";

const stored = freezeJson({
  metadata: { name: "a", labels: { x: "1" } } as Record<string, unknown>,
  spec: { replicas: 2, steps: [{ setWeight: 5 }, { pause: {} }] } as Record<string, unknown>,
});

function json(...body: unknown[]): unknown {
  return patched(stored, { type: "json", body });
}

Deno.test("a merge patch sets, removes and merges, and shares what it leaves alone", () => {
  const result = patched(stored, {
    type: "merge",
    body: { metadata: { labels: { x: null, y: "2" } }, status: { a: { b: 1, c: null } } },
  });
  assert.deepEqual(result, {
    metadata: { name: "a", labels: { y: "2" } },
    spec: stored.spec,
    status: { a: { b: 1 } },
  });
  assert.equal(result.spec, stored.spec);
});

Deno.test("a merge patch replaces lists as a whole", () => {
  const result = patched(stored, { type: "merge", body: { spec: { steps: [{ pause: null }] } } });
  assert.deepEqual(result.spec["steps"], [{ pause: null }]);
});

Deno.test("a merge patch that changes nothing gives the very object back", () => {
  const body = { metadata: { labels: { x: "1", none: null } }, spec: {}, status: null };
  assert.equal(patched(stored, { type: "merge", body }), stored);
});

Deno.test("a JSON patch works in order and leaves the stored object as it was", () => {
  const result = json(
    { op: "test", path: "/spec/replicas", value: 2 },
    { op: "add", path: "/metadata/annotations", value: { "a/b": "1" } },
    { op: "copy", from: "/metadata/annotations/a~1b", path: "/metadata/annotations/c~0d" },
    { op: "move", from: "/metadata/labels/x", path: "/metadata/annotations/e" },
    { op: "add", path: "/spec/steps/1", value: { setWeight: 9 } },
    { op: "remove", path: "/spec/steps/0" },
    { op: "add", path: "/spec/steps/-", value: "end" },
    { op: "replace", path: "/spec/fresh", value: true },
  );
  assert.deepEqual(result, {
    metadata: { name: "a", labels: {}, annotations: { "a/b": "1", "c~d": "1", e: "1" } },
    spec: { replicas: 2, steps: [{ setWeight: 9 }, { pause: {} }, "end"], fresh: true },
  });
  assert.deepEqual(stored.metadata, { name: "a", labels: { x: "1" } });
});

Deno.test("a JSON patch that cannot be carried out is refused with 422", () => {
  const rows: Record<string, unknown> = {
    "a test that fails": { op: "test", path: "/spec/replicas", value: 3 },
    "a test of what is not there": { op: "test", path: "/spec/none/deep", value: 3 },
    "removing what is not there": { op: "remove", path: "/spec/none" },
    "adding below what is not there": { op: "add", path: "/spec/none/deep", value: 1 },
    "an index beyond the end": { op: "add", path: "/spec/steps/3", value: 1 },
    "an index that is none": { op: "replace", path: "/spec/steps/x", value: 1 },
    "an operation that is none": { op: "frob", path: "/spec" },
    "a path that is none": { op: "add", path: "spec", value: 1 },
  };
  for (const [what, operation] of Object.entries(rows)) {
    assert.throws(() => json(operation), { code: 422, reason: "Invalid" }, what);
  }
});

Deno.test("a JSON patch may test that a field is absent by null", () => {
  assert.deepEqual(json({ op: "test", path: "/metadata/annotations", value: null }), stored);
  assert.throws(() => json({ op: "test", path: "/spec/replicas", value: null }), { code: 422 });
});

Deno.test("a patch of the wrong shape is refused with 400", () => {
  assert.throws(() => patched(stored, { type: "json", body: { op: "add" } }), { code: 400 });
  assert.throws(() => patched(stored, { type: "merge", body: [] }), { code: 400 });
  assert.throws(() => patched(stored, { type: "strategic", body: "x" }), { code: 400 });
});

Deno.test("what a caller does to its patch afterwards changes nothing", () => {
  const body = { spec: { list: [1] } };
  const result = patched(stored, { type: "merge", body });
  body.spec.list.push(2);
  assert.deepEqual(result.spec["list"], [1]);
});
