import assert from "node:assert/strict";
import { validateExperiment } from "../../../../core/api/validation/validate_experiment.ts";
import { rowsAsking } from "./analysis_rows.ts";

Deno.test("the first error of an Experiment is what Argo's condition says", () => {
  const rows = rowsAsking("experiment");
  assert.ok(rows.length >= 20);
  for (const { asked, error } of rows) {
    assert.equal(validateExperiment(asked)[0]?.detail, error, JSON.stringify(asked));
  }
});

Deno.test("all errors of an Experiment are told, each at its field", () => {
  const selector = { matchLabels: { app: "a" } };
  const errors = validateExperiment({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Experiment",
    metadata: { name: "e" },
    spec: {
      progressDeadlineSeconds: 10,
      templates: [{ name: "a", selector }, { name: "a", minReadySeconds: 20 }, { selector }],
    },
  });
  assert.deepEqual(errors.map(({ location }) => location.slice(2).join(".")), [
    "1.selector",
    "1.minReadySeconds",
    "1.name",
    "2.name",
  ]);
});
