import assert from "node:assert/strict";
import { RULES } from "../../../core/lint/rules.ts";

Deno.test("rules have names of their own, and say what and why in a sentence each", () => {
  assert.equal(new Set(RULES.map(({ name }) => name)).size, RULES.length);
  for (const { name, reports, why } of RULES) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    for (const sentence of [reports, why]) assert.match(sentence, /^[A-Za-z].*[^.]\.$/);
  }
});
