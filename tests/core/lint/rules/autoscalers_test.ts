import { AUTOSCALER_RULES } from "../../../../core/lint/rules/autoscalers.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { DEPLOYMENT, object, REFERENCE, referring, rollout } from "../manifests.ts";
import { type RuleRow, testRules } from "./check_rules.ts";

const ROLLOUT = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "web" };
const FREE = rollout({ spec: { replicas: null } });

function scaling(target: Fields): Fields {
  return object("autoscaling/v2", "HorizontalPodAutoscaler", { spec: { scaleTargetRef: target } });
}

const ROWS: RuleRow[] = [
  [
    "an autoscaler of a Deployment that is no workload any more",
    [
      referring({ scaleDown: "onsuccess" }),
      DEPLOYMENT,
      scaling(REFERENCE),
    ],
    [
      "image-without-version spec.template.spec.containers[0].image",
      "autoscaler-beside-rollout spec.scaleTargetRef",
    ],
  ],
  ["an autoscaler of a Rollout", [FREE, scaling(ROLLOUT)], []],
  [
    "an autoscaler of a Rollout that says replicas",
    [rollout(), scaling(ROLLOUT)],
    ["replicas-beside-autoscaler spec.replicas"],
  ],
  [
    "an autoscaler of a Deployment that is a Rollout by now",
    [FREE, scaling(REFERENCE)],
    ["autoscaler-target spec.scaleTargetRef.kind"],
  ],
  [
    "an autoscaler of a Deployment beside a Rollout of its name",
    [FREE, { ...DEPLOYMENT, spec: {} }, scaling(REFERENCE)],
    [],
  ],
  [
    "an autoscaler of a Rollout that is not there",
    [FREE, scaling({ ...ROLLOUT, name: "wep" })],
    ["autoscaler-target spec.scaleTargetRef.name"],
  ],
  [
    "an autoscaler of a version that there is not",
    [FREE, scaling({ ...ROLLOUT, apiVersion: "argoproj.io/v1" })],
    ["autoscaler-target spec.scaleTargetRef.apiVersion"],
  ],
  ["an autoscaler without Rollouts beside it", [scaling({ ...ROLLOUT, name: "other" })], []],
];

testRules(AUTOSCALER_RULES, ROWS);
