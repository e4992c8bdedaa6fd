import assert from "node:assert/strict";
import type { RolloutCondition } from "../../../sdk/api/rollout.ts";
import { setCondition } from "../../../core/api/values/conditions.ts";
import { invalidSpecConditions } from "../../../core/rollout/conditions.ts";
import {
  AT_PAUSE,
  check,
  EARLIER,
  NEXT,
  settled,
  STABLE,
  updating,
  was,
} from "./condition_table.ts";
import { NOON, type SetShape, worldOf } from "./world.ts";

Deno.test("setCondition() keeps an equal condition, and its transition with its status", () => {
  const before = [
    was("Available", "True AvailableReason: yes"),
    was("Paused", "False RolloutPaused"),
  ];
  const nowMs = Date.parse(NOON);
  const saying = (status: "True" | "False", reason: string, message: string) =>
    ({ type: "Available", status, reason, message }) as const;
  assert.equal(
    setCondition(before, saying("True", "AvailableReason", "another text"), { nowMs }),
    before,
    "status and reason alone tell conditions apart",
  );
  const refreshed = setCondition(before, saying("True", "AvailableReason", "yes"), {
    nowMs,
    refresh: true,
  });
  assert.deepEqual(
    refreshed.map(({ type }) => type),
    ["Paused", "Available"],
    "it moves to the end",
  );
  assert.deepEqual([refreshed[1]?.lastUpdateTime, refreshed[1]?.lastTransitionTime], [
    NOON,
    EARLIER,
  ]);
  const reasoned = setCondition(before, saying("True", "Other", "yes"), { nowMs }).at(-1);
  assert.deepEqual([reasoned?.lastUpdateTime, reasoned?.lastTransitionTime], [NOON, EARLIER]);
  const turned = setCondition(before, saying("False", "AvailableReason", "no"), { nowMs }).at(-1);
  assert.deepEqual([turned?.lastUpdateTime, turned?.lastTransitionTime], [NOON, NOON]);
  const added = setCondition<RolloutCondition>([], saying("True", "AvailableReason", "yes"), {
    nowMs,
  }).at(-1);
  assert.deepEqual([added?.lastUpdateTime, added?.lastTransitionTime], [NOON, NOON]);
});

Deno.test("Available counts the available pods of all sets", () => {
  const yes = "True AvailableReason: Rollout has minimum availability";
  const no = "False AvailableReason: Rollout does not have minimum availability";
  check("Available", [
    { name: "all", world: updating(), is: `${yes} [now now]` },
    {
      name: "one missing",
      world: updating({}, { next: { ...NEXT, available: 0 } }),
      is: `${no} [now now]`,
    },
    {
      name: "as before",
      world: updating({ conditions: [was("Available", yes)] }),
      is: `${yes} [kept kept]`,
    },
    {
      name: "turned",
      world: updating({ conditions: [was("Available", no)] }),
      is: `${yes} [now now]`,
    },
    {
      name: "no pods are wanted",
      world: worldOf({ replicas: 0, next: { hash: "aaa", size: 0 } }),
      is: `${yes} [now now]`,
    },
  ]);
});

Deno.test("Completed says whether the present template is the stable one", () => {
  const completed = (status: string) => `${status} RolloutCompleted: RolloutCompleted`;
  check("Completed", [
    {
      name: "it is, available or not",
      world: settled({}, { next: { hash: "aaa", size: 5, available: 0 } }),
      is: `${completed("True")} [now now]`,
    },
    { name: "it is not", world: updating(), is: `${completed("False")} [now now]` },
    {
      name: "there is no stable one",
      world: settled({ stableRS: "" }),
      is: `${completed("False")} [now now]`,
    },
    {
      name: "as before",
      world: updating({ conditions: [was("Completed", completed("False"))] }),
      is: `${completed("False")} [kept kept]`,
    },
  ]);
});

Deno.test("Healthy is true when all that is wanted is true, and false only after it was", () => {
  const yes = "True RolloutHealthy: Rollout is healthy";
  const no = "False RolloutHealthy: Rollout is not healthy";
  const wasHealthy = { conditions: [was("Healthy", yes)] };
  const rows = [
    { name: "all pods available", world: settled(wasHealthy), is: `${yes} [kept kept]` },
    { name: "for the first time", world: settled(), is: `${yes} [now now]` },
    { name: "never was, is not", world: updating(), is: undefined },
    { name: "an update", world: updating(wasHealthy), is: `${no} [now now]` },
    {
      name: "a pod is not available",
      world: settled(wasHealthy, { next: { hash: "aaa", size: 5, available: 4 } }),
      is: `${no} [now now]`,
    },
    {
      name: "a pod too many",
      world: settled(wasHealthy, { next: { hash: "aaa", size: 5, present: 6, available: 5 } }),
      is: `${no} [now now]`,
    },
    {
      name: "pods of old sets are left",
      world: settled(wasHealthy, { past: [{ hash: "old", size: 0, present: 1, available: 0 }] }),
      is: `${no} [now now]`,
    },
    {
      name: "a generation that the last report did not know",
      world: settled({ ...wasHealthy, observedGeneration: "2" }),
      is: `${no} [now now]`,
    },
    {
      name: "paused",
      world: settled(wasHealthy, { spec: { paused: true } }),
      is: `${no} [now now]`,
    },
    {
      name: "a step is left",
      world: settled({ ...wasHealthy, currentStepIndex: 1 }),
      is: `${no} [now now]`,
    },
    {
      name: "of a blue-green it stays known that a set had users",
      world: worldOf({
        stable: { hash: "aaa", size: 5, available: 4 },
        next: { hash: "bbb", size: 5 },
        blueGreen: { activeService: "web" },
        services: { web: { selects: "aaa" } },
      }),
      is: `${no} [now now]`,
    },
    {
      name: "of a blue-green whose active Service selects no set yet",
      world: worldOf({
        stable: { hash: "aaa", size: 5, available: 4 },
        next: { hash: "bbb", size: 5 },
        blueGreen: { activeService: "web" },
        services: { web: {} },
      }),
      is: undefined,
    },
  ];
  check("Healthy", rows);
});

Deno.test("Paused follows pauses of steps and of people", () => {
  const paused = (status: string) => `${status} RolloutPaused: Rollout is paused`;
  check("Paused", [
    { name: "never was, is not", world: updating(), is: undefined },
    { name: "a step pauses", world: updating(AT_PAUSE), is: `${paused("True")} [now now]` },
    {
      name: "a user pauses",
      world: updating({}, { spec: { paused: true } }),
      is: `${paused("True")} [now now]`,
    },
    {
      name: "still",
      world: updating({ ...AT_PAUSE, conditions: [was("Paused", paused("True"))] }),
      is: `${paused("True")} [kept kept]`,
    },
    {
      name: "no longer",
      world: updating({ conditions: [was("Paused", paused("True"))] }),
      is: `${paused("False")} [now now]`,
    },
  ]);
});

Deno.test("Quirk(paused-while-aborted): an abort lifts the pause, but the condition stays", () => {
  const paused = "True RolloutPaused: Rollout is paused";
  const aborted = { abort: true, abortedAt: EARLIER, conditions: [was("Paused", paused)] };
  check("Paused", [
    { name: "of an update", world: updating(aborted), is: `${paused} [kept kept]` },
    { name: "it does not come", world: updating({ ...aborted, conditions: [] }), is: undefined },
    {
      name: "of what is stable: that abort is void",
      world: settled(aborted),
      is: "False RolloutPaused: Rollout is paused [now now]",
    },
  ]);
});

Deno.test("InvalidSpec goes when the spec is valid, and its times follow its text", () => {
  const before = [was("InvalidSpec", "True InvalidSpec: wrong")];
  check("InvalidSpec", [{ name: "valid", world: updating({ conditions: before }), is: undefined }]);
  const { rollout } = updating({ conditions: before });
  const nowMs = Date.parse(NOON);
  const same = invalidSpecConditions(rollout, { message: "wrong", nowMs }).at(-1);
  assert.deepEqual([same?.lastUpdateTime, same?.lastTransitionTime], [EARLIER, EARLIER]);
  const other = invalidSpecConditions(rollout, { message: "worse", nowMs }).at(-1);
  assert.deepEqual([other?.message, other?.lastUpdateTime, other?.lastTransitionTime], [
    "worse",
    NOON,
    EARLIER,
  ]);
});

Deno.test("ReplicaFailure is a set's own, the newest one's first, and goes with it", () => {
  const failing = (message: string): Partial<SetShape> => ({
    status: { conditions: [{ type: "ReplicaFailure", status: "True", reason: "Quota", message }] },
  });
  const before = [was("ReplicaFailure", "True Quota: of old")];
  check("ReplicaFailure", [
    { name: "none", world: updating({ conditions: before }), is: undefined },
    {
      name: "of the canary and of stable",
      world: updating({}, {
        stable: { ...STABLE, ...failing("stable") },
        next: { ...NEXT, ...failing("canary") },
      }),
      is: "True Quota: canary [now now]",
    },
    {
      name: "of stable alone",
      world: updating({}, { stable: { ...STABLE, ...failing("stable") } }),
      is: "True Quota: stable [now now]",
    },
  ]);
});
