import type { PauseCondition, RolloutStatus } from "../../../../sdk/api/rollout.ts";
import { analysis } from "../../../../core/rollout/stages/analysis.ts";
import { draftOf, RATE, runOf, type RunShape } from "../analysis/run_shapes.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { NOON, worldOf, type WorldShape } from "../world.ts";

const NAME = "web-bbb-2-1";
const STARTED: RolloutStatus = { duration: { rolloutStartedAt: "2026-03-01T10:00:00Z" } };
const INCONCLUSIVE: PauseCondition = { reason: "InconclusiveAnalysisRun", startTime: NOON };
const PAUSE_STEP: PauseCondition = { reason: "CanaryPauseStep", startTime: NOON };

/** A canary at its second step, which is an analysis. */
function atAnalysis(
  { runs = [], status, ...shape }: Omit<WorldShape, "analysis"> & { runs?: RunShape[] } = {},
) {
  return worldOf({
    steps: [{ setWeight: 20 }, { analysis: RATE }, { setWeight: 100 }],
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1 },
    ...shape,
    analysis: { runs: runs.map(runOf), drafts: { Step: draftOf(NAME, "Step") } },
    status: { ...STARTED, currentStepIndex: 1, ...status },
  });
}

function recorded(status: string, name = NAME): RolloutStatus {
  return { canary: { currentStepAnalysisRunStatus: { name, status } } };
}

function waits(name: string, world: Row["world"]): Row {
  return { name, world, verdict: { then: "continue" } };
}

Deno.test("analysis() records the run of a step, then makes it, once, and not in a pause", () => {
  checkStage(analysis, [
    {
      name: "there is none",
      world: atAnalysis(),
      verdict: { state: { runs: { Step: { name: NAME, status: "" } } }, then: "continue" },
    },
    {
      name: "it is recorded",
      world: atAnalysis({ status: recorded("") }),
      verdict: {
        closingEffects: [`begin run ${NAME}`],
        then: "continue",
        why: `analysis run ${NAME} begins`,
      },
    },
    {
      name: "it is recorded under another name",
      world: atAnalysis({ status: recorded("", `${NAME}.3`) }),
      verdict: { closingEffects: [`begin run ${NAME}.3`], then: "continue" },
    },
    waits("it was made", atAnalysis({ runs: [{ name: NAME }], status: recorded("") })),
    waits(
      "it goes on",
      atAnalysis({ runs: [{ name: NAME, phase: "Running" }], status: recorded("Running") }),
    ),
    waits(
      "another analysis has no result",
      atAnalysis({ status: { pauseConditions: [INCONCLUSIVE], controllerPause: true } }),
    ),
    waits(
      "the first revision is not measured",
      atAnalysis({ status: { stableRS: "" } }),
    ),
    waits("the update was aborted", atAnalysis({ status: { abort: true, abortedAt: NOON } })),
    waits("it is promoted in full", atAnalysis({ status: { promoteFull: true } })),
    waits("the step before", atAnalysis({ status: { currentStepIndex: 0 } })),
  ]);
});

Deno.test("analysis() tells of each new phase, and a failed run aborts the update", () => {
  const row = (run: RunShape, before: string, verdict: Row["verdict"]): Row => ({
    name: `${before} → ${run.phase}`,
    world: atAnalysis({ runs: [run], status: recorded(before) }),
    verdict,
  });
  const event = (type: string, phase: string, before: string) =>
    `${type} AnalysisRun${phase}: Step Analysis Run '${NAME}' Status New: '${phase}' ` +
    `Previous: '${before}'`;
  checkStage(analysis, [
    row({ name: NAME, phase: "Running" }, "", {
      state: { runs: { Step: { name: NAME, status: "Running" } } },
      events: [event("Normal", "Running", "")],
      then: "continue",
    }),
    row({ name: NAME, phase: "Successful" }, "Running", {
      state: { runs: { Step: { name: NAME, status: "Successful" } } },
      events: [event("Normal", "Successful", "Running")],
      then: "continue",
    }),
    row({ name: NAME, phase: "Failed", message: "too many" }, "Running", {
      state: {
        abort: true,
        abortWhy: "Step-based analysis phase error/failed: too many",
        runs: {},
      },
      events: [event("Warning", "Failed", "Running")],
      then: "continue",
      why: `analysis run ${NAME}: Failed`,
    }),
    row({ name: NAME, phase: "Error" }, "Running", {
      state: { abort: true, abortWhy: "Step-based analysis phase error/failed", runs: {} },
      events: [event("Warning", "Error", "Running")],
      then: "continue",
    }),
    row({ name: NAME, phase: "Inconclusive" }, "Running", {
      state: {
        runs: { Step: { name: NAME, status: "Inconclusive" } },
        controllerPause: true,
        pauseConditions: [INCONCLUSIVE],
      },
      events: [event("Normal", "Inconclusive", "Running")],
      then: "continue",
      why: `analysis run ${NAME}: Inconclusive`,
    }),
  ]);
});

Deno.test("analysis() measures once more when a user ends the pause of an inconclusive run", () => {
  const again = { Step: draftOf(`${NAME}.1`, "Step") };
  const paused = (status: RolloutStatus) =>
    worldOf({
      ...atAnalysisShape(),
      analysis: { runs: [runOf({ name: NAME, phase: "Inconclusive" })], drafts: again },
      status: { ...STARTED, currentStepIndex: 1, ...recorded("Inconclusive"), ...status },
    });
  checkStage(analysis, [
    waits("paused", paused({ pauseConditions: [INCONCLUSIVE], controllerPause: true })),
    {
      name: "promoted",
      world: paused({ controllerPause: true }),
      verdict: {
        state: { runs: { Step: { name: `${NAME}.1`, status: "" } }, controllerPause: false },
        then: "continue",
      },
    },
    {
      name: "the pause went in another way",
      world: paused({}),
      verdict: {
        state: { controllerPause: true, pauseConditions: [INCONCLUSIVE] },
        then: "continue",
      },
    },
  ]);
});

function atAnalysisShape(): WorldShape {
  return {
    steps: [{ setWeight: 20 }, { analysis: RATE }, { setWeight: 100 }],
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1 },
  };
}

Deno.test("analysis() ends what is not in charge any more, and takes it out of the status", () => {
  const running: RunShape = { name: NAME, phase: "Running" };
  const ended = (name: string, shape: Parameters<typeof atAnalysis>[0], runs = {}): Row => ({
    name,
    world: atAnalysis({
      runs: [running],
      ...shape,
      status: { ...recorded("Running"), ...shape?.status },
    }),
    verdict: {
      closingEffects: [`end run ${NAME}`],
      state: { runs },
      then: "continue",
    },
  });
  checkStage(analysis, [
    ended("aborted", { status: { abort: true } }),
    ended("promoted in full", { status: { promoteFull: true, currentStepIndex: 3 } }),
    ended("the step was skipped", { status: { currentStepIndex: 2 } }),
    ended("finished", { status: { stableRS: "bbb", currentStepIndex: 3 } }),
    ended("the step has another kind now", { steps: [{ setWeight: 20 }, { setWeight: 30 }] }),
    {
      name: "it is ending already, or leaving",
      world: atAnalysis({
        runs: [{ ...running, isEnding: true }, { name: "x", isLeaving: true }],
        status: { abort: true },
      }),
      verdict: { then: "continue" },
    },
  ]);
});

Deno.test("analysis() forgets and ends what the strategy names no more", () => {
  const unnamed = (shape: WorldShape): WorldShape => ({
    ...atAnalysisShape(),
    steps: [{ setWeight: 20 }, { setWeight: 100 }],
    ...shape,
  });
  const status = { ...STARTED, currentStepIndex: 1 };
  checkStage(analysis, [
    {
      name: "it is recorded, and gone",
      world: worldOf(unnamed({ status: { ...status, ...recorded("Running") } })),
      verdict: { state: { runs: {} }, then: "continue" },
    },
    {
      name: "it goes on, and nothing records it",
      world: worldOf(
        unnamed({ status, analysis: { runs: [runOf({ name: NAME, phase: "Running" })] } }),
      ),
      verdict: { closingEffects: [`end run ${NAME}`], then: "continue" },
    },
  ]);
});

Deno.test("analysis() makes a run that was deleted under way again, and believes one that was over", () => {
  const gone = (status: string, isKnown = true) =>
    worldOf({
      ...atAnalysisShape(),
      analysis: { gone: isKnown ? [NAME] : [], drafts: { Step: draftOf(NAME, "Step") } },
      status: { ...STARTED, currentStepIndex: 1, ...recorded(status) },
    });
  checkStage(analysis, [
    {
      name: "under way",
      world: gone("Running"),
      verdict: {
        state: { runs: { Step: { name: NAME, status: "" } } },
        then: "continue",
      },
    },
    waits("the cluster was not asked yet", gone("Running", false)),
    waits("over", gone("Successful")),
    {
      name: "another's run has the name",
      world: worldOf({
        ...atAnalysisShape(),
        analysis: { gone: [NAME], drafts: { Step: draftOf(`${NAME}.1`, "Step") } },
        status: { ...STARTED, currentStepIndex: 1, ...recorded("") },
      }),
      verdict: {
        state: { runs: { Step: { name: `${NAME}.1`, status: "" } } },
        then: "continue",
      },
    },
  ]);
});

Deno.test("analysis() begins anew after a retry", () => {
  checkStage(analysis, [{
    name: "the abort was taken back",
    world: atAnalysis({
      runs: [{ name: NAME, phase: "Successful" }],
      status: { abortedAt: NOON, ...recorded("Successful") },
    }),
    verdict: {
      state: { runs: { Step: { name: NAME, status: "" } } },
      then: "continue",
    },
  }]);
});

Deno.test("analysis() deletes runs of revisions that are gone, and those beyond the limits", () => {
  const past = (phase: "Successful" | "Failed", count: number): RunShape[] =>
    Array.from({ length: count }, (_, index) => ({ name: `${phase}-${index}`, phase }));
  checkStage(analysis, [
    {
      name: "the limits are 5",
      world: atAnalysis({
        runs: [...past("Successful", 6), ...past("Failed", 7)],
        status: { currentStepIndex: 0 },
      }),
      verdict: {
        closingEffects: ["delete Successful-5", "delete Failed-5", "delete Failed-6"],
        then: "continue",
      },
    },
    {
      name: "other limits",
      world: atAnalysis({
        runs: [...past("Successful", 2), ...past("Failed", 2)],
        spec: { analysis: { successfulRunHistoryLimit: 0, unsuccessfulRunHistoryLimit: 1 } },
        status: { currentStepIndex: 0 },
      }),
      verdict: {
        closingEffects: ["delete Successful-0", "delete Successful-1", "delete Failed-1"],
        then: "continue",
      },
    },
    {
      name: "no set has the hash, or there is none",
      world: atAnalysis({
        runs: [{ name: "old", hash: "gone", phase: "Running" }, { name: "odd", hash: "" }],
        status: { currentStepIndex: 0 },
      }),
      verdict: { closingEffects: ["delete old", "delete odd"], then: "continue" },
    },
    waits(
      "somebody deleted the set, and it comes back",
      worldOf({
        stable: { hash: "aaa", size: 4 },
        templateHash: "bbb",
        analysis: { runs: [runOf({ name: NAME, phase: "Successful" })] },
      }),
    ),
  ]);
});

Deno.test("a background run begins once the canary is reached, and lives across the steps", () => {
  const name = "web-bbb-2";
  const at = (shape: WorldShape) =>
    worldOf({
      ...atAnalysisShape(),
      steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 100 }],
      canary: { analysis: { ...RATE, ...(shape.canary?.analysis ?? {}) } },
      ...(shape.next === undefined ? {} : { next: shape.next }),
      analysis: { drafts: { Background: draftOf(name, "Background") }, ...shape.analysis },
      status: { ...STARTED, ...shape.status },
    });
  const begins: Row["verdict"] = {
    state: { runs: { Background: { name, status: "" } } },
    then: "continue",
  };
  const status = { canary: { currentBackgroundAnalysisRunStatus: { name, status: "Running" } } };
  checkStage(analysis, [
    { name: "a canary pod is there", world: at({}), verdict: begins },
    waits("none is yet", at({ next: { hash: "bbb", size: 1, available: 0 } })),
    waits("the starting step is to come", at({ canary: { analysis: { startingStep: 1 } } })),
    {
      name: "the starting step is reached, and a pause does not matter",
      world: at({
        canary: { analysis: { startingStep: 1 } },
        status: { currentStepIndex: 1, pauseConditions: [PAUSE_STEP], controllerPause: true },
      }),
      verdict: begins,
    },
    waits(
      "it goes on at a later step",
      at({
        analysis: { runs: [runOf({ name, phase: "Running", type: "Background" })] },
        status: { ...status, currentStepIndex: 2 },
      }),
    ),
    {
      name: "it fails in the middle",
      world: at({
        analysis: {
          runs: [runOf({ name, phase: "Failed", message: "bad", type: "Background" })],
        },
        status,
      }),
      verdict: {
        state: {
          abort: true,
          abortWhy: "Background analysis phase error/failed: bad",
          runs: {},
        },
        events: [
          `Warning AnalysisRunFailed: Background Analysis Run '${name}' Status New: 'Failed' ` +
          "Previous: 'Running'",
        ],
        then: "continue",
      },
    },
  ]);
});

Deno.test("with a router the canary is reached by its weight, or by a route of its own", () => {
  const name = "web-bbb-2";
  const at = (weights: Record<string, unknown> | undefined, stepIndex = 1) =>
    worldOf({
      ...atAnalysisShape(),
      steps: [
        { setCanaryScale: { replicas: 1 } },
        {
          setHeaderRoute: {
            name: "testers",
            match: [{ headerName: "x", headerValue: { exact: "y" } }],
          },
        },
        { pause: {} },
        { setHeaderRoute: { name: "testers" } },
        { setWeight: 20 },
      ],
      canary: {
        trafficRouting: { istio: {}, managedRoutes: [{ name: "testers" }] },
        analysis: { ...RATE },
      },
      analysis: { drafts: { Background: draftOf(name, "Background") } },
      status: {
        ...STARTED,
        currentStepIndex: stepIndex,
        canary: weights === undefined ? {} : { weights },
      },
    });
  const canary = (weight: number, podTemplateHash = "bbb") => ({
    canary: { weight, podTemplateHash },
    stable: { weight: 100 - weight, podTemplateHash: "aaa" },
  });
  const begins: Row["verdict"] = {
    state: { runs: { Background: { name, status: "" } } },
    then: "continue",
  };
  checkStage(analysis, [
    waits("no weight was ever set", at(undefined)),
    waits("it has none", at(canary(0))),
    waits("another revision has it", at(canary(20, "old"))),
    waits("the router does not confirm it yet", at({ ...canary(20), verified: false })),
    { name: "it has weight", world: at(canary(20)), verdict: begins },
    { name: "a route leads to it", world: at(canary(0), 2), verdict: begins },
    waits("the route is taken away", at(canary(0), 4)),
  ]);
});
