import { ANALYSIS_RULES } from "../../../../core/lint/rules/analysis.ts";
import { rollout, template } from "../manifests.ts";
import { type RuleRow, testRules } from "./check_rules.ts";

const CANARY = "spec.strategy.canary";

const TEMPLATES = [{ templateName: "rate" }];
const JOB = { restartPolicy: "Never", containers: [{ name: "load", image: "load:1" }] };

const ROWS: RuleRow[] = [
  [
    "a background analysis that looks once",
    [
      rollout({ canary: { analysis: { templates: TEMPLATES } } }),
      template("rate"),
    ],
    [`background-measured-once ${CANARY}.analysis.templates[0].templateName`],
  ],
  [
    "a background analysis that is a Job",
    [
      rollout({ canary: { analysis: { templates: TEMPLATES } } }),
      template("rate", { provider: { job: { spec: { template: { spec: JOB } } } } }),
    ],
    [],
  ],
  [
    "a background analysis with an interval, and a step that looks once",
    [
      rollout({ canary: { analysis: { templates: TEMPLATES } } }),
      template("rate", { interval: "1m" }),
      rollout({
        name: "other",
        canary: { steps: [{ analysis: { templates: [{ templateName: "once" }] } }] },
      }),
      template("once"),
    ],
    [],
  ],
  [
    "arguments that nobody wants",
    [
      rollout({
        canary: {
          steps: [{
            analysis: {
              templates: TEMPLATES,
              args: [{ name: "host", value: "0.9" }, { name: "hots", value: "b" }],
            },
          }],
        },
      }),
      template("rate", { successCondition: "result > {{args.host}}" }, {
        args: [{ name: "host" }],
      }),
    ],
    [`unused-argument ${CANARY}.steps[0].analysis.args[1]`],
  ],
  [
    "an argument of a template that no metric uses",
    [template(
      "rate",
      { successCondition: "result > {{ args.a }}" },
      { args: [{ name: "a", value: "1" }, { name: "b", value: "1" }] },
    )],
    ["unused-template-argument spec.args[1]"],
  ],
];

testRules(ANALYSIS_RULES, ROWS);
