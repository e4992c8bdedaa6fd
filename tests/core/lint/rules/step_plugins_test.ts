import { STEP_PLUGIN_RULES } from "../../../../core/lint/rules/step_plugins.ts";
import { rollout } from "../manifests.ts";
import { type RuleRow, testRules } from "./check_rules.ts";

const CONFIG = "spec.strategy.canary.steps[0].plugin.config";
const asking = (config: unknown, name = "sluice/webhook") =>
  rollout({ canary: { steps: [{ plugin: { name, config } }, { pause: {} }] } });

const ROWS: readonly RuleRow[] = [
  ["a webhook that is told all it needs", [asking({ url: "https://gate.example.com" })], []],
  ["a webhook without an address", [asking(undefined)], [`wrong-step-plugin ${CONFIG}.url`]],
  [
    "a webhook that is told what it does not know",
    [asking({ url: "https://gate.example.com", retries: 3 })],
    [`wrong-step-plugin ${CONFIG}.retries`],
  ],
  [
    "a webhook whose address is none",
    [asking({ url: "gate.example.com" })],
    [`wrong-step-plugin ${CONFIG}`],
  ],
  ["a plugin of others", [asking({ url: 3 }, "org/check")], []],
];

testRules(STEP_PLUGIN_RULES, ROWS);
