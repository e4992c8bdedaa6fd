import assert from "node:assert/strict";
import { CHECKED_RULES, RULES } from "../../../core/lint/rules.ts";
import { lintObjects, object, rollout, service, shown, template } from "./manifests.ts";

type Fields = Record<string, unknown>;

const CANARY = "spec.strategy.canary";
const NGINX = { nginx: { stableIngress: "web" } };
const SERVICES = { stableService: "web-stable", canaryService: "web-canary" };
const INGRESS = object("networking.k8s.io/v1", "Ingress", {
  spec: {
    rules: [{ http: { paths: [{ path: "/", backend: { service: { name: "web-stable" } } }] } }],
  },
});
const BESIDE = [service("web-stable"), service("web-canary"), INGRESS];

/** A canary behind a router, with what it names. */
function routed(canary: Fields, rest: Fields = {}): Fields[] {
  const routing = { ...NGINX, ...rest };
  return [rollout({ canary: { ...SERVICES, trafficRouting: routing, ...canary } }), ...BESIDE];
}

/** A routed canary whose container has no probe. */
function routedTemplate(fields: Fields): Fields[] {
  const spec = { containers: [{ name: "web", image: "web:1" }], ...fields };
  const template = { metadata: { labels: { app: "web" } }, spec };
  const canary = { ...SERVICES, trafficRouting: NGINX };
  return [rollout({ canary, spec: { template } }), ...BESIDE];
}

function steps(...list: readonly Fields[]): Fields[] {
  return [rollout({ canary: { steps: list } })];
}

function weights(...list: readonly number[]): Fields[] {
  return list.flatMap((setWeight) => [{ setWeight }, { pause: {} }]);
}

function experiment(...shares: readonly number[]): Fields {
  const templates = shares.map((weight, index) => ({
    name: `t${index}`,
    specRef: "stable",
    ...(weight === 0 ? {} : { weight }),
  }));
  return { experiment: { templates, duration: "1m" } };
}

const PLUGIN = { plugins: { "example/router": {} } };
const TEMPLATES = [{ templateName: "rate" }];
const ONE_REPLICA = { replicas: 1 };

/** Objects, and what lint must find in them: nothing else, and nothing less. */
const ROWS: [what: string, objects: Fields[], findings: string[]][] = [
  ["a plain canary", [rollout()], []],
  ["a routed canary", routed({ steps: weights(20, 60, 100) }), []],
  [
    "a scale below the weight",
    routed({ steps: [{ setCanaryScale: { weight: 10 } }, ...weights(20, 50, 100)] }),
    [`scale-below-weight ${CANARY}.steps[1].setWeight`],
  ],
  [
    "few pods for much traffic",
    routed({ steps: [...weights(50), { setCanaryScale: { replicas: 2 } }, ...weights(100)] }),
    [`scale-below-weight ${CANARY}.steps[2].setCanaryScale`],
  ],
  [
    "a scale that is large enough, and one that follows the weight",
    routed({
      steps: [
        { setCanaryScale: { replicas: 1 } },
        ...weights(20),
        { setCanaryScale: { matchTrafficWeight: true } },
        ...weights(80),
      ],
    }),
    [],
  ],
  [
    "an experiment with weights",
    [rollout({ canary: { trafficRouting: PLUGIN, steps: [experiment(20, 20), ...weights(20)] } })],
    [`experiment-weight ${CANARY}.steps[0].experiment`],
  ],
  [
    "an experiment that leaves nothing",
    [rollout({ canary: { trafficRouting: PLUGIN, steps: [...weights(30), experiment(50, 30)] } })],
    [
      `experiment-weight ${CANARY}.steps[2].experiment`,
      `weights-beyond-all ${CANARY}.steps[2].experiment`,
    ],
  ],
  ["an experiment without weights", steps(experiment(0, 0)), []],
  [
    "a progress threshold with a router",
    routed({ replicaProgressThreshold: { type: "Percent", value: 90 } }),
    [`progress-threshold ${CANARY}.replicaProgressThreshold`],
  ],
  [
    "a progress threshold without a router",
    [rollout({ canary: { replicaProgressThreshold: { type: "Percent", value: 90 } } })],
    [],
  ],
  ["steps that end below all, with a pause", steps(...weights(20, 80)), []],
  ["steps without weights", steps({ pause: { duration: "1m" } }), []],
  [
    "a last weight that nothing waits for",
    steps(...weights(20), { setWeight: 40 }),
    [`last-weight-without-wait ${CANARY}.steps[2].setWeight`],
  ],
  [
    "a weight that goes down",
    steps(...weights(50, 20)),
    [`weight-goes-down ${CANARY}.steps[2].setWeight`],
  ],
  [
    "pauses of no time",
    steps({ pause: { duration: 0 } }, { pause: { duration: "0s" } }, { pause: { duration: 1 } }),
    [0, 1].map((index) => `pause-of-zero ${CANARY}.steps[${index}].pause.duration`),
  ],
  [
    "images without a version",
    [rollout({
      spec: {
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            containers: [
              "web",
              "web:latest",
              "registry:5000/web",
              "web:1",
              "web@sha256:0",
              "r:5000/web:1",
            ]
              .map((image, index) => ({ name: `c${index}`, image })),
          },
        },
      },
    })],
    [0, 1, 2].map((index) => `image-without-version spec.template.spec.containers[${index}].image`),
  ],
  [
    "no readiness probe behind a router",
    [
      rollout({
        canary: { ...SERVICES, trafficRouting: NGINX },
        container: { readinessProbe: null },
      }),
      ...BESIDE,
    ],
    ["no-readiness-probe spec.template.spec.containers"],
  ],
  [
    "readiness gates behind a router",
    routedTemplate({ readinessGates: [{ conditionType: "target-health.elbv2.k8s.aws/web" }] }),
    [],
  ],
  ["no readiness probe without a router", [rollout({ container: { readinessProbe: null } })], []],
  ["a deadline that no pod can keep", deadline(30), [
    "deadline-before-ready spec.progressDeadlineSeconds",
  ]],
  ["a deadline that can be kept", deadline(31), []],
  ["no history", [rollout({ spec: { revisionHistoryLimit: 0 } })], [
    "no-history spec.revisionHistoryLimit",
  ]],
  [
    "one pod without surge",
    [rollout({ spec: ONE_REPLICA, canary: { maxSurge: 0 } })],
    [`one-pod-without-surge ${CANARY}.maxSurge`],
  ],
  ["two pods without surge", [rollout({ spec: { replicas: 2 }, canary: { maxSurge: 0 } })], []],
];

/** 30 s of probes, with some deadline. */
function deadline(seconds: number): Fields[] {
  return [rollout({
    spec: { progressDeadlineSeconds: seconds, minReadySeconds: 10 },
    container: {
      readinessProbe: {
        tcpSocket: { port: 1 },
        initialDelaySeconds: 20,
        periodSeconds: 10,
        successThreshold: 2,
      },
    },
  })];
}

const PREVIEW = [service("active"), service("preview")];
const DEPLOYMENT = object("apps/v1", "Deployment", {
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "web" }] },
    },
  },
});
const JOB = { restartPolicy: "Never", containers: [{ name: "load", image: "load:1" }] };
const REFERENCE = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };

function referring(reference: Fields = {}): Fields {
  return rollout({
    spec: { workloadRef: { ...REFERENCE, ...reference }, template: undefined, selector: undefined },
  });
}

const OTHER_ROWS: typeof ROWS = [
  [
    "a blue-green that waits in the dark",
    [rollout({ blueGreen: { activeService: "active", autoPromotionEnabled: false } }), ...PREVIEW],
    ["no-preview-service spec.strategy.blueGreen"],
  ],
  ["a blue-green that does not wait", [
    rollout({ blueGreen: { activeService: "active" } }),
    ...PREVIEW,
  ], []],
  [
    "an automatic promotion that is off",
    [
      rollout({
        blueGreen: {
          activeService: "active",
          previewService: "preview",
          autoPromotionEnabled: false,
          autoPromotionSeconds: 30,
        },
      }),
      ...PREVIEW,
    ],
    ["auto-promotion-ignored spec.strategy.blueGreen.autoPromotionSeconds"],
  ],
  [
    "a router that is given up",
    [rollout({ canary: { ...SERVICES, trafficRouting: { smi: {} } } }), ...BESIDE],
    [`discontinued-router ${CANARY}.trafficRouting.smi`],
  ],
  [
    "a Deployment that goes on",
    [referring(), DEPLOYMENT],
    [
      "workload-keeps-running spec.workloadRef",
      "image-without-version spec.template.spec.containers[0].image",
    ],
  ],
  [
    "a Deployment that is scaled down, of an image without version",
    [referring({ scaleDown: "onsuccess" }), DEPLOYMENT],
    ["image-without-version spec.template.spec.containers[0].image"],
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
              args: [{ name: "host", value: "a" }, { name: "hots", value: "b" }],
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
];

/** A Rollout with the pods of `rollout()`, whatever its own name. */
function sharing(each: Fields): Fields {
  const spec = each["spec"] as Fields;
  const { selector, template } = rollout()["spec"] as Fields;
  return { ...each, spec: { ...spec, selector, template } };
}

for (const [what, objects, findings] of [...ROWS, ...OTHER_ROWS]) {
  Deno.test(`lint finds what is to be found in ${what}`, () => {
    assert.deepEqual(shown(lintObjects(...objects)), findings);
  });
}

Deno.test("every rule is seen to find something", () => {
  const seen = new Set(
    [...ROWS, ...OTHER_ROWS].flatMap(([, , findings]) =>
      findings.map((line) => line.split(" ")[0])
    ),
  );
  const missing = CHECKED_RULES.map(({ name }) => name).filter((name) => !seen.has(name));
  assert.deepEqual(missing, []);
});

Deno.test("rules have names of their own, and say what and why in a sentence each", () => {
  assert.equal(new Set(RULES.map(({ name }) => name)).size, RULES.length);
  for (const { name, reports, why } of RULES) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    for (const sentence of [reports, why]) assert.match(sentence, /^[A-Za-z].*[^.]\.$/);
  }
});
