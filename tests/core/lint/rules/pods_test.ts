import { POD_RULES } from "../../../../core/lint/rules/pods.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { rollout, routed } from "../manifests.ts";
import { type RuleRow, testRules } from "./check_rules.ts";

const CANARY = "spec.strategy.canary";

/** A routed canary whose container has no probe. */
function routedTemplate(fields: Fields): Fields[] {
  const spec = { containers: [{ name: "web", image: "web:1" }], ...fields };
  const template = { metadata: { labels: { app: "web" } }, spec };
  return routed({}, { spec: { template } });
}

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

const ONE_REPLICA = { replicas: 1 };

const ROWS: RuleRow[] = [
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
    routed({}, { container: { readinessProbe: null } }),
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
  [
    "a variable and a port that stand twice",
    [rollout({
      container: {
        env: [{ name: "A", value: "1" }, { name: "B" }, { name: "A" }],
        ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "TCP" }],
      },
    })],
    [
      "name-twice spec.template.spec.containers[0].env[2].name",
      "name-twice spec.template.spec.containers[0].ports[1].containerPort",
    ],
  ],
  [
    "a port for two protocols",
    [rollout({
      container: { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: "UDP" }] },
    })],
    [],
  ],
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

testRules(POD_RULES, ROWS);
