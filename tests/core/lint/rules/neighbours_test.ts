import assert from "node:assert/strict";
import { judge, readSources } from "../../../../core/lint/mod.ts";
import { NEIGHBOUR_RULES } from "../../../../core/lint/rules/neighbours.ts";
import { BESIDE, DEPLOYMENT, object, rollout, service, SERVICES } from "../manifests.ts";
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

/** The Rollout with one label more on its pods. */
function withTier(each: Fields): Fields {
  const spec = each["spec"] as Fields;
  const template = spec["template"] as Fields;
  const labels = { app: "web", tier: "web" };
  return { ...each, spec: { ...spec, template: { ...template, metadata: { labels } } } };
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
    "a Deployment with the Rollout's selector",
    [rollout(), DEPLOYMENT],
    ["shared-selector spec.selector"],
  ],
  [
    "a Deployment with another selector",
    [
      rollout(),
      object("apps/v1", "Deployment", { spec: { selector: { matchLabels: { app: "db" } } } }),
    ],
    [],
  ],
  [
    "a stable Service that is a name elsewhere",
    [
      rollout({ canary: SERVICES }),
      service("web-canary"),
      object("v1", "Service", {
        name: "web-stable",
        spec: { type: "ExternalName", externalName: "web.example", selector: { app: "web" } },
      }),
    ],
    [`external-service ${CANARY}.stableService`],
  ],
  [
    "a stable Service that selects by a label beyond the selector",
    [
      withTier(rollout({ canary: SERVICES })),
      service("web-canary"),
      object("v1", "Service", {
        name: "web-stable",
        spec: { selector: { app: "web", tier: "web" } },
      }),
    ],
    [`service-beyond-selector ${CANARY}.stableService`],
  ],
  [
    "a stable Service that selects by the hash as well, as the controller leaves it",
    [
      rollout({ canary: SERVICES }),
      service("web-canary"),
      object("v1", "Service", {
        name: "web-stable",
        spec: { selector: { app: "web", "rollouts-pod-template-hash": "abc" } },
      }),
    ],
    [],
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

Deno.test("an object in two files of one folder is told, one in two folders is not", () => {
  const text = JSON.stringify(service("a"));
  const found = (file: string) =>
    judge(
      readSources([{ file: "prod/a.yaml", text, isNamed: true }, { file, text, isNamed: true }]),
      plugins,
    );
  const [finding] = found("prod/b.yaml");
  assert.equal(finding?.rule, "object-twice");
  assert.equal(finding?.text, 'Service "a" stands in prod/a.yaml:1 already; the last one counts');
  assert.deepEqual(found("test/b.yaml"), []);
});
