import assert from "node:assert/strict";
import fc from "fast-check";
import { KINDS } from "../../../../core/api/schema/kinds.ts";
import { typeProblems } from "../../../../core/api/schema/type_problems.ts";
import { unknownFields } from "../../../../core/api/schema/unknown_fields.ts";

import { fullObject } from "./full_object.ts";

type Open = Record<string, unknown>;

function rollout(spec: unknown): Open {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "web" }, spec };
}

function canary(strategy: Open): Open {
  return rollout({ strategy: { canary: strategy } });
}

function problems(object: unknown): string[] {
  return typeProblems(object).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

for (const { type } of KINDS) {
  Deno.test(`${type.kind}: an object with every field has no type problem and no unknown field`, () => {
    const full = fullObject(type.kind);
    assert.ok(JSON.stringify(full).length > 2000);
    assert.deepEqual(problems(full), []);
    assert.deepEqual(unknownFields(full), []);
  });
}

Deno.test("a wrong type is told with its place and what it is", () => {
  const rows: [unknown, string[]][] = [
    [{ ...rollout({}), spec: undefined }, ["spec: is required"]],
    [{ ...rollout({}), spec: [] }, ["spec: must be an object, but is a list"]],
    [{ ...rollout({}), kind: "Deployment", spec: [] }, []],
    [rollout({ replicas: "3" }), ['spec.replicas: must be a whole number, but is the string "3"']],
    [rollout({ replicas: 1.5 }), ["spec.replicas: must be a whole number, but is the number 1.5"]],
    [rollout({ replicas: 3e9 }), ["spec.replicas: must fit in 32 bits, but is 3000000000"]],
    [rollout({ paused: "yes" }), ['spec.paused: must be true or false, but is the string "yes"']],
    [
      rollout({ restartAt: "now" }),
      ['spec.restartAt: must be a time such as "2026-01-31T12:00:00Z", but is the string "now"'],
    ],
    [
      rollout({ selector: { matchLabels: { app: true } } }),
      ["spec.selector.matchLabels.app: must be a string, but is the boolean true"],
    ],
    [
      rollout({ template: { spec: { containers: {} } } }),
      ["spec.template.spec.containers: must be a list, but is an object"],
    ],
    [
      rollout({ template: { spec: { containers: [{ ports: [{ containerPort: "80" }] }] } } }),
      [
        "spec.template.spec.containers.0.name: is required",
        "spec.template.spec.containers.0.ports.0.containerPort: " +
        'must be a whole number, but is the string "80"',
      ],
    ],
    [
      {
        ...rollout({ metrics: [{ name: "a", provider: { datadog: { apiVersion: "v3" } } }] }),
        kind: "AnalysisTemplate",
      },
      [
        "spec.metrics.0.provider.datadog.apiVersion: " +
        'must be one of v1, v2, but is the string "v3"',
      ],
    ],
    [
      { ...rollout({ metrics: [] }), kind: "AnalysisRun", status: {} },
      ["status.phase: is required"],
    ],
    [
      canary({ steps: { setWeight: 5 } }),
      ["spec.strategy.canary.steps: must be a list, but is an object"],
    ],
    [
      canary({ steps: [{ setWeight: 5 }, { pause: { duration: true } }] }),
      [
        "spec.strategy.canary.steps.1.pause.duration: " +
        "must be a whole number or a string, but is the boolean true",
      ],
    ],
    [
      canary({ steps: [null, { plugin: {} }] }),
      [
        "spec.strategy.canary.steps.0: must be an object, but is null",
        "spec.strategy.canary.steps.1.plugin.name: is required",
      ],
    ],
    [
      rollout({ strategy: { blueGreen: {} } }),
      ["spec.strategy.blueGreen.activeService: is required"],
    ],
  ];
  for (const [object, expected] of rows) assert.deepEqual(problems(object), expected);
});

Deno.test("a null counts as absent, as an API server prunes it", () => {
  const nulls = canary({ steps: null, maxSurge: null, trafficRouting: null, antiAffinity: null });
  assert.deepEqual(problems(nulls), []);
});

Deno.test("a field that nobody knows is found, but not in open places", () => {
  const object = rollout({
    replica: 3,
    template: { spec: { container: [], volumes: [{ any: 1 }] } },
    strategy: {
      canary: {
        steps: [{ setWeigth: 5 }, { plugin: { name: "a", config: { any: 1 } } }],
        trafficRouting: { plugins: { any: 1 }, istoi: {} },
        analysis: { args: [{ name: "a", valueOf: {} }] },
      },
    },
  });
  assert.deepEqual(unknownFields(object), [
    ["spec", "replica"],
    ["spec", "template", "spec", "container"],
    ["spec", "strategy", "canary", "steps", 0, "setWeigth"],
    ["spec", "strategy", "canary", "trafficRouting", "istoi"],
    ["spec", "strategy", "canary", "analysis", "args", 0, "valueOf"],
  ]);
  assert.deepEqual(unknownFields(rollout({ constructor: 1, toString: 2 })), [
    ["spec", "constructor"],
    ["spec", "toString"],
  ]);
});

Deno.test("checking types changes nothing and takes anything", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const object = rollout(value as Open);
    const before = JSON.stringify(object);
    typeProblems(value);
    unknownFields(value);
    typeProblems(object);
    unknownFields(object);
    assert.equal(JSON.stringify(object), before);
  }));
});
