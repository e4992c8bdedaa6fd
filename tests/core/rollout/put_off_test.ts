import assert from "node:assert/strict";
import type { RolloutCondition, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { findCondition } from "../../../core/api/values/conditions.ts";
import { timestamp } from "../../../core/api/values/time.ts";
import { decide } from "../../../core/rollout/decide.ts";
import type { RolloutWorld } from "../../../core/rollout/mod.ts";
import { deadlineAfterMs } from "../../../core/rollout/mod.ts";
import { worldOf, type WorldShape } from "./world.ts";

const START = "2026-03-01T12:00:00Z";
const UPDATED = 'ReplicaSet "web-bbb" is progressing.';
const after = (seconds: number) => Date.parse(START) + seconds * 1000;
const away = (from: number, to?: number) => ({
  fromMs: after(from),
  ...(to === undefined ? {} : { toMs: after(to) }),
});
const said = (from: number, to: number, countsFrom: number) =>
  `${UPDATED} The controller could not see the cluster from ${timestamp(after(from))} to ` +
  `${timestamp(after(to))}: the progress deadline counts from ${timestamp(after(countsFrom))}.`;

function progressing(sayings: Partial<RolloutCondition> = {}): RolloutStatus {
  return {
    conditions: [{
      type: "Progressing",
      status: "True",
      reason: "ReplicaSetUpdated",
      message: UPDATED,
      lastUpdateTime: START,
      lastTransitionTime: START,
      ...sayings,
    }],
    replicas: 5,
    updatedReplicas: 1,
    readyReplicas: 4,
    availableReplicas: 4,
    duration: { rolloutStartedAt: "2026-03-01T11:00:00Z" },
  };
}

/** An update with two minutes to get on, so many seconds after it last did. */
function updating(atSeconds: number, shape: WorldShape = {}): RolloutWorld {
  return worldOf({
    now: new Date(after(atSeconds)).toISOString(),
    steps: [{ setWeight: 20 }, { pause: {} }],
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1, available: 0 },
    status: progressing(),
    ...shape,
    spec: { progressDeadlineSeconds: 120, progressDeadlineAbort: true, ...shape.spec },
  });
}

function outcomeOf(world: RolloutWorld) {
  const decision = decide(world);
  const conditions = decision.status?.["conditions"] as RolloutCondition[];
  const { reason, message, lastUpdateTime } = findCondition(conditions, "Progressing") ?? {};
  const endMs = deadlineAfterMs(world, decision);
  return {
    isAborted: decision.status?.["abort"] === true,
    reason,
    message,
    countsFrom: lastUpdateTime,
    endsAfter: endMs === undefined ? undefined : (endMs - after(0)) / 1000,
    why: decision.why,
    conditions,
  };
}

Deno.test("an update that nobody could see is not aborted when the cluster is seen again", () => {
  const { isAborted, reason, message, countsFrom, endsAfter, why } = outcomeOf(
    updating(201, { unseen: [away(105, 200)] }),
  );
  assert.equal(isAborted, false);
  assert.equal(reason, "ReplicaSetUpdated");
  // 105 s had gone by; a grace as long as the 95 s follows.
  assert.equal(message, said(105, 200, 174));
  assert.equal(countsFrom, timestamp(after(174)));
  assert.equal(endsAfter, 174 + 121);
  assert.ok(why.endsWith(said(105, 200, 174).slice(UPDATED.length + 1)), why);
  assert.equal(outcomeOf(updating(201)).isAborted, true, "without it");
});

Deno.test("a deadline that was put off ends all the same", () => {
  const unseen = [away(5, 100)];
  const { conditions, message, endsAfter } = outcomeOf(updating(101, { unseen }));
  assert.deepEqual([message, endsAfter], [said(5, 100, 95), 95 + 121]);
  const later = (seconds: number) =>
    outcomeOf(updating(seconds, { unseen, status: { ...progressing(), conditions } }));
  assert.deepEqual(later(215).conditions, conditions, "said once");
  assert.equal(later(215).isAborted, false);
  assert.equal(later(217).isAborted, true);
  // A controller after this one knows of no such time, and reads it in the condition.
  const next = (seconds: number) =>
    outcomeOf(updating(seconds, { status: { ...progressing(), conditions } }));
  assert.deepEqual([next(215).isAborted, next(217).isAborted], [false, true]);
});

Deno.test("a second time puts it off again, and its sentence replaces the first", () => {
  const first = outcomeOf(updating(101, { unseen: [away(5, 100)] }));
  const status = { ...progressing(), conditions: first.conditions };
  const second = outcomeOf(updating(151, { unseen: [away(5, 100), away(130, 150)], status }));
  assert.deepEqual([second.message, second.endsAfter], [said(130, 150, 115), 236]);
});

Deno.test("while nobody sees the cluster no deadline ends, and nothing is said yet", () => {
  const { isAborted, message, endsAfter } = outcomeOf(updating(201, { unseen: [away(105)] }));
  assert.deepEqual([isAborted, message], [false, UPDATED]);
  assert.equal(endsAfter, 201 + 96);
});

Deno.test("what has no deadline, or moved on, says nothing of unseen times", () => {
  const unseen = [away(5, 100)];
  const rows: { name: string; shape: WorldShape; message: string }[] = [
    {
      name: "an update whose deadline was over before",
      shape: { unseen: [away(130, 160)] },
      message:
        'Rollout aborted update to revision 2: ReplicaSet "web-bbb" has timed out progressing.',
    },
    {
      name: "one that got on meanwhile",
      shape: {
        unseen,
        next: { hash: "bbb", size: 1 },
        steps: [{ setWeight: 20 }, { setWeight: 40 }],
      },
      message: UPDATED,
    },
    {
      name: "one that has been seen since it last got on",
      shape: { unseen: [away(-100, -5)], now: new Date(after(60)).toISOString() },
      message: UPDATED,
    },
    {
      name: "one that is aborted",
      shape: { unseen, status: { ...progressing(), abort: true } },
      message: "Rollout aborted update to revision 2",
    },
  ];
  for (const { name, shape, message } of rows) {
    assert.equal(outcomeOf(updating(201, shape)).message, message, name);
  }
});
