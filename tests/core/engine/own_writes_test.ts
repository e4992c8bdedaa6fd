import assert from "node:assert/strict";
import { OwnWrites } from "../../../core/engine/own_writes.ts";
import { gear, GEARS, MILLS, refTo } from "./objects.ts";

/** Own writes beside the progress of the only cached type, which the test moves. */
function newWrites() {
  const progress = { resourceVersion: "10", loads: 2 };
  const writes = new OwnWrites((type) => (type === GEARS ? progress : undefined));
  const names = (key: string) => writes.inDoubt(key).map(({ ref }) => ref.name);
  return { progress, writes, names };
}

Deno.test("in the normal state, events merely late, nothing is in doubt", () => {
  const { progress, writes, names } = newWrites();
  writes.record("k", GEARS, { object: gear("a", { version: 12 }), atMs: 0 });
  assert.deepEqual(names("k"), []);
  progress.resourceVersion = "11";
  assert.deepEqual(names("k"), []);
});

Deno.test("a load begun after a write puts it in doubt until the stream has caught up", () => {
  const { progress, writes, names } = newWrites();
  writes.record("k", GEARS, { object: gear("a", { version: 12 }), atMs: 0 });
  progress.loads++;
  assert.deepEqual(names("k"), ["a"]);
  assert.deepEqual(names("other"), [], "only the key that wrote");
  progress.resourceVersion = "11";
  assert.deepEqual(names("k"), ["a"]);
  progress.resourceVersion = "12";
  assert.deepEqual(names("k"), []);
});

Deno.test("a write that the stream had told of before the load is not in doubt", () => {
  const { progress, writes, names } = newWrites();
  writes.record("k", GEARS, { object: gear("a", { version: 12 }), atMs: 0 });
  progress.resourceVersion = "12";
  progress.loads++;
  assert.deepEqual(names("k"), []);
});

Deno.test("what the stream has told of once is in doubt no more, though it falls back", () => {
  const { progress, writes, names } = newWrites();
  writes.record("k", GEARS, { object: gear("a", { version: 12 }), atMs: 0 });
  progress.resourceVersion = "12";
  assert.deepEqual(names("k"), []);
  progress.resourceVersion = "8";
  progress.loads++;
  assert.deepEqual(names("k"), []);
});

Deno.test("the last write of an object counts, and each object for itself", () => {
  const { progress, writes, names } = newWrites();
  writes.record("k", GEARS, { object: gear("a", { version: 12 }), atMs: 0 });
  writes.record("k", GEARS, { object: gear("b", { version: 13 }), atMs: 5 });
  writes.record("k", GEARS, { object: gear("a", { version: 14 }), atMs: 9 });
  progress.loads++;
  progress.resourceVersion = "13";
  assert.deepEqual(writes.inDoubt("k").map(({ ref, atMs }) => ({ ref, atMs })), [
    { ref: refTo("a"), atMs: 9 },
  ]);
  progress.resourceVersion = "14";
  assert.deepEqual(names("k"), []);
});

Deno.test("settling ends the doubt about those writes and no others", () => {
  const { progress, writes, names } = newWrites();
  writes.record("k", GEARS, { object: gear("a", { version: 12 }), atMs: 0 });
  progress.loads++;
  writes.record("k", GEARS, { object: gear("b", { version: 13 }), atMs: 0 });
  writes.settle("k", writes.inDoubt("k"));
  assert.deepEqual(names("k"), []);
  progress.loads++;
  assert.deepEqual(names("k"), ["b"]);
});

Deno.test("a forgotten key has no doubts, and what is not cached raises none", () => {
  const { progress, writes, names } = newWrites();
  writes.record("k", GEARS, { object: gear("a", { version: 12 }), atMs: 0 });
  writes.record("m", MILLS, { object: gear("a", { version: 12 }), atMs: 0 });
  progress.loads++;
  writes.forget("k");
  assert.deepEqual(names("k"), []);
  assert.deepEqual(names("m"), []);
});
