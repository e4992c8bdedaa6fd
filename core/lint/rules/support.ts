/** What this version does not do yet: the controller leaves such a Rollout alone. */
import { unservedLocations } from "../../rollout/unserved.ts";
import { forEachRollout, type LintWorld, type RolloutSubject } from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";

/** What this version does not do. */
export const SUPPORT_RULES: readonly CheckedRule[] = [
  {
    name: "not-supported",
    severity: "error",
    reports: "A field or a step asks for something that this version of Sluice does not do.",
    why: "The controller leaves the Rollout alone, or waits in front of the step.",
    check: forEachRollout(notSupported),
  },
];

function notSupported({ rollout }: RolloutSubject, { plugins }: LintWorld) {
  return unservedLocations(rollout, plugins).map((at) => ({
    at,
    text: at.includes("steps")
      ? "is not supported by this version: updates wait in front of this step"
      : "is not supported by this version: the Rollout is left alone",
  }));
}
