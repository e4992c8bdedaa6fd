import assert from "node:assert/strict";
import type { Json } from "../../sdk/wire/json.ts";
import { compactJson } from "./compact_json.ts";

const LONG = "x".repeat(150);

const ROWS: [name: string, value: Json, text: string][] = [
  [
    "what fits stands on one line",
    { a: [1, "b", null, true], c: {}, d: [] },
    '{ "a": [1, "b", null, true], "c": {}, "d": [] }\n',
  ],
  [
    "what does not is broken, its parts are not",
    [{ a: LONG, b: { c: 1 } }, LONG, { d: 2 }],
    `[\n  { "a": "${LONG}", "b": { "c": 1 } },\n  "${LONG}",\n  { "d": 2 }\n]\n`,
  ],
  ["a text is never broken", { a: LONG + LONG }, `{\n  "a": "${LONG}${LONG}"\n}\n`],
];

for (const [name, value, text] of ROWS) {
  Deno.test(`compactJson(): ${name}`, () => {
    assert.equal(compactJson(value), text);
    assert.deepEqual(JSON.parse(text), value);
  });
}
