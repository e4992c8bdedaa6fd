import assert from "node:assert/strict";
import {
  addRules,
  flattenTemplates,
  mergeArguments,
} from "../../../../core/api/validation/analysis_templates.ts";
import { fieldsOf, listOf } from "../../../../sdk/wire/json.ts";
import { rowsAsking } from "./analysis_rows.ts";

Deno.test("templates are flattened in Argo's order and refused with its words", () => {
  const rows = rowsAsking("flatten");
  assert.ok(rows.length >= 15);
  for (const { asked: { templates, clusterTemplates }, result, error } of rows) {
    const flat = flattenTemplates(templates, clusterTemplates);
    if (flat.error !== undefined || error !== undefined) {
      assert.equal(flat.error, error, JSON.stringify(templates));
      continue;
    }
    const { metrics, args, dryRun, measurementRetention } = fieldsOf(result);
    const namesOf = (list: readonly unknown[]) => list.map((metric) => fieldsOf(metric)["name"]);
    assert.deepEqual(namesOf(flat.value.metrics), namesOf(listOf(metrics)));
    assert.deepEqual(flat.value.args, listOf(args));
    assert.deepEqual(flat.value.dryRun, listOf(dryRun));
    assert.deepEqual(flat.value.measurementRetention, listOf(measurementRetention));
  }
});

Deno.test("arguments are merged as Argo merges them", () => {
  const rows = rowsAsking("mergeArgs");
  assert.ok(rows.length >= 18);
  for (const { asked: { incoming, declared }, result, error } of rows) {
    const merged = mergeArguments(incoming, declared);
    assert.deepEqual(
      merged.error ?? merged.value,
      error ?? result,
      JSON.stringify({ incoming, declared }),
    );
  }
});

Deno.test("a caller's rules come before those of the templates, and none twice", () => {
  const flat = {
    metrics: [],
    args: [],
    dryRun: [{ metricName: "a" }],
    measurementRetention: [{ metricName: "a", limit: 1 }],
  };
  const added = addRules(flat, { dryRun: [{ metricName: "b" }] });
  assert.deepEqual(added.error ?? added.value.dryRun, [{ metricName: "b" }, { metricName: "a" }]);
  assert.deepEqual(addRules(flat, { measurementRetention: [{ metricName: "a", limit: 2 }] }), {
    error: "two Measurement Retention metric rules have the same name 'a'",
  });
});
