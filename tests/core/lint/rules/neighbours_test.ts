import assert from "node:assert/strict";
import { judge, readSources } from "../../../../core/lint/mod.ts";
import { NEIGHBOUR_RULES } from "../../../../core/lint/rules/neighbours.ts";
import {
  BESIDE,
  DEPLOYMENT,
  object,
  REFERENCE,
  referring,
  rollout,
  service,
  SERVICES,
} from "../manifests.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { type RuleRow, testRules } from "./check_rules.ts";
import { plugins } from "../../../../plugins/mod.ts";

const CANARY = "spec.strategy.canary";

/** A Rollout with the pods of `rollout()`, whatever its own name. */
function sharing(each: Fields): Fields {
  const spec = each["spec"] as Fields;
  const { selector, template } = rollout()["spec"] as Fields;
  return { ...each, spec: { ...spec, selector, template } };
}

const ROWS: RuleRow[] = [
  ["an object twice", [service("a"), service("b"), service("a")], ["object-twice metadata.name"]],
  [
    "two Rollouts with one Service and one selector",
    [
      rollout({ canary: SERVICES }),
      sharing(
        rollout({ name: "other", canary: { stableService: "web-stable", canaryService: "other" } }),
      ),
      ...BESIDE,
      service("other"),
    ],
    [
      "shared-selector spec.selector",
      `shared-service ${CANARY}.stableService`,
    ],
  ],
  [
    "two Rollouts of different namespaces with one Service and one selector",
    ["one", "two"].flatMap((namespace) => [
      {
        ...rollout({ name: namespace, canary: SERVICES }),
        metadata: { name: namespace, namespace },
      },
    ]).map(sharing).concat(BESIDE),
    [],
  ],
  [
    "a restart that a budget forbids",
    [
      rollout({ spec: { restartAt: "2026-01-31T12:00:00Z" } }),
      object("policy/v1", "PodDisruptionBudget", {
        spec: { minAvailable: 5, selector: { matchLabels: { app: "web" } } },
      }),
    ],
    ["restart-blocked spec.restartAt"],
  ],
  [
    "a restart that a budget lets pass",
    [
      rollout({ spec: { restartAt: "2026-01-31T12:00:00Z" } }),
      object("policy/v1", "PodDisruptionBudget", {
        spec: { minAvailable: 4, selector: { matchLabels: { app: "web" } } },
      }),
    ],
    [],
  ],
  [
    "an autoscaler of a Deployment that is no workload any more",
    [
      referring({ scaleDown: "onsuccess" }),
      DEPLOYMENT,
      object("autoscaling/v2", "HorizontalPodAutoscaler", { spec: { scaleTargetRef: REFERENCE } }),
    ],
    [
      "image-without-version spec.template.spec.containers[0].image",
      "autoscaler-beside-rollout spec.scaleTargetRef",
    ],
  ],
];

testRules(NEIGHBOUR_RULES, ROWS);

Deno.test("objects without a namespace are neighbours in one folder, not across folders", () => {
  const one = rollout({ canary: SERVICES });
  const two = sharing(rollout({ name: "other", canary: SERVICES }));
  const rows: [file: string, count: number][] = [["prod/b.yaml", 3], ["test/b.yaml", 0]];
  for (const [file, count] of rows) {
    const files: [file: string, objects: Fields[]][] = [
      ["prod/a.yaml", [one, ...BESIDE]],
      [file, [two]],
    ];
    const sources = files.map(([file, objects]) => ({
      file,
      text: objects.map((each) => JSON.stringify(each)).join("\n---\n"),
      isNamed: true,
    }));
    assert.equal(judge(readSources(sources), plugins).length, count, file);
  }
});
