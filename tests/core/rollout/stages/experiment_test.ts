import assert from "node:assert/strict";
import type { Experiment, TemplatePhase } from "../../../../sdk/api/experiment.ts";
import type { AnalysisPhase } from "../../../../sdk/api/analysis.ts";
import type { RolloutStatus } from "../../../../sdk/api/rollout.ts";
import { fieldsOf } from "../../../../sdk/wire/json.ts";
import type { Effect } from "../../../../core/engine/mod.ts";
import {
  additionalDestinations,
  unfitShares,
} from "../../../../core/rollout/experiments/plan_experiments.ts";
import { experiment } from "../../../../core/rollout/stages/experiment.ts";
import { step } from "../../../../core/rollout/stages/step.ts";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { NOON, worldOf, type WorldShape } from "../world.ts";

const NAME = "web-bbb-2-0";

interface ExperimentShape {
  readonly name?: string;
  readonly phase?: AnalysisPhase;
  readonly message?: string;
  readonly isTerminated?: boolean;
  readonly template?: TemplatePhase;
}

function experimentOf(
  { name = NAME, phase, message, isTerminated, template = "Running" }: ExperimentShape,
): Experiment {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Experiment",
    metadata: {
      name,
      namespace: "default",
      uid: name,
      resourceVersion: "1",
      labels: { "rollouts-pod-template-hash": "bbb" },
    },
    spec: { templates: [], ...(isTerminated === true ? { terminate: true } : {}) },
    status: {
      ...(phase === undefined ? {} : { phase }),
      ...(message === undefined ? {} : { message }),
      templateStatuses: [{
        name: "next",
        replicas: 1,
        updatedReplicas: 1,
        readyReplicas: 1,
        availableReplicas: 1,
        status: template,
        serviceName: "web-trial",
        podTemplateHash: "ccc",
      }],
    },
  };
}

/** A canary at its first step, an experiment with a fifth of the traffic. */
function atExperiment(
  { experiments = [], current, status, ...shape }: Omit<WorldShape, "experiment"> & {
    experiments?: ExperimentShape[];
    /** The name that the status records. */
    current?: string;
  } = {},
) {
  const found = experiments.map(experimentOf);
  return worldOf({
    steps: [
      { experiment: { templates: [{ name: "next", specRef: "canary", weight: 20 }] } },
      { setWeight: 100 },
    ],
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 0 },
    ...shape,
    experiment: {
      experiments: found,
      draft: { experiment: experimentOf({ name: `${NAME}${found.length === 0 ? "" : "-1"}` }) },
    },
    status: {
      duration: { rolloutStartedAt: "2026-03-01T10:00:00Z" },
      currentStepIndex: 0,
      ...(current === undefined ? {} : { canary: { currentExperiment: current } }),
      ...status,
    },
  });
}

function effectText(effect: Effect): string {
  assert.ok(effect.kind === "write");
  return `${effect.verb === "patch" ? "end" : effect.verb} ${effect.ref.name}`;
}

interface Row {
  readonly name: string;
  readonly world: ReturnType<typeof atExperiment>;
  /** Effects, and changes of the state. */
  readonly says: string;
}

const ABORTED: RolloutStatus = { abort: true, abortedAt: NOON };
const PAUSED: RolloutStatus = {
  controllerPause: true,
  pauseConditions: [{ reason: "InconclusiveExperiment", startTime: NOON }],
};
const RUNS: ExperimentShape = { phase: "Running" };

const ROWS: readonly Row[] = [
  { name: "begins it", world: atExperiment(), says: `create ${NAME}; current ${NAME}` },
  {
    name: "begins none without a stable revision",
    world: atExperiment({ status: { stableRS: "" } }),
    says: "current ",
  },
  {
    name: "begins none while spec.paused",
    world: atExperiment({ spec: { paused: true } }),
    says: "current ",
  },
  {
    name: "lets it run",
    world: atExperiment({ experiments: [RUNS], current: NAME }),
    says: `current ${NAME}`,
  },
  {
    name: "aborts when it failed, and says why",
    world: atExperiment({
      experiments: [{ phase: "Failed", message: "too many errors" }],
      current: NAME,
    }),
    says: "current ; abort Experiment analysis phase is error/failed: too many errors",
  },
  {
    name: "aborts when it could not be carried out",
    world: atExperiment({ experiments: [{ phase: "Error" }], current: NAME }),
    says: "current ; abort Experiment analysis phase is error/failed",
  },
  {
    name: "pauses when it is inconclusive",
    world: atExperiment({ experiments: [{ phase: "Inconclusive" }], current: NAME }),
    says: `current ${NAME}; pause InconclusiveExperiment`,
  },
  {
    name: "waits in that pause",
    world: atExperiment({
      experiments: [{ phase: "Inconclusive" }],
      current: NAME,
      status: PAUSED,
    }),
    says: `current ${NAME}`,
  },
  {
    name: "tries again once a user has ended the pause",
    world: atExperiment({
      experiments: [{ phase: "Inconclusive" }],
      current: NAME,
      status: { controllerPause: true },
    }),
    says: `create ${NAME}-1; current ${NAME}-1`,
  },
  {
    name: "ends it with an abort",
    world: atExperiment({ experiments: [RUNS], current: NAME, status: ABORTED }),
    says: `end ${NAME}; current `,
  },
  {
    name: "tells it once to end",
    world: atExperiment({
      experiments: [{ ...RUNS, isTerminated: true }],
      current: NAME,
      status: ABORTED,
    }),
    says: "current ",
  },
  {
    name: "ends it with a full promotion",
    world: atExperiment({
      experiments: [RUNS],
      current: NAME,
      status: { promoteFull: true, currentStepIndex: 2 },
    }),
    says: `end ${NAME}; current `,
  },
  {
    name: "begins another after a retry",
    world: atExperiment({
      experiments: [{ phase: "Failed" }],
      current: NAME,
      status: { abortedAt: NOON },
    }),
    says: `create ${NAME}-1; current ${NAME}-1`,
  },
  {
    name: "forgets what is gone, and asked for no more",
    world: { ...atExperiment({ current: NAME }), experiment: { experiments: [] } },
    says: "current ",
  },
  {
    name: "ends what nothing records or asks for",
    world: { ...atExperiment(), experiment: { experiments: [experimentOf(RUNS)] } },
    says: `end ${NAME}; current `,
  },
  {
    name: "ends one of another step",
    world: atExperiment({ experiments: [{ ...RUNS, name: "web-bbb-2-3" }] }),
    says: `create ${NAME}-1; end web-bbb-2-3; current ${NAME}-1`,
  },
  {
    name: "begins it anew when somebody deleted it",
    world: atExperiment({ current: NAME }),
    says: `create ${NAME}; current ${NAME}`,
  },
];

for (const { name, world, says } of ROWS) {
  Deno.test(`a step with an experiment ${name}`, () => {
    const { closingEffects = [], state = {} } = experiment(situationOf(world));
    const { currentExperiment, abortWhy, pauseConditions } = state;
    const said = [
      ...closingEffects.map(effectText),
      `current ${currentExperiment}`,
      ...(abortWhy === undefined ? [] : [`abort ${abortWhy}`]),
      ...(pauseConditions ?? []).map(({ reason }) => `pause ${reason}`),
    ];
    assert.equal(said.join("; "), says);
  });
}

Deno.test("the step is complete once its experiment is successful, and not before", () => {
  const verdictAt = (phase: AnalysisPhase) =>
    step(situationOf(atExperiment({ experiments: [{ phase }], current: NAME })));
  assert.equal(verdictAt("Running").why, `waiting for experiment ${NAME}: Running`);
  assert.equal(verdictAt("Running").state, undefined);
  const { state } = verdictAt("Successful");
  assert.equal(fieldsOf(state)["stepIndex"], 1);
  assert.equal(fieldsOf(state)["currentExperiment"], "");
});

Deno.test("an experiment has its share while it runs and its template has its pods", () => {
  const shareOf = (shape: ExperimentShape, status: RolloutStatus = {}) =>
    additionalDestinations(
      situationOf(atExperiment({ experiments: [shape], current: NAME, status })),
      100,
    );
  const share = [{ service: "web-trial", podTemplateHash: "ccc", weight: 20 }];
  assert.deepEqual(shareOf(RUNS), share);
  assert.deepEqual(shareOf({ phase: "Pending" }), []);
  assert.deepEqual(shareOf({ ...RUNS, template: "Progressing" }), []);
  assert.deepEqual(shareOf({ ...RUNS, template: "Successful" }), []);
  assert.deepEqual(shareOf({ ...RUNS, isTerminated: true }), []);
  assert.deepEqual(shareOf({ phase: "Failed" }), []);
  assert.deepEqual(shareOf(RUNS, ABORTED), []);
});

Deno.test("a share that does not fit is told, and so is one of a template without a Service", () => {
  const world = atExperiment({ experiments: [RUNS], current: NAME });
  const unfitOf = (weightMax: number, present = world) =>
    unfitShares(situationOf(present), weightMax);
  assert.equal(unfitOf(100), undefined);
  const most = "template next gets no traffic: weight 20 is more than the 10 left";
  assert.equal(unfitOf(10), most);
  const without = (key: string, value: unknown) => key === "serviceName" ? undefined : value;
  const unserved = { ...world, experiment: JSON.parse(JSON.stringify(world.experiment, without)) };
  assert.equal(unfitOf(100, unserved), "template next gets no traffic: it has no Service");
});
