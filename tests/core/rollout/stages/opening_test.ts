import { opening } from "../../../../core/rollout/stages/opening.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { NOON, type SetShape, worldOf, type WorldShape } from "../world.ts";

const OLD: SetShape = { hash: "old", size: 4 };
const BLUE_GREEN = { activeService: "web", previewService: "next" };
const STARTED = { rolloutStartedAt: NOON };

/** A new template whose set is still to be made; users and preview are with the old set. */
const world = ({ blueGreen, ...shape }: WorldShape = {}) =>
  worldOf({
    replicas: 4,
    stable: OLD,
    templateHash: "new",
    services: { web: { selects: "old" }, next: { selects: "old" } },
    annotations: { "rollout.argoproj.io/revision": "1" },
    ...shape,
    status: { currentPodHash: "old", ...shape.status },
    blueGreen: { ...BLUE_GREEN, ...blueGreen },
  });

const scaled = (size: number, revision: number) =>
  `Normal ScalingReplicaSet: Scaled up ReplicaSet web-new (revision ${revision}) from 0 to ${size}`;

Deno.test("opening() makes the newest set and points the preview Service to it at once", () => {
  const begun = { currentHash: "new", previewHash: "new", duration: STARTED };
  const rows: Row[] = [
    {
      name: "with all pods",
      world: world(),
      verdict: {
        effects: ["create web-new 4", "note web revision=2", "select next new"],
        state: begun,
        closingEvents: [scaled(4, 2)],
        then: "settle",
      },
    },
    {
      name: "with the pods of a preview",
      world: world({ blueGreen: { previewReplicaCount: 1 } }),
      verdict: {
        effects: ["create web-new 1", "note web revision=2", "select next new"],
        state: begun,
        closingEvents: [scaled(1, 2)],
        then: "settle",
      },
    },
    {
      name: "there is no preview Service",
      world: world({ services: { web: { selects: "old" } } }),
      verdict: {
        effects: ["create web-new 4", "note web revision=2"],
        state: { currentHash: "new", duration: STARTED },
        closingEvents: [scaled(4, 2)],
        then: "settle",
      },
    },
    {
      name: "spec.paused: without pods, and the Services stay",
      world: world({ spec: { paused: true } }),
      verdict: {
        effects: ["create web-new 0", "note web revision=2"],
        state: { currentHash: "new", duration: STARTED },
        then: "settle",
      },
    },
    {
      name: "in the pause of another update, which it ends",
      world: world({
        status: {
          currentPodHash: "mid",
          controllerPause: true,
          pauseConditions: [{ reason: "BlueGreenPause", startTime: NOON }],
          blueGreen: { scaleUpPreviewCheckPoint: true },
        },
        past: [{ hash: "mid", size: 4 }],
        services: { web: { selects: "old" }, next: { selects: "mid" } },
      }),
      verdict: {
        effects: ["create web-new 4", "note web revision=3", "select next new"],
        state: {
          ...begun,
          controllerPause: false,
          pauseConditions: [],
          scaleUpPreviewCheckPoint: false,
        },
        closingEvents: [scaled(4, 3)],
        then: "settle",
      },
    },
    {
      name: "after an abort, which it ends",
      world: world({
        status: { currentPodHash: "mid", abort: true, abortedAt: NOON },
        past: [{ hash: "mid", size: 0 }],
      }),
      verdict: {
        effects: ["create web-new 4", "note web revision=3", "select next new"],
        state: { ...begun, abort: false, abortedAt: undefined },
        closingEvents: [scaled(4, 3)],
        then: "settle",
      },
    },
    {
      name: "the name is taken: another one, nothing else",
      world: world({ isNameTaken: true }),
      verdict: { state: { collisionCount: 1 }, then: "settle" },
    },
    {
      name: "nothing is new",
      world: worldOf({ blueGreen: BLUE_GREEN, next: OLD }),
      verdict: { then: "continue" },
    },
  ];
  checkStage(opening, rows);
});

Deno.test("opening() takes a set that is there for the newest, pods or not", () => {
  checkStage(opening, [{
    name: "back to a former template",
    world: world({ next: { hash: "new", size: 0, revision: 3 } }),
    verdict: {
      effects: ["note web revision=3", "select next new"],
      state: { currentHash: "new", previewHash: "new", duration: STARTED },
      then: "settle",
    },
  }]);
});

Deno.test("opening() makes the very first revision stable at once", () => {
  const first = (spec: WorldShape["spec"] = {}) =>
    worldOf({
      replicas: 4,
      templateHash: "new",
      blueGreen: BLUE_GREEN,
      services: { web: { isManaged: false }, next: { isManaged: false } },
      status: { stableRS: "", currentPodHash: "" },
      spec,
    });
  const completed = "Normal RolloutCompleted: Rollout completed update to revision 1 (new): " +
    "Initial deploy";
  const state = {
    currentHash: "new",
    stableHash: "new",
    duration: { ...STARTED, completionStatus: "Promoted" },
  };
  checkStage(opening, [{
    name: "first its pods are told of, then that it is complete",
    world: first(),
    verdict: {
      effects: ["create web-new 4", "note web revision=1", "select next new (taken over)"],
      state: { ...state, previewHash: "new" },
      closingEvents: [scaled(4, 1), completed],
      then: "settle",
    },
  }, {
    name: "spec.paused",
    world: first({ paused: true }),
    verdict: {
      effects: ["create web-new 0", "note web revision=1"],
      state,
      closingEvents: [completed],
      then: "settle",
    },
  }]);
});

Deno.test("opening() leaves aborted what was aborted when only the strategy is another", () => {
  const duration = { ...STARTED, finishedAt: NOON };
  checkStage(opening, [{
    name: "an aborted canary becomes a blue-green",
    world: world({
      next: { hash: "new", size: 0 },
      status: {
        currentPodHash: "new",
        currentStepHash: "abc",
        currentStepIndex: 0,
        abort: true,
        abortedAt: NOON,
        duration,
      },
    }),
    verdict: {
      effects: ["note web revision=2", "select next new"],
      state: { stepHash: "", stepIndex: undefined, previewHash: "new" },
      then: "settle",
    },
  }]);
});

Deno.test("opening() begins anew when the strategy is another", () => {
  const canaryStatus = {
    currentPodHash: "new",
    currentStepHash: "abc",
    currentStepIndex: 1,
    controllerPause: true,
    pauseConditions: [{ reason: "CanaryPauseStep" as const, startTime: NOON }],
  };
  checkStage(opening, [{
    name: "a canary in a pause becomes a blue-green",
    world: world({ next: { hash: "new", size: 2 }, status: canaryStatus }),
    verdict: {
      effects: ["note web revision=2", "select next new"],
      state: {
        stepHash: "",
        stepIndex: undefined,
        controllerPause: false,
        pauseConditions: [],
        previewHash: "new",
        duration: STARTED,
      },
      then: "settle",
    },
  }]);
});
