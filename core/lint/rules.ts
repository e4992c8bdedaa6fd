/** The table of rules: everything that lint ever reports. */
import type { CheckedRule, Rule } from "./rule.ts";
import { ANALYSIS_RULES } from "./rules/analysis.ts";
import { AUTOSCALER_RULES } from "./rules/autoscalers.ts";
import { METRIC_RULES } from "./rules/metrics.ts";
import { NEIGHBOUR_RULES } from "./rules/neighbours.ts";
import { NOTIFICATION_RULES } from "./rules/notifications.ts";
import { POD_TEMPLATE_RULES } from "./rules/pod_template.ts";
import { POD_RULES } from "./rules/pods.ts";
import { STEP_PLUGIN_RULES } from "./rules/step_plugins.ts";
import { STRATEGY_RULES } from "./rules/strategy.ts";
import { SUPPORT_RULES } from "./rules/support.ts";
import { WEIGHT_RULES } from "./rules/weights.ts";

function define(name: string, severity: Rule["severity"], reports: string, why: string): Rule {
  return Object.freeze({ name, severity, reports, why });
}

/** What reading a file finds. */
export const NOT_YAML = define(
  "not-yaml",
  "error",
  "A document is not valid YAML, or YAML that Kubernetes does not read.",
  "No tool can apply it.",
);
export const NOT_JSON = define(
  "not-json",
  "error",
  "A file begins with a brace, as JSON does, and is no JSON.",
  "Up to version 1.32 at least, kubectl refuses such a file although it is YAML.",
);
export const NOT_RENDERED = define(
  "not-rendered",
  "error",
  "A file is a template of Helm or a recipe of Kustomize, not a manifest; told once a file.",
  "What comes out of the template is what counts: render it first.",
);
export const NO_OBJECT = define(
  "no-object",
  "error",
  "A document is not a Kubernetes object.",
  "Nothing can be done with it; often it is a part that was cut out of one.",
);
export const WRONG_FIELD = define(
  "wrong-field",
  "error",
  "A field is missing that every object of the kind has, or has a value of the wrong type.",
  "The API server refuses the object.",
);
export const TOO_LARGE = define(
  "too-large",
  "error",
  "An object or its annotations are larger than an API server stores.",
  "The API server refuses the object.",
);
export const UNKNOWN_FIELD = define(
  "unknown-field",
  "error",
  "A field is none of its kind.",
  "kubectl refuses it, or the server drops it without a word; mostly it is a slip of the pen.",
);
export const UNKNOWN_POD_FIELD = define(
  "unknown-pod-field",
  "warning",
  "A field of a pod template is not known to this version of Sluice.",
  "It is handed on to the pods; a slip of the pen has no effect.",
);
export const KEY_TWICE = define(
  "key-twice",
  "warning",
  "A key appears twice in one mapping.",
  "Only the last one counts.",
);
export const UNKNOWN_RULE = define(
  "unknown-rule",
  "warning",
  "A rule is switched off that there is not.",
  "Nothing is switched off: mostly the name is written wrongly.",
);

/** What validation finds. */
export const INVALID_SPEC = define(
  "invalid-spec",
  "error",
  "The controller refuses the object.",
  "The Rollout becomes Degraded with InvalidSpec, and nothing is done.",
);
export const LEFT_OUT_FIELD = define(
  "left-out-field",
  "error",
  "A part of a Rollout's pod template cannot be read, such as an amount that is none.",
  "The server stores it, and the controller leaves it out: the pods run without the limit.",
);
export const WRONG_REFERENCE = define(
  "wrong-reference",
  "error",
  "An object that is named is not there, or not what it has to be.",
  "The Rollout becomes Degraded with InvalidSpec, or stops in mid-update where it needs it.",
);

/** The rules that are asked one by one. */
export const CHECKED_RULES: readonly CheckedRule[] = [
  ...POD_TEMPLATE_RULES,
  ...SUPPORT_RULES,
  ...STEP_PLUGIN_RULES,
  ...WEIGHT_RULES,
  ...POD_RULES,
  ...STRATEGY_RULES,
  ...ANALYSIS_RULES,
  ...METRIC_RULES,
  ...NEIGHBOUR_RULES,
  ...AUTOSCALER_RULES,
  ...NOTIFICATION_RULES,
];

/** All rules, in the order of the documentation. */
export const RULES: readonly Rule[] = [
  NOT_YAML,
  NOT_JSON,
  NOT_RENDERED,
  NO_OBJECT,
  WRONG_FIELD,
  TOO_LARGE,
  UNKNOWN_FIELD,
  UNKNOWN_POD_FIELD,
  KEY_TWICE,
  UNKNOWN_RULE,
  INVALID_SPEC,
  LEFT_OUT_FIELD,
  WRONG_REFERENCE,
  ...CHECKED_RULES,
];
