/** What a Rollout does while it waits for an answer: all but what needs the answer itself. */
import assert from "node:assert/strict";
import { decide } from "../../../core/rollout/mod.ts";
import type { ReplicaSet } from "../../../core/sets/mod.ts";
import { condition, deepFreeze, NOON, worldOf } from "./world.ts";

const NOON_MS = Date.parse(NOON);

/** An update that has made no progress since noon, with a deadline of 60 s. */
function stuckAt(seconds: number, arePodsPending: boolean) {
  const world = worldOf({
    steps: [{ setWeight: 20 }, { pause: {} }],
    spec: { progressDeadlineSeconds: 60 },
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1, available: 0 },
    status: {
      availableReplicas: 4,
      readyReplicas: 4,
      replicas: 5,
      updatedReplicas: 1,
      conditions: [
        condition("Progressing", { reason: "ReplicaSetUpdated", lastUpdateTime: NOON }),
      ],
    },
    arePodsPending,
  });
  return deepFreeze({ ...world, nowMs: NOON_MS + seconds * 1000 });
}

Deno.test("a deadline that is over waits two seconds for the pods, which know the cause", () => {
  const phase = (seconds: number, arePodsPending: boolean) =>
    decide(stuckAt(seconds, arePodsPending)).status?.["phase"];
  assert.equal(phase(60.9, false), "Progressing");
  assert.equal(phase(61, false), "Degraded");
  assert.equal(phase(61, true), "Progressing");
  assert.equal(decide(stuckAt(61, true)).wakeAtMs, NOON_MS + 63_000);
  assert.equal(phase(63, true), "Degraded");
});

Deno.test("an abort is told of while nobody knows yet whether the Rollout is there to stay", () => {
  const world = worldOf({
    steps: [{ setWeight: 20 }, { pause: {} }],
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1 },
    status: { abort: true },
  });
  const { replicaSets: orphans } = worldOf({ past: [{ hash: "old", size: 2 }], next: undefined });
  const waiting = deepFreeze({ ...world, orphans: orphans as ReplicaSet[], isConfirmed: false });
  const { effects, status, events } = decide(waiting);
  assert.deepEqual(effects, []);
  assert.equal(status?.["phase"], "Degraded");
  assert.ok(status?.["abortedAt"] !== undefined);
  assert.deepEqual(events.map(({ reason }) => reason), ["RolloutAborted"]);
  const told = { ...waiting, rollout: { ...waiting.rollout, status: status as never } };
  assert.equal(decide(deepFreeze(told)).status, undefined, "once");
});

Deno.test("a restart and an abort go side by side: the pods of the restart are pending", () => {
  const world = worldOf({
    steps: [{ setWeight: 20 }, { pause: {} }],
    spec: { restartAt: "2020-01-01T00:00:00Z" },
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1 },
    status: { abort: true },
    arePodsPending: true,
  });
  const { status, isRetry } = decide(world);
  assert.equal(status?.["phase"], "Degraded");
  assert.notEqual(isRetry, true, "the answer wakes the Rollout: there is nothing to try again");
});
