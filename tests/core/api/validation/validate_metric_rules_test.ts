import assert from "node:assert/strict";
import { validateRules } from "../../../../core/api/validation/validate_metric_rules.ts";
import { rowsAsking } from "./analysis_rows.ts";

Deno.test("a rule that matches no metric is told as Argo tells it", () => {
  for (
    const [list, kind] of [["dryRun", "dryRun"], ["measurementRetention", "retention"]] as const
  ) {
    const rows = rowsAsking(kind);
    assert.ok(rows.length >= 20);
    for (const { asked: { rules, metrics }, error } of rows) {
      assert.equal(validateRules(list, rules, metrics)[0]?.text, error, JSON.stringify(rules));
    }
  }
});

Deno.test("a rule is judged in linear time, whatever its pattern", () => {
  const metrics = [{ name: `${"a".repeat(5_000)}!` }];
  assert.equal(validateRules("dryRun", [{ metricName: "(a+)+$" }], metrics).length, 1);
});
