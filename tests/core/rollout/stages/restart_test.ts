import { restart } from "../../../../core/rollout/stages/restart.ts";
import { checkStage } from "../verdict_text.ts";
import { NOON, podOf, worldOf, type WorldShape } from "../world.ts";

const HALF_MINUTE_LATER = "2026-03-01T12:00:30Z";
const YOUNG = { createdAt: NOON };

/** Five pods of one stable set, all older than the restart that is due. */
function due(shape: WorldShape = {}) {
  return worldOf({
    next: { hash: "aaa", size: 5 },
    pods: ["a", "b", "c", "d", "e"].map((name) => podOf("aaa", name)),
    ...shape,
    spec: { restartAt: NOON, ...shape.spec },
  });
}

Deno.test("restart() evicts pods older than restartAt, as many as may be missing", () => {
  checkStage(restart, [
    {
      name: "25 % of 5 is one",
      world: due(),
      verdict: {
        effects: ["evict a"],
        then: "continue",
        retryAt: HALF_MINUTE_LATER,
        why: `restarting: evicting a, 1 of 5 pods older than ${NOON}`,
      },
    },
    {
      name: "three may be missing",
      world: due({ canary: { maxUnavailable: 3 } }),
      verdict: {
        effects: ["evict a", "evict b", "evict c"],
        then: "continue",
        retryAt: HALF_MINUTE_LATER,
      },
    },
    {
      name: "Argo's way: one goes at a time also where none may be missing",
      world: due({ canary: { maxUnavailable: 0, maxSurge: 1 } }),
      verdict: { effects: ["evict a"], then: "continue", retryAt: HALF_MINUTE_LATER },
    },
    {
      name: "in blue-green, maxUnavailable is that strategy's",
      world: due({
        spec: { strategy: { blueGreen: { activeService: "web", maxUnavailable: 2 } } },
      }),
      verdict: { effects: ["evict a", "evict b"], then: "continue", retryAt: HALF_MINUTE_LATER },
    },
    {
      name: "the oldest first, by name where they are of an age",
      world: due({
        pods: [
          podOf("aaa", "z"),
          podOf("aaa", "y", { createdAt: "2026-02-28T00:00:00Z" }),
          podOf("aaa", "x"),
          podOf("aaa", "w", YOUNG),
          podOf("aaa", "v", YOUNG),
        ],
        canary: { maxUnavailable: 2 },
      }),
      verdict: { effects: ["evict y", "evict x"], then: "continue", retryAt: HALF_MINUTE_LATER },
    },
    {
      name: "stable before the newest before the others",
      world: due({
        next: { hash: "bbb", size: 1 },
        stable: { hash: "aaa", size: 2 },
        past: [{ hash: "ccc", size: 2 }],
        pods: [podOf("bbb", "next"), podOf("ccc", "past"), podOf("aaa", "z"), podOf("aaa", "y")]
          .concat([podOf("ccc", "past-2")]),
        canary: { maxUnavailable: 4 },
      }),
      verdict: {
        effects: ["evict y", "evict z", "evict next", "evict past"],
        then: "continue",
        retryAt: HALF_MINUTE_LATER,
      },
    },
  ]);
});

Deno.test("restart() waits while too few pods are there", () => {
  const why = "restarting: 4 older pods left; waiting until enough others are available";
  const verdict = { then: "continue" as const, retryAt: HALF_MINUTE_LATER, why };
  const four = ["b", "c", "d", "e"].map((name) => podOf("aaa", name));
  checkStage(restart, [
    {
      name: "one is not available yet",
      world: due({
        next: { hash: "aaa", size: 5, available: 4 },
        pods: [...four, podOf("aaa", "f", { ...YOUNG, isReady: false })],
      }),
      verdict,
    },
    {
      name: "all are Ready, but one has not been for minReadySeconds",
      world: due({
        next: { hash: "aaa", size: 5, ready: 5, available: 4 },
        pods: [...four, podOf("aaa", "f", YOUNG)],
      }),
      verdict,
    },
    {
      name: "one was evicted a moment ago, and the set's status does not know yet",
      world: due({ pods: [...four, podOf("aaa", "a", { isLeaving: true })] }),
      verdict,
    },
    {
      name: "one has just lost its readiness, and the set's status does not know yet",
      world: due({ pods: [...four, podOf("aaa", "f", { ...YOUNG, isReady: false })] }),
      verdict,
    },
    {
      name: "more pods are wanted than there are, since an update is under way",
      world: due({
        stable: { hash: "aaa", size: 4 },
        next: { hash: "bbb", size: 2, available: 1 },
        pods: four,
      }),
      verdict,
    },
  ]);
});

Deno.test("restart() ends when no older pod is left, and looks at nobody else's pods", () => {
  const strangers = { ...podOf("zzz", "stranger") };
  checkStage(restart, [
    {
      name: "all young",
      world: due({ pods: [podOf("aaa", "a", YOUNG), strangers] }),
      verdict: {
        state: { restartedAt: NOON },
        then: "continue",
        why: `all pods are newer than ${NOON}: the restart is complete`,
      },
    },
    {
      name: "restartAt with another offset",
      world: due({
        spec: { restartAt: "2026-03-01T13:00:00+01:00" },
        pods: [podOf("aaa", "a", YOUNG)],
      }),
      verdict: { state: { restartedAt: NOON }, then: "continue" },
    },
  ]);
});

Deno.test("restart() has nothing to do before its time, nor after it was done", () => {
  checkStage(restart, [
    {
      name: "in an hour",
      world: due({ spec: { restartAt: "2026-03-01T13:00:00Z" } }),
      verdict: { then: "continue", wakeAt: "2026-03-01T13:00:00Z" },
    },
    {
      name: "done",
      world: due({ status: { restartedAt: NOON } }),
      verdict: { then: "continue" },
    },
    {
      name: "done, written with another offset",
      world: due({
        status: { restartedAt: NOON },
        spec: { restartAt: "2026-03-01T13:00:00+01:00" },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "never asked for",
      world: worldOf({ next: { hash: "aaa", size: 5 } }),
      verdict: { then: "continue" },
    },
    {
      name: "no time that can be read",
      world: due({ spec: { restartAt: "tomorrow" } }),
      verdict: { then: "continue" },
    },
    {
      name: "the pods could not be listed: later",
      world: due({ pods: undefined as never }),
      verdict: { then: "continue", retryAt: HALF_MINUTE_LATER },
    },
  ]);
});
