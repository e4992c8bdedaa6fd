import assert from "node:assert/strict";
import fc from "fast-check";
import { equalJson, mergePatch } from "../../../core/engine/merge_patch.ts";
import { merged } from "./merged.ts";

type JsonObject = Record<string, unknown>;

const EQUAL: [name: string, a: unknown, b: unknown, isEqual: boolean][] = [
  ["the same number", 1, 1, true],
  ["a number and its text", 1, "1", false],
  ["null and nothing", null, undefined, false],
  ["objects in another order", { a: 1, b: 2 }, { b: 2, a: 1 }, true],
  ["a field that is undefined", { a: 1, b: undefined }, { a: 1 }, true],
  ["a field that is undefined on the other side", { a: 1 }, { a: 1, b: undefined }, true],
  ["a field more", { a: 1 }, { a: 1, b: 2 }, false],
  ["a field less", { a: 1, b: 2 }, { a: 1 }, false],
  ["a null more", { a: 1 }, { a: 1, b: null }, false],
  ["lists in another order", [1, 2], [2, 1], false],
  ["a longer list", [1], [1, 2], false],
  ["a list and an object", [], {}, false],
  ["an object and a list", {}, [], false],
  ["a nested difference", { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, false],
];

for (const [name, a, b, isEqual] of EQUAL) {
  Deno.test(`equalJson() tells ${name} ${isEqual ? "equal" : "apart"}`, () => {
    assert.equal(equalJson(a, b), isEqual);
  });
}

const PATCHES: [name: string, before: JsonObject, after: JsonObject, patch: unknown][] = [
  ["nothing for equal objects", { a: { b: 1 } }, { a: { b: 1 } }, undefined],
  ["only the field that differs", { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 3 }],
  ["null for a field that goes", { a: 1, b: 2 }, { a: 1 }, { b: null }],
  ["null for a field that is undefined now", { a: 1 }, { a: undefined }, { a: null }],
  ["nested objects field by field", { a: { b: 1, c: 2 } }, { a: { b: 1, d: 3 } }, {
    a: { c: null, d: 3 },
  }],
  ["lists as a whole", { a: [1, 2] }, { a: [1] }, { a: [1] }],
  ["an object over a list as a whole", { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
  ["an empty object that comes", {}, { a: {} }, { a: {} }],
  ["an object emptied field by field", { a: { b: 1 } }, { a: {} }, { a: { b: null } }],
  ["nothing for a null, which a merge patch cannot set", {}, { a: null }, undefined],
  ["nothing for a nested null", { a: {} }, { a: { b: null } }, undefined],
  ["null for a value that is to be null: it can only go", { a: 1 }, { a: null }, { a: null }],
  ["nothing for a null that stays", { a: null }, { a: null }, undefined],
  ["null for a null that goes", { a: null }, {}, { a: null }],
];

for (const [name, before, after, patch] of PATCHES) {
  Deno.test(`mergePatch() gives ${name}`, () => assert.deepEqual(mergePatch(before, after), patch));
}

/** JSON without nulls in objects: what a merge patch can say. */
const VALUE = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.nat(3),
    fc.constantFrom("x", "y"),
    fc.array(tie("value"), { maxLength: 2 }),
    tie("object"),
  ),
  object: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
}));
const OBJECT = VALUE.object as fc.Arbitrary<JsonObject>;

Deno.test("a merge patch makes the one object into the other, and then there is none left", () => {
  fc.assert(fc.property(OBJECT, OBJECT, (before, after) => {
    const patch = mergePatch(before, after);
    const result = merged(before, patch ?? {}) as JsonObject;
    assert.ok(equalJson(result, after));
    assert.equal(mergePatch(result, after), undefined);
    assert.equal(patch === undefined, equalJson(before, after));
  }));
});
