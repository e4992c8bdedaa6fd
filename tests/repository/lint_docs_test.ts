import assert from "node:assert/strict";
import { RULES } from "../../core/lint/mod.ts";

Deno.test("docs/lint.md has the table of rules as lint knows them", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/lint.md", import.meta.url));
  const rows = text.slice(text.indexOf("## The rules")).split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const expected = RULES.map(({ name, severity, reports, why }) => [
    `\`${name}\``,
    severity,
    reports,
    why,
  ]);
  assert.deepEqual(rows, expected);
});
