import assert from "node:assert/strict";
import fc from "fast-check";
import { checkRolloutTypes } from "../../../core/api/check_rollout_types.ts";
import { unknownRolloutFields } from "../../../core/api/unknown_rollout_fields.ts";

type Open = Record<string, unknown>;

function rollout(spec: Open): Open {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "web" }, spec };
}

function canary(strategy: Open): Open {
  return rollout({ strategy: { canary: strategy } });
}

function problems(object: unknown): string[] {
  return checkRolloutTypes(object).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const FULL = rollout({
  replicas: 5,
  selector: {
    matchLabels: { app: "web" },
    matchExpressions: [{ key: "a", operator: "In", values: ["b"] }],
  },
  template: { metadata: { labels: { app: "web" } }, spec: { containers: [], anything: [1] } },
  workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web", scaleDown: "never" },
  minReadySeconds: 1,
  revisionHistoryLimit: 2,
  progressDeadlineSeconds: 3,
  progressDeadlineAbort: true,
  paused: false,
  restartAt: "2026-01-31T12:00:00+01:00",
  rollbackWindow: { revisions: 3 },
  analysis: { successfulRunHistoryLimit: 1, unsuccessfulRunHistoryLimit: 1 },
  strategy: {
    blueGreen: {
      activeService: "a",
      previewService: "b",
      previewReplicaCount: 1,
      autoPromotionEnabled: true,
      autoPromotionSeconds: 5,
      maxUnavailable: "25%",
      scaleDownDelaySeconds: 1,
      scaleDownDelayRevisionLimit: 1,
      abortScaleDownDelaySeconds: 1,
      prePromotionAnalysis: { templates: [{ templateName: "a", clusterScope: true }] },
      postPromotionAnalysis: { args: [{ name: "a", value: "b" }] },
      antiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} },
      previewMetadata: { labels: { a: "b" } },
      activeMetadata: { annotations: { a: "b" } },
    },
    canary: {
      canaryService: "a",
      stableService: "b",
      steps: [
        { setWeight: 5 },
        { pause: { duration: 5 } },
        { pause: { duration: "5s" } },
        { pause: {} },
        {
          experiment: {
            templates: [{ name: "a", specRef: "stable", metadata: {}, service: { name: "x" } }],
            duration: "5s",
            analyses: [{ name: "a", templateName: "b", requiredForCompletion: true, args: [] }],
            dryRun: [{ metricName: "a" }],
            analysisRunMetadata: {},
            scaleDownDelaySeconds: 5,
          },
        },
        {
          analysis: {
            templates: [{ templateName: "a" }],
            args: [{ name: "a", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
            dryRun: [{ metricName: "a" }],
            measurementRetention: [{ metricName: "a", limit: 5 }],
          },
        },
        { setCanaryScale: { weight: 5, replicas: 1, matchTrafficWeight: true } },
        {
          setHeaderRoute: { name: "a", match: [{ headerName: "b", headerValue: { exact: "c" } }] },
        },
        {
          setMirrorRoute: {
            name: "a",
            match: [{ method: { exact: "GET" }, path: { prefix: "/" }, headers: { a: {} } }],
            percentage: 5,
          },
        },
        { plugin: { name: "a", config: { any: [1] } } },
      ],
      trafficRouting: { istio: { any: 1 }, managedRoutes: [{ name: "a" }], maxTrafficWeight: 5 },
      maxUnavailable: 1,
      maxSurge: "25%",
      analysis: { templates: [{ templateName: "a" }], startingStep: 2 },
      antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 5 } },
      canaryMetadata: { labels: {} },
      stableMetadata: { annotations: {} },
      scaleDownDelaySeconds: 1,
      scaleDownDelayRevisionLimit: 1,
      abortScaleDownDelaySeconds: 1,
      dynamicStableScale: true,
      pingPong: { pingService: "a", pongService: "b" },
      minPodsPerReplicaSet: 2,
      replicaProgressThreshold: { type: "Percent", value: 90 },
    },
  },
});

Deno.test("a Rollout with every field has no type problem and no unknown field", () => {
  assert.deepEqual(problems(FULL), []);
  assert.deepEqual(unknownRolloutFields(FULL), []);
});

Deno.test("a wrong type is told with its place and what it is", () => {
  const rows: [unknown, string[]][] = [
    [{}, ["spec: is required"]],
    [{ spec: [] }, ["spec: must be an object, but is a list"]],
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
    template: { spec: { container: [] } },
    strategy: {
      canary: {
        steps: [{ setWeigth: 5 }, { plugin: { name: "a", config: { any: 1 } } }],
        trafficRouting: { istio: { any: 1 }, istoi: {} },
        analysis: { args: [{ name: "a", valueOf: {} }] },
      },
    },
  });
  assert.deepEqual(unknownRolloutFields(object), [
    ["spec", "replica"],
    ["spec", "strategy", "canary", "steps", 0, "setWeigth"],
    ["spec", "strategy", "canary", "trafficRouting", "istoi"],
    ["spec", "strategy", "canary", "analysis", "args", 0, "valueOf"],
  ]);
  assert.deepEqual(unknownRolloutFields(rollout({ constructor: 1, toString: 2 })), [
    ["spec", "constructor"],
    ["spec", "toString"],
  ]);
});

Deno.test("checking types changes nothing and takes anything", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const object = { spec: value };
    const before = JSON.stringify(object);
    checkRolloutTypes(value);
    unknownRolloutFields(value);
    checkRolloutTypes(object);
    unknownRolloutFields(object);
    assert.equal(JSON.stringify(object), before);
  }));
});
