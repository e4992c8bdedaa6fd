import assert from "node:assert/strict";
import { podTrouble } from "../../../core/sets/pod_trouble.ts";
import type { Pod } from "../../../core/sets/pods.ts";
import { podOf, worldOf, type WorldShape } from "../rollout/world.ts";

const QUOTA = 'pods "web-bbb-x" is forbidden: exceeded quota: few';

function causeOf(shape: WorldShape): string {
  const { replicaSets: [stable, next], pods } = worldOf({
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1, available: 0 },
    ...shape,
  });
  return podTrouble([next, stable], pods);
}

function broken(name: string, status: Pod["status"], hash = "bbb"): Pod {
  return { ...podOf(hash, name, { isReady: false }), ...(status && { status }) };
}

function waiting(reason: string, message = ""): Pod["status"] {
  return { containerStatuses: [{ state: { waiting: { reason, message } } }] };
}

Deno.test("a set that cannot make its pods says what refuses them", () => {
  const conditions = [{ type: "ReplicaFailure", status: "True" as const, message: QUOTA }];
  const next = { hash: "bbb", size: 1, present: 0, status: { conditions } };
  assert.equal(causeOf({ next }), `Pods cannot be created: ${QUOTA}`);
  assert.equal(causeOf({ next, pods: [podOf("aaa", "a")] }), `Pods cannot be created: ${QUOTA}`);
});

Deno.test("pods that are not ready say why, most of them first", () => {
  const rows: [string, Pod[], string][] = [
    ["nothing is known", [], ""],
    ["all are ready", [podOf("bbb", "a")], ""],
    [
      "an image that cannot be pulled",
      [broken("a", waiting("ImagePullBackOff", 'Back-off pulling image "web:2"'))],
      '1 of 1 pod is not ready: ImagePullBackOff (Back-off pulling image "web:2")',
    ],
    [
      "two crash, one is created, one is ready",
      [
        broken("a", waiting("ContainerCreating")),
        broken("b", waiting("CrashLoopBackOff", "back-off 10s")),
        broken("c", waiting("CrashLoopBackOff", "back-off 20s")),
        podOf("bbb", "d"),
      ],
      "2 of 4 pods are not ready: CrashLoopBackOff (back-off 10s)",
    ],
    [
      "an init container that waits comes before what waits for it",
      [broken("a", {
        initContainerStatuses: [{ state: { waiting: { reason: "ErrImagePull" } } }],
        containerStatuses: [{ state: { waiting: { reason: "PodInitializing" } } }],
      })],
      "1 of 1 pod is not ready: ErrImagePull",
    ],
    [
      "no place for it",
      [broken("a", {
        conditions: [{
          type: "PodScheduled",
          status: "False",
          reason: "Unschedulable",
          message: "0/3 nodes are available: 3 Insufficient cpu.",
        }],
      })],
      "1 of 1 pod is not ready: Unschedulable (0/3 nodes are available: 3 Insufficient cpu.)",
    ],
    [
      "a container that has just failed",
      [broken("a", {
        containerStatuses: [{ state: { terminated: { exitCode: 137, reason: "OOMKilled" } } }],
      })],
      "1 of 1 pod is not ready: OOMKilled",
    ],
    [
      "a shut readiness gate",
      [broken("a", {
        containerStatuses: [{ state: {} }],
        conditions: [{ type: "Ready", status: "False", reason: "ReadinessGatesNotReady" }],
      })],
      "1 of 1 pod is not ready: ReadinessGatesNotReady",
    ],
    ["no reason at all", [broken("a", {})], "1 of 1 pod is not ready: NotReady"],
  ];
  for (const [name, pods, cause] of rows) assert.equal(causeOf({ pods }), cause, name);
});

Deno.test("where the first set is well, the others are asked", () => {
  const pods = [podOf("bbb", "b"), broken("a", waiting("ErrImagePull"), "aaa")];
  assert.equal(causeOf({ pods }), "1 of 1 pod is not ready: ErrImagePull");
});

Deno.test("a cause is cut where it would flood a screen", () => {
  const cause = causeOf({ pods: [broken("a", waiting("Error", "x".repeat(999)))] });
  assert.equal(cause.length, 301);
});
