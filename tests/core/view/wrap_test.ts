import assert from "node:assert/strict";
import { wrapLine, wrapText } from "../../../core/view/mod.ts";

const ROWS: [text: string, columns: number, lines: string[]][] = [
  ["", 10, [""]],
  ["one two", 10, ["one two"]],
  ["one two", 7, ["one two"]],
  ["one two", 6, ["one", "two"]],
  ["one two three", 9, ["one two", "three"]],
  ["a registry.example/web:2 b", 10, ["a", "registry.example/web:2", "b"]],
  ["registry.example/web:2", 1, ["registry.example/web:2"]],
  ["é→✔ ॥॥", 6, ["é→✔ ॥॥"]],
  ["one two", Infinity, ["one two"]],
];

for (const [text, columns, lines] of ROWS) {
  Deno.test(`"${text}" in ${columns} columns: words stay whole`, () => {
    assert.deepEqual(wrapText(text, columns), lines);
  });
}

Deno.test("wrapLine() puts what does not fit below, from its column on", () => {
  assert.deepEqual(wrapLine("  10s  one two three", { columns: 14, indent: 7 }), [
    "  10s  one two",
    "       three",
  ]);
  assert.deepEqual(wrapLine("  10s  one", { columns: 14, indent: 7 }), ["  10s  one"]);
});
