import assert from "node:assert/strict";
import { fieldsOf } from "../../../../sdk/wire/json.ts";
import { resolveMetricArguments } from "../../../../core/api/validation/metric_arguments.ts";
import { rowsAsking } from "./analysis_rows.ts";

Deno.test("arguments are put into a metric as Argo puts them, and missing ones told likewise", () => {
  const rows = rowsAsking("resolve");
  assert.ok(rows.length >= 5);
  for (const { asked: { metric, args }, result, error } of rows) {
    const resolved = resolveMetricArguments(metric, args);
    if (resolved.error !== undefined || error !== undefined) {
      assert.equal(resolved.error, error, JSON.stringify({ metric, args }));
      continue;
    }
    for (const field of ["name", "interval", "count", "successCondition", "failureLimit"]) {
      // Argo leaves out what has become empty.
      assert.equal(resolved.value[field] || undefined, fieldsOf(result)[field]);
    }
  }
});

Deno.test("a value that looks like JSON or like a tag stays what it is", () => {
  const metric = { name: "a", successCondition: "{{args.x}} {{ args.y }}" };
  const args = [{ name: "x", value: '"}, {' }, { name: "y", value: "{{args.x}}\n" }];
  const resolved = resolveMetricArguments(metric, args);
  assert.deepEqual(resolved.error ?? resolved.value, {
    name: "a",
    successCondition: '"}, { {{args.x}}\n',
  });
});
