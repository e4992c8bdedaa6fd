import assert from "node:assert/strict";
import {
  copyJson,
  freezeJson,
  isSameJson,
  without,
} from "../../../../core/cluster/embedded/json.ts";

Deno.test("copyJson() shares nothing with its original and drops undefined fields", () => {
  const original = { a: [{ b: 1 }], c: undefined, d: null };
  const copy = copyJson(original);
  assert.deepEqual(copy, { a: [{ b: 1 }], d: null });
  original.a[0]!.b = 2;
  assert.deepEqual(copy.a, [{ b: 1 }]);
});

Deno.test("freezeJson() freezes all levels and hands back the very object", () => {
  const value = { a: [{ b: { c: 1 } }] };
  assert.equal(freezeJson(value), value);
  assert.throws(() => {
    value.a[0]!.b.c = 2;
  }, TypeError);
  assert.throws(() => value.a.push({ b: { c: 3 } }), TypeError);
});

Deno.test("isSameJson() compares values, whatever the order of fields", () => {
  const rows: [unknown, unknown, boolean][] = [
    [{ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1 }, { a: 1, b: null }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [[1, 2], [2, 1], false],
    [[1], [1, 1], false],
    [[], {}, false],
    [{}, null, false],
    ["1", 1, false],
    [0, false, false],
  ];
  for (const [one, other, isSame] of rows) {
    assert.equal(isSameJson(one, other), isSame, JSON.stringify([one, other]));
    assert.equal(isSameJson(other, one), isSame, JSON.stringify([other, one]));
  }
});

Deno.test("without() leaves out one field, and copies only if it must", () => {
  const value = { a: 1, b: 2 };
  assert.deepEqual(without(value, "a"), { b: 2 });
  assert.equal(without(value, "c"), value);
});
