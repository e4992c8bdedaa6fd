import { POD_TEMPLATES, REPLICA_SETS } from "../../../../core/api/names/resources.ts";
import { handOver } from "../../../../core/rollout/stages/hand_over.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { deploymentOf, worldOf, type WorldShape } from "../world.ts";

const BEFORE = "sluice/replicas-before-hand-over";
const KEPT: Row["verdict"] = { then: "continue" };

/** A Rollout of 5 pods with its first revision, at rest, beside a Deployment of `kept`. */
function beside(
  { kept, available, scaleDown, workload = deploymentOf({ size: kept }), ...shape }: {
    kept: number;
    available: number;
    scaleDown?: string | undefined;
  } & WorldShape,
) {
  return worldOf({
    next: { hash: "aaa", size: 5, available },
    workload,
    ...shape,
    spec: {
      workloadRef: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: "base",
        ...(scaleDown === undefined ? {} : { scaleDown }),
      },
    },
  });
}

function scaled(from: number, to: number, before = from): Row["verdict"] {
  return {
    effects: [`size base ${to} replicas-before-hand-over=${before}`],
    told: [
      `Normal ScalingDeployment: Scaled ${to > from ? "up" : "down"} Deployment base ` +
      `from ${from} to ${to}`,
    ],
    then: "continue",
  };
}

Deno.test("handOver() keeps the Deployment's pods where nobody says otherwise", () => {
  const healthy = { available: 5, kept: 5, status: { phase: "Healthy" as const } };
  checkStage(handOver, [
    { name: "no scaleDown", world: beside(healthy), verdict: KEPT },
    { name: "never", world: beside({ ...healthy, scaleDown: "never" }), verdict: KEPT },
    { name: "another word", world: beside({ ...healthy, scaleDown: "soon" }), verdict: KEPT },
    {
      name: "no workload",
      world: worldOf({ next: { hash: "aaa", size: 5 }, status: { phase: "Healthy" } }),
      verdict: KEPT,
    },
    ...[POD_TEMPLATES, REPLICA_SETS].map((type) => ({
      name: `a ${type.kind}`,
      world: beside({
        ...healthy,
        scaleDown: "onsuccess",
        workload: { ...deploymentOf({ size: 5 }), type },
      }),
      verdict: KEPT,
    })),
  ]);
});

Deno.test("handOver() on success waits for a healthy Rollout with all its pods", () => {
  const scaleDown = "onsuccess";
  const status = { phase: "Healthy" as const };
  checkStage(handOver, [
    {
      name: "not told healthy yet",
      world: beside({ kept: 4, available: 5, scaleDown, status: { phase: "Progressing" } }),
      verdict: KEPT,
    },
    {
      name: "a pod is missing",
      world: beside({ kept: 4, available: 4, scaleDown, status }),
      verdict: KEPT,
    },
    {
      name: "healthy",
      world: beside({ kept: 4, available: 5, scaleDown, status }),
      verdict: scaled(4, 0),
    },
    {
      name: "at any revision: a sync brought the pods back",
      world: beside({
        kept: 4,
        available: 5,
        scaleDown,
        status,
        next: { hash: "aaa", size: 5, revision: 7 },
      }),
      verdict: scaled(4, 0),
    },
    {
      name: "all handed over",
      world: beside({ kept: 0, available: 5, scaleDown, status }),
      verdict: KEPT,
    },
    {
      name: "a Rollout of no pods takes nothing over",
      world: beside({ kept: 4, available: 0, scaleDown, status, replicas: 0 }),
      verdict: KEPT,
    },
    {
      name: "an update is under way",
      world: beside({
        kept: 4,
        available: 5,
        scaleDown,
        status,
        stable: { hash: "old", size: 5 },
      }),
      verdict: KEPT,
    },
  ]);
});

Deno.test("handOver() step by step gives up a pod for each that is available", () => {
  const scaleDown = "progressively";
  const row = (
    name: string,
    { kept, available, before }: { kept: number; available: number; before?: string },
    verdict: Row["verdict"],
  ) => ({
    name,
    world: beside({
      kept,
      available,
      scaleDown,
      workload: deploymentOf({
        size: kept,
        ...(before === undefined ? {} : { annotations: { [BEFORE]: before } }),
      }),
    }),
    verdict,
  });
  checkStage(handOver, [
    row("none available yet", { kept: 5, available: 0 }, KEPT),
    row("two of five", { kept: 5, available: 2 }, scaled(5, 3)),
    row("two of five, done", { kept: 3, available: 2, before: "5" }, KEPT),
    row("all", { kept: 3, available: 5, before: "5" }, scaled(3, 0, 5)),
    row("fewer pods give up none too early", { kept: 2, available: 1 }, KEPT),
    row("more pods keep no more than are missing", { kept: 9, available: 1 }, scaled(9, 4)),
    row("two are lost again", { kept: 2, available: 1, before: "5" }, scaled(2, 4, 5)),
    row("never more than before", { kept: 1, available: 2, before: "2" }, scaled(1, 2, 2)),
    row("the last is handed over: what is lost then is lost", {
      kept: 0,
      available: 3,
      before: "5",
    }, KEPT),
    row("a sync brought them back", { kept: 5, available: 5, before: "3" }, scaled(5, 0, 5)),
    row("a note that says nothing", { kept: 3, available: 1, before: "many" }, KEPT),
  ]);
});

Deno.test("handOver() says what it does, and from what version", () => {
  checkStage(handOver, [{
    name: "a size that is not written is one pod",
    world: beside({
      kept: 1,
      available: 5,
      scaleDown: "progressively",
      workload: deploymentOf({}),
    }),
    verdict: {
      ...scaled(1, 0),
      why: "scale Deployment base from 1 to 0: the Rollout has 5 of 5 pods",
    },
  }]);
});
