import assert from "node:assert/strict";
import type { RolloutStatus } from "../../../../sdk/api/rollout.ts";
import type { AnalysisPhase } from "../../../../sdk/api/analysis.ts";
import { decide } from "../../../../core/rollout/decide.ts";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { analysis } from "../../../../core/rollout/stages/analysis.ts";
import { cutoverPause } from "../../../../core/rollout/stages/cutover_pause.ts";
import { cutoverPromotion } from "../../../../core/rollout/stages/cutover_promotion.ts";
import { draftOf, RATE, runOf, type RunShape } from "../analysis/run_shapes.ts";
import { planText } from "../plan/plan_text.ts";
import { checkStage, effectText, type Row } from "../verdict_text.ts";
import { condition, NOON, type SetShape, worldOf, type WorldShape } from "../world.ts";

const OLD: SetShape = { hash: "old", size: 4, createdAt: "2026-03-01T09:00:00Z" };
const NEW: SetShape = { hash: "new", size: 4, createdAt: "2026-03-01T10:00:00Z" };
const PRE = "web-new-2-pre";
const POST = "web-new-2-post";
const DRAFTS = {
  PrePromotion: draftOf(PRE, "PrePromotion"),
  PostPromotion: draftOf(POST, "PostPromotion"),
};

const ownRun = (shape: RunShape) => runOf({ hash: "new", ...shape });

/** Both sets are whole; the active Service selects this one. */
const world = (selects: "old" | "new", { blueGreen, status, ...shape }: WorldShape = {}) =>
  worldOf({
    replicas: 4,
    stable: OLD,
    next: NEW,
    services: { web: { selects }, next: { selects: "new" } },
    ...shape,
    analysis: { drafts: DRAFTS, ...shape.analysis },
    blueGreen: {
      activeService: "web",
      previewService: "next",
      prePromotionAnalysis: RATE,
      postPromotionAnalysis: RATE,
      ...blueGreen,
    },
    status: { duration: { rolloutStartedAt: "2026-03-01T11:00:00Z" }, ...status },
  });

function recorded(runs: { pre?: AnalysisPhase; post?: AnalysisPhase }): RolloutStatus {
  const { pre, post } = runs;
  return {
    blueGreen: {
      ...(pre === undefined ? {} : { prePromotionAnalysisRunStatus: { name: PRE, status: pre } }),
      ...(post === undefined
        ? {}
        : { postPromotionAnalysisRunStatus: { name: POST, status: post } }),
    },
  };
}

const waits = (name: string, of: Row["world"]): Row => ({
  name,
  world: of,
  verdict: { then: "continue" },
});

Deno.test("the analysis before a cutover begins once the preview has all its pods", () => {
  const begins: Row["verdict"] = {
    state: { runs: { PrePromotion: { name: PRE, status: "" } } },
    then: "continue",
  };
  checkStage(analysis, [
    { name: "all pods are there", world: world("old"), verdict: begins },
    waits("one lacks", world("old", { next: { ...NEW, available: 3 } })),
    {
      name: "a preview has fewer pods",
      world: world("old", {
        next: { ...NEW, size: 1 },
        blueGreen: { previewReplicaCount: 1, autoPromotionEnabled: false },
      }),
      verdict: begins,
    },
    waits("it is promoted in full", world("old", { status: { promoteFull: true } })),
    waits(
      "no revision ever had users",
      world("old", {
        stable: { ...OLD, available: 0 },
        services: { web: {}, next: { selects: "new" } },
      }),
    ),
    waits("aborted", world("old", { status: { abort: true, abortedAt: NOON } })),
    waits(
      "a pod dies while it goes on",
      world("old", {
        next: { ...NEW, available: 3 },
        analysis: { runs: [ownRun({ name: PRE, phase: "Running" })] },
        status: recorded({ pre: "Running" }),
      }),
    ),
  ]);
});

Deno.test("the cutover, and the pause before it, wait until the analysis before it is successful", () => {
  const at = (phase?: AnalysisPhase, blueGreen = {}) =>
    world("old", { blueGreen, status: recorded(phase === undefined ? {} : { pre: phase }) });
  const waiting = (name: string, of: Row["world"], why: string): Row => ({
    name,
    world: of,
    verdict: { then: "settle", why },
  });
  checkStage(cutoverPause, [
    waiting("not begun", at(), "waiting for the pre-promotion analysis to begin"),
    waiting("going on", at("Running"), `waiting for the pre-promotion analysis ${PRE}: Running`),
    waiting(
      "with a pause",
      at("Running", { autoPromotionEnabled: false }),
      `waiting for the pre-promotion analysis ${PRE}: Running`,
    ),
    {
      name: "successful",
      world: at("Successful"),
      verdict: { then: "continue", why: "all pods are available" },
    },
    {
      name: "promoted in full",
      world: world("old", { status: { promoteFull: true } }),
      verdict: { then: "continue" },
    },
  ]);
  const selects = (of: Row["world"]) =>
    decide(of).effects.map(effectText).filter((text) => text.startsWith("select"));
  const running = { runs: [ownRun({ name: PRE, phase: "Running" })] };
  const done = { runs: [ownRun({ name: PRE, phase: "Successful" })] };
  const status = recorded({ pre: "Running" });
  assert.deepEqual(selects(world("old", { analysis: running, status })), []);
  assert.deepEqual(selects(world("old", { analysis: done, status })), ["select web new"]);
});

Deno.test("the analysis after a cutover begins with it, and the update is complete after it", () => {
  checkStage(analysis, [
    {
      name: "users are with the newest",
      world: world("new", { status: recorded({ pre: "Successful" }) }),
      verdict: {
        state: {
          runs: {
            PrePromotion: { name: PRE, status: "Successful" },
            PostPromotion: { name: POST, status: "" },
          },
        },
        then: "continue",
      },
    },
    waits("one of its pods lacks", world("new", { next: { ...NEW, available: 3 } })),
  ]);
  const reason = (post?: AnalysisPhase) =>
    cutoverPromotion(
      situationOf(world("new", { status: recorded(post === undefined ? {} : { post }) })),
    ).state?.stableHash;
  assert.equal(reason(), undefined);
  assert.equal(reason("Running"), undefined);
  assert.equal(reason("Successful"), "new");
  const message = (status: RolloutStatus) => decide(world("new", { status })).status?.["message"];
  assert.equal(message(recorded({ post: "Running" })), "waiting for analysis to complete");
});

Deno.test("a failed analysis after the cutover gives users back to stable", () => {
  const decision = decide(world("new", {
    analysis: { runs: [ownRun({ name: POST, phase: "Failed", message: "bad" })] },
    status: recorded({ pre: "Successful", post: "Running" }),
  }));
  assert.deepEqual(decision.effects.map(effectText), ["select web old"]);
  assert.equal(decision.status?.["abort"], true);
  assert.match(
    String(decision.status?.["message"]),
    /^RolloutAborted: .*: Blue\/green post-promotion analysis phase error\/failed: bad$/,
  );
  const { blueGreen } = decision.status as RolloutStatus;
  assert.deepEqual(blueGreen?.["postPromotionAnalysisRunStatus"], {
    name: POST,
    status: "Failed",
    message: "bad",
  });
});

Deno.test("runs are ended after users were given back", () => {
  const { effects } = decide(world("new", {
    analysis: { runs: [ownRun({ name: POST, phase: "Running" })] },
    status: { abort: true, ...recorded({ post: "Running" }) },
  }));
  assert.deepEqual(effects.map(effectText), ["select web old", `end run ${POST}`]);
});

Deno.test("a failed analysis before the cutover leaves users where they are", () => {
  const decision = decide(world("old", {
    analysis: { runs: [ownRun({ name: PRE, phase: "Error" })] },
    status: recorded({ pre: "Running" }),
  }));
  assert.equal(decision.status?.["abort"], true);
  assert.equal((decision.status as RolloutStatus).blueGreen?.activeSelector, "old");
  assert.match(String(decision.status?.["message"]), /Blue\/green pre-promotion analysis phase/);
});

Deno.test("sets of other revisions wait for the analysis after the cutover, unless told how long", () => {
  const sizes = (blueGreen: Record<string, unknown>, post: AnalysisPhase) =>
    planText(situationOf(world("new", {
      past: [{ hash: "older", size: 4 }],
      blueGreen,
      status: recorded({ post }),
    }))).sizes;
  assert.deepEqual(sizes({}, "Running").at(-1), "web-older 4");
  assert.deepEqual(sizes({}, "Successful").at(-1), "web-older 4 until 2026-03-01T12:00:30Z");
  assert.deepEqual(
    sizes({ scaleDownDelaySeconds: 10 }, "Running").at(-1),
    "web-older 4 until 2026-03-01T12:00:10Z",
  );
});

Deno.test("a blue-green keeps what its analyses came to, and ends what still goes on", () => {
  checkStage(analysis, [
    waits(
      "finished",
      world("new", {
        status: { stableRS: "new", ...recorded({ pre: "Successful", post: "Successful" }) },
      }),
    ),
    {
      name: "finished by hand",
      world: world("new", {
        analysis: { runs: [ownRun({ name: POST, phase: "Running" })] },
        status: { stableRS: "new", ...recorded({ post: "Running" }) },
      }),
      verdict: { closingEffects: [`end run ${POST}`], then: "continue" },
    },
    {
      name: "a retry begins anew",
      world: world("old", { status: { abortedAt: NOON, ...recorded({ pre: "Failed" }) } }),
      verdict: {
        state: { runs: { PrePromotion: { name: PRE, status: "" } } },
        then: "continue",
      },
    },
  ]);
});

Deno.test("an inconclusive analysis holds the cutover until somebody promotes", () => {
  const status = { ...recorded({ pre: "Inconclusive" }), controllerPause: true };
  const paused = [{ reason: "InconclusiveAnalysisRun" as const, startTime: NOON }];
  const runs = [ownRun({ name: PRE, phase: "Inconclusive" })];
  const held = decide(
    world("old", { analysis: { runs }, status: { ...status, pauseConditions: paused } }),
  );
  assert.deepEqual(held.effects, []);
  assert.equal(held.status?.["phase"], "Paused");
  assert.equal(held.status?.["message"], "InconclusiveAnalysisRun");
  const again = { ...DRAFTS, PrePromotion: draftOf(`${PRE}.1`, "PrePromotion") };
  const resumed = decide(world("old", { analysis: { runs, drafts: again }, status }));
  assert.deepEqual(resumed.effects, []);
  assert.equal(resumed.status?.["controllerPause"], undefined);
  const { blueGreen } = resumed.status as RolloutStatus;
  assert.deepEqual(blueGreen?.["prePromotionAnalysisRunStatus"], { name: `${PRE}.1`, status: "" });
  assert.equal((resumed.status as RolloutStatus).blueGreen?.activeSelector, "old");
});

Deno.test("no pod is late while a blue-green is measured", () => {
  const lastUpdateTime = "2026-03-01T11:00:00Z";
  const reason = (pre?: AnalysisPhase) => {
    const { blueGreen } = recorded(pre === undefined ? {} : { pre });
    const { conditions = [] } = decide(world("old", {
      analysis: { drafts: {} },
      status: {
        blueGreen: { ...blueGreen, activeSelector: "old", previewSelector: "new" },
        replicas: 8,
        updatedReplicas: 4,
        readyReplicas: 4,
        availableReplicas: 4,
        conditions: [
          condition("Progressing", { reason: "ReplicaSetUpdated", lastUpdateTime }),
        ],
      },
    })).status as RolloutStatus;
    return conditions.find(({ type }) => type === "Progressing")?.reason;
  };
  assert.equal(reason("Running"), "ReplicaSetUpdated");
  assert.equal(reason(), "ProgressDeadlineExceeded");
});
