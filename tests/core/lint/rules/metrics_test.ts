import assert from "node:assert/strict";
import { METRIC_RULES } from "../../../../core/lint/rules/metrics.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { lintObjects, rollout, template } from "../manifests.ts";
import { type RuleRow, testRules } from "./check_rules.ts";

const CANARY = "spec.strategy.canary";
const METRIC = "spec.metrics[0]";

/** A Rollout with a background analysis by the template `rate`. */
function measured(analysis: Fields = {}): Fields {
  return rollout({ canary: { analysis: { templates: [{ templateName: "rate" }], ...analysis } } });
}

function rate(metric: Fields = {}, spec: Fields = {}): Fields {
  return template("rate", { interval: "1m", ...metric }, spec);
}

function ranged(start: string, end: string, spec: Fields = {}): Fields {
  const prometheus = { query: "up", rangeQuery: { start, end, step: "1m" } };
  return rate({ provider: { prometheus }, successCondition: "len(result) > 0" }, spec);
}

/** A Rollout with an experiment whose analysis is by the template `rate`. */
function experimenting(experiment: Fields = {}): Fields {
  const analyses = [{ name: "a", templateName: "rate" }];
  return rollout({
    canary: { steps: [{ experiment: { templates: [], analyses, ...experiment } }] },
  });
}

const ROWS: RuleRow[] = [
  [
    "a condition that is no expression",
    [rate({ successCondition: "result[0] >= " })],
    [`wrong-condition ${METRIC}.successCondition`],
  ],
  [
    "a condition with a name that there is not",
    [rate({ failureCondition: "reslt > 1" })],
    [`wrong-condition ${METRIC}.failureCondition`],
  ],
  [
    "a condition that gives no truth",
    [rate({ successCondition: "len(result)" })],
    [`wrong-condition ${METRIC}.successCondition`],
  ],
  [
    "a condition of an AnalysisRun",
    [{ ...rate({ successCondition: "result >" }), kind: "AnalysisRun" }],
    [`wrong-condition ${METRIC}.successCondition`],
  ],
  [
    "a condition over a field of what Prometheus measures",
    [rate({ successCondition: "result.ok" })],
    [`wrong-condition ${METRIC}.successCondition`],
  ],
  [
    "conditions that are right for one of the two that Prometheus measures",
    [rate({ successCondition: "result > 1", failureCondition: "len(result) > 0" })],
    [],
  ],
  [
    "a source that its provider refuses",
    [rate({
      provider: {
        prometheus: { query: "up", rangeQuery: { start: "now()", end: "now()", step: "soon" } },
      },
      successCondition: "len(result) > 0",
    })],
    [`wrong-metric-source ${METRIC}.provider`],
  ],
  [
    "a range of time that begins at none",
    [ranged("now() - 5", "now()")],
    [`wrong-metric-source ${METRIC}.provider`],
  ],
  [
    "a range of time that ends at no expression",
    [ranged("now()", "now( - duration('1h')")],
    [`wrong-metric-source ${METRIC}.provider`],
  ],
  [
    "a range of time that is one, or of which only an argument tells",
    [ranged('now() - duration("5m")', "now()"), {
      ...ranged('now() - duration("{{args.long}}")', "now()", { args: [{ name: "long" }] }),
      metadata: { name: "longer" },
    }],
    [],
  ],
  [
    "conditions that are right, or of which only the result can tell",
    [
      rate({
        successCondition: "result.ok",
        failureCondition: "any(result.times, # > 1)",
        provider: { web: { url: "http://a.example" } },
      }),
    ],
    [],
  ],
  [
    "a condition that the default of an argument makes wrong",
    [rate({ successCondition: "result > {{args.least}}" }, {
      args: [{ name: "least", value: "0,95" }],
    })],
    [`wrong-condition ${METRIC}.successCondition`],
  ],
  [
    "a condition that a Rollout's argument makes right",
    [
      measured({ args: [{ name: "least", value: "0.95" }] }),
      rate({ successCondition: "result > {{args.least}}" }, {
        args: [{ name: "least", value: "0,95" }],
      }),
    ],
    [],
  ],
  [
    "a condition with an argument that is known only later",
    [
      measured({ args: [{ name: "hash", valueFrom: { podTemplateHashValue: "Latest" } }] }),
      rate({ successCondition: "result > {{args.hash}}" }, { args: [{ name: "hash" }] }),
    ],
    [],
  ],
  [
    "a condition whose argument's default gives way to what is known only later",
    [
      measured({ args: [{ name: "hash", valueFrom: { podTemplateHashValue: "Latest" } }] }),
      rate({ successCondition: "result > {{args.hash}}" }, {
        args: [{ name: "hash", value: "unset" }],
      }),
    ],
    [],
  ],
  [
    "a tag of a step's analysis, which is told where the template is named",
    [
      rollout({ canary: { steps: [{ analysis: { templates: [{ templateName: "rate" }] } }] } }),
      template("rate", { provider: { web: { url: "http://{{args.host}}" } } }),
    ],
    [`wrong-reference ${CANARY}.steps[0].analysis.templates`],
  ],
  [
    "a tag of a template that nobody uses, whose argument another template declares",
    [
      rate({ provider: { web: { url: "http://{{args.host}}" } } }),
      template("other", { provider: { web: { url: "http://{{args.host}}" } } }, {
        args: [{ name: "host", value: "a.example" }],
      }),
    ],
    [],
  ],
  [
    "a tag that no template of a background analysis declares",
    [
      measured(),
      rate({ provider: { web: { url: "http://{{args.host}}/{{ args.path }}" } } }, {
        args: [{ name: "path", value: "ok" }],
      }),
    ],
    [`unfilled-tag ${METRIC}.provider.web.url`],
  ],
  [
    "a tag that another template of the same analysis declares",
    [
      measured({ templates: [{ templateName: "rate" }, { templateName: "other" }] }),
      rate({ provider: { web: { url: "http://{{args.host}}" } } }),
      template("other", {
        name: "second",
        interval: "1m",
        provider: { web: { url: "http://{{args.host}}" } },
      }, { args: [{ name: "host", value: "a.example" }] }),
    ],
    [],
  ],
  [
    "a tag of a template that an experiment uses",
    [experimenting(), rate({ provider: { web: { url: "http://{{args.host}}" } } })],
    [`unfilled-tag ${METRIC}.provider.web.url`],
  ],
  [
    "tags of a template that nobody uses",
    [rate({ provider: { web: { url: "http://{{args.host}}/{{value}}" } } })],
    [`unfilled-tag ${METRIC}.provider.web.url`, `unfilled-tag ${METRIC}.provider.web.url`],
  ],
  [
    "a dry run of a metric that the templates have not",
    [measured({ dryRun: [{ metricName: "rat.$" }, { metricName: "late.*" }] }), rate()],
    [`rule-without-metric ${CANARY}.analysis.dryRun[1].metricName`],
  ],
  [
    "a dry run of an experiment that is no regular expression",
    [experimenting({ dryRun: [{ metricName: "(" }] }), rate()],
    [`rule-without-metric ${CANARY}.steps[0].experiment.dryRun[0].metricName`],
  ],
  [
    "rules of a template that names others",
    [
      rate({}, {
        templates: [{ templateName: "other" }],
        dryRun: [{ metricName: "second" }, { metricName: "third" }],
      }),
      template("other", { name: "second" }),
    ],
    ["rule-without-metric spec.dryRun[1].metricName"],
  ],
  [
    "limits that allow every measurement to fail",
    [rate({ count: 3, failureLimit: 3, inconclusiveLimit: 3 })],
    [`limit-out-of-reach ${METRIC}.failureLimit`, `limit-out-of-reach ${METRIC}.inconclusiveLimit`],
  ],
  [
    "limits of a metric that is measured once",
    [template("rate", { failureLimit: 1, consecutiveSuccessLimit: 2 })],
    [
      `limit-out-of-reach ${METRIC}.failureLimit`,
      `limit-out-of-reach ${METRIC}.consecutiveSuccessLimit`,
    ],
  ],
  [
    "limits that an argument puts out of reach",
    [rate({ count: "{{args.count}}", failureLimit: 2 }, { args: [{ name: "count", value: "2" }] })],
    [`limit-out-of-reach ${METRIC}.failureLimit`],
  ],
  [
    "limits that can be passed",
    [
      rate({ count: 3, failureLimit: 2, inconclusiveLimit: 1 }),
      template("endless", { interval: "1m", failureLimit: 9, inconclusiveLimit: 9 }),
      template("off", { interval: "1m", failureLimit: -1, consecutiveSuccessLimit: 3, count: 5 }),
    ],
    [],
  ],
  [
    "a metric that takes every value",
    [rate({ successCondition: undefined })],
    [`metric-without-condition ${METRIC}`],
  ],
  [
    "metrics whose providers judge by themselves",
    [rate({ successCondition: undefined, provider: { plugin: { "a/b": {} } } })],
    [],
  ],
];

testRules(METRIC_RULES, ROWS);

const WORDS: readonly [metric: Fields, text: string][] = [
  [
    { successCondition: "result[0] > limit" },
    'unknown name limit, at column 13 of "result[0] > limit"',
  ],
  [
    { successCondition: "result[0] > 0 &&\n  reslt < 1" },
    'unknown name reslt, at line 2, column 3 of "result[0] > 0 &&\\n  reslt < 1"',
  ],
  [
    { failureCondition: "len(result)" },
    'gives int, and a condition has to give true or false: "len(result)"',
  ],
  [
    { count: 2, failureLimit: 2 },
    "allows 2 of 2 measurements to fail: the metric never can",
  ],
  [
    { interval: undefined, failureLimit: 1 },
    "allows 1 of 1 measurement to fail: the metric never can",
  ],
  [
    { provider: { web: { url: "http://{{args.host}}" } } },
    'nothing fills in {{args.host}}: no template declares the argument "host"',
  ],
  [
    { provider: { web: { url: "http://{{ host }}" } } },
    "nothing fills in {{ host }}: write {{args.NAME}}",
  ],
];

for (const [metric, text] of WORDS) {
  Deno.test(`lint says of a metric: ${text}`, () => {
    assert.deepEqual(lintObjects(rate(metric)).map((finding) => finding.text), [text]);
  });
}

Deno.test("a rule that matches no metric is told with the metrics that there are", () => {
  const [finding] = lintObjects(measured({ dryRun: [{ metricName: "late" }] }), rate());
  assert.equal(finding?.text, 'no metric matches "late"; there are: rate');
});

Deno.test("what is wrong with a range of time is told with its expression", () => {
  const found = lintObjects(ranged("now() - 5", "reslt"));
  assert.deepEqual(
    found.filter(({ rule }) => rule === "wrong-metric-source").map(({ text }) => text),
    [
      'rangeQuery.end "reslt" is no time: unknown name reslt',
      'rangeQuery.start "now() - 5" is no time: invalid operation: - ' +
      "(mismatched types time.Time and int)",
    ],
  );
});
