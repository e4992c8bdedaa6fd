import assert from "node:assert/strict";
import { validateAnalysisTemplate } from "../../../../core/api/validation/validate_analysis_template.ts";

function texts(spec: Record<string, unknown>): string[] {
  const template = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name: "a" },
    spec,
  };
  return validateAnalysisTemplate(template).map(({ text }) => text);
}

const WEB = { provider: { web: { url: "http://a" } } };

Deno.test("a template's problems are told with the words that its runs would have", () => {
  assert.deepEqual(
    texts({
      metrics: [{ name: "a", interval: "1", count: 2, failureLimit: 3, provider: {} }],
      dryRun: [{ metricName: "a" }, { metricName: "a" }, { metricName: "zz" }],
      args: [
        { name: "x", value: "1" },
        { name: "x", value: "2" },
        { name: "y", value: "1", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
      ],
    }),
    [
      "spec.metrics[0].count: Invalid value: 2: " +
      "count (2) must be >= failureLimit + consecutiveSuccessLimit (3 + 0) if both >= 0",
      'spec.metrics[0].interval: Invalid value: "1": ' +
      'invalid interval string: time: missing unit in duration "1"',
      "spec.metrics[0].provider: Invalid value: {}: no provider specified",
      'spec.dryRun[1].metricName: Invalid value: "a": ' +
      "two Dry-Run metric rules have the same name 'a'",
      'spec.args[1].value: Invalid value: "2": ' +
      "Argument `x` specified multiple times with different values: '1', '2'",
      "spec.args[2]: Invalid value: \"y\": arg 'y' has both Value and ValueFrom fields",
      'spec.dryRun[2].metricName: Invalid value: "zz": Rule didn\'t match any metric name(s)',
    ],
  );
});

Deno.test("what depends on an argument is left to the runs", () => {
  const limits = { failureLimit: "{{args.limit}}", count: 3, interval: "{{args.interval}}" };
  assert.deepEqual(texts({ metrics: [{ name: "a-{{args.x}}", ...limits, ...WEB }] }), []);
  const dryRun = [{ metricName: "a-prod" }];
  assert.deepEqual(texts({ metrics: [{ name: "a-{{args.x}}", ...WEB }], dryRun }), []);
});

Deno.test("a template that names others needs no metric, and its rules may be about theirs", () => {
  const templates = [{ templateName: "b" }];
  assert.deepEqual(texts({ templates, dryRun: [{ metricName: "theirs" }] }), []);
  assert.deepEqual(texts({}), ["spec.metrics: Required value: no metrics specified"]);
});
