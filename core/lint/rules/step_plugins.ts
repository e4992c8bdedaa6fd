/** Steps that run plugins: what they are told. */
import { checkingKit, type Expected } from "../../../sdk/fields/checking_kit.ts";
import { valueProblems } from "../../../sdk/fields/type_problems.ts";
import { unknownFieldsOf } from "../../../sdk/fields/unknown_fields.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import {
  forEachRollout,
  type LintWorld,
  type RolloutRemark,
  type RolloutSubject,
} from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";

export const STEP_PLUGIN_RULES: readonly CheckedRule[] = [
  {
    name: "wrong-step-plugin",
    severity: "error",
    reports: "The plugin of a step is told something that it does not understand.",
    why: "It answers with an error each time it is called, and the update waits.",
    check: forEachRollout(wrongConfigs),
  },
];

function wrongConfigs({ steps }: RolloutSubject, { plugins }: LintWorld): RolloutRemark[] {
  return steps.flatMap((step, index) => {
    const { name, config } = fieldsOf(step["plugin"]);
    const plugin = plugins.stepPlugins.find((each) => each.name === name);
    if (plugin === undefined) return [];
    const at = ["spec", "strategy", "canary", "steps", index, "plugin", "config"];
    const fields = plugin.config?.(checkingKit()) as Record<string, Expected> | undefined;
    if (fields !== undefined) {
      const expected: Expected = { type: "object", isRequired: true, fields: () => fields };
      const told = fieldsOf(config);
      const wrong = [
        ...valueProblems(told, expected).map(({ path, message }) => ({ path, text: message })),
        ...unknownFieldsOf(told, expected)
          .map((path) => ({ path, text: `is no field of ${plugin.name}` })),
      ];
      if (wrong.length > 0) return wrong.map(({ path, text }) => ({ at: [...at, ...path], text }));
    }
    return (plugin.problems?.(fieldsOf(config)) ?? []).map((text) => ({ at, text }));
  });
}
