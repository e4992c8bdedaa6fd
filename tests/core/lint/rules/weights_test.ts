import { WEIGHT_RULES } from "../../../../core/lint/rules/weights.ts";
import { type Fields, fieldsOf, listOf } from "../../../../sdk/wire/json.ts";
import { rollout, routed } from "../manifests.ts";
import { type RuleRow, testRules } from "./check_rules.ts";

const CANARY = "spec.strategy.canary";

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

/** The same Rollout with containers that have a port. */
function withPorts(object: Fields): Fields {
  const withPort = (key: string, value: unknown) =>
    key === "containers"
      ? listOf(value).map((one) => ({ ...fieldsOf(one), ports: [{ containerPort: 80 }] }))
      : value;
  return JSON.parse(JSON.stringify(object, withPort)) as Fields;
}

const PLUGIN = { plugins: { "example/router": {} } };

const ROWS: RuleRow[] = [
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
    [withPorts(
      rollout({ canary: { trafficRouting: PLUGIN, steps: [experiment(20, 20), ...weights(20)] } }),
    )],
    [`experiment-weight ${CANARY}.steps[0].experiment`],
  ],
  [
    "an experiment that leaves nothing",
    [withPorts(
      rollout({ canary: { trafficRouting: PLUGIN, steps: [...weights(30), experiment(50, 30)] } }),
    )],
    [
      `experiment-weight ${CANARY}.steps[2].experiment`,
      `weights-beyond-all ${CANARY}.steps[2].experiment`,
    ],
  ],
  ["an experiment without weights", steps(experiment(0, 0)), []],
  [
    "an experiment with a weight whose pods have no port",
    [rollout({ canary: { trafficRouting: PLUGIN, steps: [experiment(20), ...weights(20)] } })],
    [
      `experiment-weight ${CANARY}.steps[0].experiment`,
      `experiment-without-port ${CANARY}.steps[0].experiment`,
    ],
  ],
  [
    "an experiment without a weight whose pods have no port",
    [rollout({ canary: { trafficRouting: PLUGIN, steps: [experiment(0), ...weights(20)] } })],
    [],
  ],
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
];

testRules(WEIGHT_RULES, ROWS);
