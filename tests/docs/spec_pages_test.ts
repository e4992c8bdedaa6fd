import assert from "node:assert/strict";
import { specPages } from "./spec_pages.ts";

const folder = new URL("../../", import.meta.url);

for (const { path, text } of specPages()) {
  Deno.test(`${path} is what the schemas say (deno task docs:update)`, async () => {
    assert.equal(await Deno.readTextFile(new URL(path, folder)), text);
  });
}

Deno.test("docs/spec holds the generated pages and nothing else", async () => {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL("docs/spec/", folder))) names.push(name);
  const expected = specPages().map(({ path }) => path.replace("docs/spec/", ""));
  assert.deepEqual(names.sort(), expected.sort());
});

Deno.test("a page tells a field's type, unit, range, default and meaning", () => {
  const page = specPages().find(({ path }) => path === "docs/spec/rollout.md")?.text ?? "";
  assert.ok(page.includes(
    "| `progressDeadlineSeconds` | whole number | seconds; more than `minReadySeconds` | 600 | " +
      "How long an update may make no progress. |",
  ));
  assert.ok(page.includes("| **`strategy.blueGreen.activeService`** | text | "));
  assert.ok(page.includes("| `strategy.canary.steps[].setWeight` | whole number | "));
});
