import { POD_TEMPLATES, REPLICA_SETS } from "../../../../core/api/resources.ts";
import { handOver } from "../../../../core/rollout/stages/hand_over.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { deploymentOf, worldOf, type WorldShape } from "../world.ts";

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

function scaled(from: number, to: number): Row["verdict"] {
  return {
    effects: [`size base ${to}`],
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
    [kept, available, before]: [kept: number, available: number, before: number],
    verdict: Row["verdict"],
  ) => ({
    name,
    world: beside({ kept, available, scaleDown, status: { availableReplicas: before } }),
    verdict,
  });
  checkStage(handOver, [
    row("none available yet", [5, 0, 0], KEPT),
    row("two of five", [5, 2, 0], scaled(5, 3)),
    row("two of five, seen before", [3, 2, 2], KEPT),
    row("all", [3, 5, 2], scaled(3, 0)),
    row("a Deployment of fewer pods gives up none too early", [2, 1, 0], KEPT),
    row("a Deployment of more pods keeps no more than are missing", [9, 1, 0], scaled(9, 4)),
    row("two are lost again", [2, 1, 3], scaled(2, 4)),
    row("more are lost than are missing", [1, 3, 5], scaled(1, 2)),
    row("the last is handed over: what is lost then is lost", [0, 3, 5], KEPT),
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
      why: "Deployment base goes from 1 to 0 pods, since the Rollout has 5 of 5",
    },
  }]);
});
