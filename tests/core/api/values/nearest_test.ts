import assert from "node:assert/strict";
import { nearest } from "../../../../core/api/values/nearest.ts";

const NAMES = ["set image", "promote", "abort", "retry", "pause", "undo", "up"];

const ROWS: [word: string, found: string | undefined][] = [
  ["promote", "promote"],
  ["Promote", "promote"],
  ["promot", "promote"],
  ["promoted", "promote"],
  ["rpomote", "promote"],
  ["pormotte", "promote"],
  ["abrot", "abort"],
  ["pase", "pause"],
  ["udno", "undo"],
  ["dance", undefined],
  ["do", undefined],
  ["", undefined],
  ["uq", undefined],
];

for (const [word, found] of ROWS) {
  Deno.test(`"${word}" is probably ${found ?? "none of them"}`, () => {
    assert.equal(nearest(word, NAMES), found);
  });
}

Deno.test("of two names that are alike the nearer one is meant", () => {
  assert.equal(nearest("--clusterr", ["--cluste", "--cluster"]), "--cluster");
});
