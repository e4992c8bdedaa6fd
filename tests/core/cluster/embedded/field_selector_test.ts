import assert from "node:assert/strict";
import {
  matchesFields,
  parseFieldSelector,
} from "../../../../core/cluster/embedded/field_selector.ts";

function matches(text: string): boolean {
  const fields: Record<string, string> = { "metadata.name": "a", "status.phase": "Running" };
  return matchesFields(parseFieldSelector(text), (field) => fields[field] ?? "");
}

Deno.test("a field selector demands and excludes values", () => {
  const rows: Record<string, boolean> = {
    "": true,
    "metadata.name=a": true,
    "metadata.name==a": true,
    "metadata.name=b": false,
    "metadata.name!=b": true,
    "metadata.name=a,status.phase!=Running": false,
    "spec.nodeName=": true,
    "spec.nodeName!=": false,
  };
  for (const [text, isMatching] of Object.entries(rows)) {
    assert.equal(matches(text), isMatching, text);
  }
});

Deno.test("parseFieldSelector() refuses with 400 what has no operator", () => {
  assert.throws(() => parseFieldSelector("foo"), {
    code: 400,
    message: "invalid selector: 'foo'; can't understand 'foo'",
  });
});
