import assert from "node:assert/strict";
import type { AnalysisPhase } from "../../../sdk/api/analysis.ts";
import { isBad, isCompleted, worsePhase } from "../../../core/analysis/mod.ts";

const FROM_BEST: readonly AnalysisPhase[] = [
  "Successful",
  "Running",
  "Pending",
  "Inconclusive",
  "Error",
  "Failed",
];

Deno.test("the worse of two phases is the one that comes later from best to worst", () => {
  for (const [index, one] of FROM_BEST.entries()) {
    for (const [otherIndex, other] of FROM_BEST.entries()) {
      assert.equal(worsePhase(one, other), FROM_BEST[Math.max(index, otherIndex)]);
    }
  }
});

Deno.test("four phases are final, and three of them are bad", () => {
  assert.deepEqual(FROM_BEST.filter(isCompleted), [
    "Successful",
    "Inconclusive",
    "Error",
    "Failed",
  ]);
  assert.deepEqual(FROM_BEST.filter(isBad), ["Inconclusive", "Error", "Failed"]);
  assert.ok(!isCompleted(undefined));
});
