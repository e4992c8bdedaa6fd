import assert from "node:assert/strict";
import { validateMetrics } from "../../../../core/api/validation/validate_metrics.ts";
import { rowsAsking } from "./analysis_rows.ts";

Deno.test("the first error of metrics is the one that Argo gives", () => {
  const rows = rowsAsking("metrics");
  assert.ok(rows.length >= 50);
  for (const { asked, error } of rows) {
    assert.equal(validateMetrics(asked)[0]?.text, error, JSON.stringify(asked));
  }
});

Deno.test("all problems of a metric are told, each at its field", () => {
  const problems = validateMetrics([
    { name: "a", provider: { web: {} } },
    { name: "a", count: 3, failureLimit: 9, inconclusiveLimit: -1, provider: {} },
  ]);
  assert.deepEqual(problems.map(({ text, location }) => `${location.join(".")}: ${text}`), [
    "1.name: metrics[1]: duplicate name 'a'",
    "1.inconclusiveLimit: metrics[1]: inconclusiveLimit must be >= 0",
    "1.count: metrics[1]: " +
    "count (3) must be >= failureLimit + consecutiveSuccessLimit (9 + 0) if both >= 0",
    "1.interval: metrics[1]: interval must be specified when count > 1",
    "1.provider: metrics[1]: no provider specified",
  ]);
});
