import assert from "node:assert/strict";
import { canaryProgress } from "../../../core/view/canary_progress.ts";
import type { CanaryStep, CanaryStrategy, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { webCanary, webReplicaSet } from "./view_objects.ts";

const STEPS: CanaryStep[] = [{ pause: {} }, { setWeight: 20 }, { pause: {} }, { setWeight: 60 }];
const ROUTED = { trafficRouting: { istio: {} } };
const UPDATING: RolloutStatus = { stableRS: "h1", currentPodHash: "h2", availableReplicas: 6 };
const WEIGHTS = { canary: { weights: { canary: { weight: 15 }, stable: { weight: 85 } } } };

interface Row {
  name: string;
  strategy?: CanaryStrategy;
  status?: RolloutStatus;
  available?: number;
  shown: [step: string, setWeight: number, actualWeight: number];
}

const ROWS: Row[] = [
  { name: "no steps: all weight, no step", shown: ["", 100, 100] },
  {
    name: "all steps done: all weight",
    strategy: { steps: STEPS },
    status: { currentStepIndex: 4 },
    shown: ["4/4", 100, 100],
  },
  {
    name: "no step reached yet: the first",
    strategy: { steps: STEPS },
    shown: ["0/4", 0, 33],
  },
  {
    name: "no weight before the first setWeight",
    strategy: { steps: STEPS },
    status: { currentStepIndex: 0 },
    shown: ["0/4", 0, 33],
  },
  {
    name: "the weight of the step itself",
    strategy: { steps: STEPS },
    status: { currentStepIndex: 1 },
    shown: ["1/4", 20, 33],
  },
  {
    name: "the weight of the nearest step before",
    strategy: { steps: STEPS },
    status: { currentStepIndex: 2 },
    shown: ["2/4", 20, 33],
  },
  {
    name: "without a router the share of available pods, rounded down",
    strategy: { steps: STEPS },
    status: { currentStepIndex: 3, availableReplicas: 7 },
    available: 5,
    shown: ["3/4", 60, 71],
  },
  {
    name: "nothing available: no weight",
    strategy: { steps: STEPS },
    status: { currentStepIndex: 3, availableReplicas: 0 },
    shown: ["3/4", 60, 0],
  },
  {
    name: "with a router the weight that it was given",
    strategy: { steps: STEPS, ...ROUTED },
    status: { currentStepIndex: 3, ...WEIGHTS },
    shown: ["3/4", 60, 15],
  },
  {
    name: "with a router that was given none the wanted weight",
    strategy: { steps: STEPS, ...ROUTED },
    status: { currentStepIndex: 3 },
    shown: ["3/4", 60, 60],
  },
  {
    name: "with a router and nothing available no weight",
    strategy: { steps: STEPS, ...ROUTED },
    status: { currentStepIndex: 3, availableReplicas: 0, ...WEIGHTS },
    shown: ["3/4", 60, 0],
  },
  {
    name: "aborted: no wanted weight, the weight in effect",
    strategy: { steps: STEPS },
    status: { currentStepIndex: 1, abort: true },
    shown: ["1/4", 0, 33],
  },
  {
    name: "aborted with a router that was given no weight: none",
    strategy: { steps: STEPS, ...ROUTED },
    status: { currentStepIndex: 1, abort: true },
    shown: ["1/4", 0, 0],
  },
  {
    name: "another maximum weight",
    strategy: { steps: STEPS, trafficRouting: { maxTrafficWeight: 1000 } },
    status: { currentStepIndex: 4 },
    shown: ["4/4", 1000, 1000],
  },
];

for (const { name, strategy = {}, status, available = 2, shown } of ROWS) {
  Deno.test(`canaryProgress(): ${name}`, () => {
    const rollout = webCanary(strategy, { ...UPDATING, ...status });
    const sets = [
      webReplicaSet({ hash: "h1", replicas: 4 }),
      webReplicaSet({ hash: "h2", replicas: 5, available }),
    ];
    const { step, setWeight, actualWeight } = canaryProgress(rollout, sets);
    assert.deepEqual([step, setWeight, actualWeight], shown);
  });
}
