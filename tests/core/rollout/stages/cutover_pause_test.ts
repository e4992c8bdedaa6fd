import type { BlueGreenStrategy, RolloutStatus } from "../../../../sdk/api/rollout.ts";
import { cutoverPause } from "../../../../core/rollout/stages/cutover_pause.ts";
import { was } from "../condition_table.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { NOON, type SetShape, worldOf, type WorldShape } from "../world.ts";

const OLD: SetShape = { hash: "old", size: 4, createdAt: "2026-03-01T09:00:00Z" };
const NEW: SetShape = { hash: "new", size: 4, createdAt: "2026-03-01T10:00:00Z" };
const BY_HAND = { autoPromotionEnabled: false };
const AFTER_20_S = { autoPromotionSeconds: 20 };

const pausedSince = (startTime: string): RolloutStatus => ({
  controllerPause: true,
  pauseConditions: [{ reason: "BlueGreenPause", startTime }],
});
const PROMOTED: RolloutStatus = { controllerPause: true };
const CLEARED = { controllerPause: false, pauseConditions: [] };

/** Both sets are whole, users are with the old one. */
const world = (blueGreen: Partial<BlueGreenStrategy>, shape: WorldShape = {}) =>
  worldOf({
    replicas: 4,
    stable: OLD,
    next: NEW,
    services: { web: { selects: "old" }, next: { selects: "new" } },
    ...shape,
    blueGreen: { activeService: "web", previewService: "next", ...blueGreen },
  });

Deno.test("cutoverPause() waits for a user when promotions are made by hand", () => {
  const rows: Row[] = [
    {
      name: "the newest set is whole: the pause begins",
      world: world(BY_HAND),
      verdict: {
        state: pausedSince(NOON),
        then: "settle",
      },
    },
    {
      name: "the newest set lacks a pod",
      world: world(BY_HAND, { next: { ...NEW, available: 3 } }),
      verdict: { then: "continue" },
    },
    {
      name: "it goes on for ever",
      world: world(BY_HAND, { status: pausedSince("2026-01-01T00:00:00Z") }),
      verdict: { then: "settle" },
    },
    {
      name: "seconds mean nothing then",
      world: world({ ...BY_HAND, ...AFTER_20_S }, { status: pausedSince("2026-01-01T00:00:00Z") }),
      verdict: { then: "settle" },
    },
    {
      name: "a user promoted",
      world: world(BY_HAND, {
        status: PROMOTED,
      }),
      verdict: {
        state: { controllerPause: false },
        then: "continue",
      },
    },
    {
      name: "a user promoted while a pod is missing: that is not forgotten",
      world: world(BY_HAND, { status: PROMOTED, next: { ...NEW, available: 3 } }),
      verdict: { then: "continue" },
    },
    {
      name: "the spec does not ask for it any more",
      world: world({}, { status: pausedSince(NOON) }),
      verdict: { state: CLEARED, then: "continue" },
    },
    {
      name: "another pause is not ours to end",
      world: world({}, {
        status: {
          controllerPause: true,
          pauseConditions: [{ reason: "InconclusiveAnalysisRun", startTime: NOON }],
        },
      }),
      verdict: { state: { controllerPause: false }, then: "continue" },
    },
  ];
  checkStage(cutoverPause, rows);
});

Deno.test("cutoverPause() waits for the seconds of autoPromotionSeconds", () => {
  const rows: Row[] = [
    {
      name: "it begins",
      world: world(AFTER_20_S),
      verdict: {
        state: pausedSince(NOON),
        then: "settle",
        wakeAt: "2026-03-01T12:00:21Z",
      },
    },
    {
      name: "its start never lies in the future",
      world: world(AFTER_20_S, { now: "2026-03-01T12:00:00.300Z" }),
      verdict: {
        state: pausedSince(NOON),
        then: "settle",
        wakeAt: "2026-03-01T12:00:21Z",
      },
    },
    {
      name: "it goes on",
      world: world(AFTER_20_S, { status: pausedSince("2026-03-01T11:59:41Z") }),
      verdict: { then: "settle", wakeAt: "2026-03-01T12:00:02Z" },
    },
    {
      name: "it is over",
      world: world(AFTER_20_S, { status: pausedSince("2026-03-01T11:59:39Z") }),
      verdict: { state: CLEARED, then: "continue" },
    },
    {
      name: "it is over, but a pod is missing: users wait for it",
      world: world(AFTER_20_S, {
        status: pausedSince("2026-03-01T11:59:39Z"),
        next: { ...NEW, available: 3 },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "a user does not want to wait",
      world: world(AFTER_20_S, { status: PROMOTED }),
      verdict: { state: { controllerPause: false }, then: "continue" },
    },
    { name: "0 s", world: world({ autoPromotionSeconds: 0 }), verdict: { then: "continue" } },
    { name: "nothing said", world: world({}), verdict: { then: "continue" } },
    {
      name: "promotions by themselves, said",
      world: world({ autoPromotionEnabled: true }),
      verdict: { then: "continue" },
    },
  ];
  checkStage(cutoverPause, rows);
});

Deno.test("cutoverPause() lets a preview of few pods grow once it has been let through", () => {
  const small = { next: { ...NEW, size: 1 } };
  const one = { previewReplicaCount: 1 };
  const through = { scaleUpPreviewCheckPoint: true };
  const rows: Row[] = [
    {
      name: "it pauses with the few",
      world: world({ ...one, ...BY_HAND }, small),
      verdict: {
        state: pausedSince(NOON),
        then: "settle",
      },
    },
    {
      name: "the few are not there yet",
      world: world({ ...one, ...BY_HAND }, { next: { ...NEW, size: 1, available: 0 } }),
      verdict: { then: "continue" },
    },
    {
      name: "a user promotes",
      world: world({ ...one, ...BY_HAND }, { ...small, status: PROMOTED }),
      verdict: { state: { controllerPause: false, ...through }, then: "settle" },
    },
    {
      name: "the time is over",
      world: world({ ...one, ...AFTER_20_S }, {
        ...small,
        status: pausedSince("2026-03-01T11:59:39Z"),
      }),
      verdict: { state: { ...CLEARED, ...through }, then: "settle" },
    },
    {
      name: "no pause is wanted: the few are the test",
      world: world(one, small),
      verdict: { state: through, then: "settle" },
    },
    {
      name: "it was let through, and does not pause again",
      world: world({ ...one, ...BY_HAND }, {
        ...small,
        status: { blueGreen: { scaleUpPreviewCheckPoint: true } },
      }),
      verdict: { then: "continue" },
    },
  ];
  checkStage(cutoverPause, rows);
});

Deno.test("cutoverPause() asks nobody where there is nothing to decide", () => {
  const annotations = { "scale-down-deadline": "2026-03-01T12:00:10Z" };
  const rows: Row[] = [
    {
      name: "aborted",
      world: world(BY_HAND, { status: { abort: true } }),
      verdict: { then: "continue" },
    },
    {
      name: "a full promotion",
      world: world(BY_HAND, { status: { promoteFull: true } }),
      verdict: { then: "continue" },
    },
    {
      name: "users are there already",
      world: world(BY_HAND, { services: { web: { selects: "new" } } }),
      verdict: { then: "continue" },
    },
    {
      name: "the only revision",
      world: worldOf({ next: NEW, blueGreen: { activeService: "web", ...BY_HAND } }),
      verdict: { then: "continue" },
    },
    {
      name: "a former revision comes back in its delay",
      world: world(BY_HAND, {
        next: { ...NEW, createdAt: "2026-03-01T08:00:00Z", annotations },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "a former revision comes back after its delay: a user is asked",
      world: world(BY_HAND, { next: { ...NEW, createdAt: "2026-03-01T08:00:00Z" } }),
      verdict: {
        state: pausedSince(NOON),
        then: "settle",
      },
    },
    {
      name: "a revision that was replaced before it served, in its delay: a user is asked",
      world: world(BY_HAND, { next: { ...NEW, annotations } }),
      verdict: {
        state: pausedSince(NOON),
        then: "settle",
      },
    },
    {
      name: "the first revision never had a pod: no users to lose",
      world: world(BY_HAND, { stable: { ...OLD, available: 0 }, services: { web: {} } }),
      verdict: { then: "continue" },
    },
    {
      name: "stable served once, lost its pods and its Service: a user is asked",
      world: world(BY_HAND, {
        stable: { ...OLD, available: 0 },
        services: { web: { isManaged: false } },
        status: { conditions: [was("Healthy", "False RolloutHealthy: Rollout is not healthy")] },
      }),
      verdict: {
        state: pausedSince(NOON),
        then: "settle",
      },
    },
    {
      name: "the active Service lost its selection: users are with stable all the same",
      world: world(BY_HAND, { services: { web: {} } }),
      verdict: {
        state: pausedSince(NOON),
        then: "settle",
      },
    },
    {
      name: "a pause that was begun before is left",
      world: world(BY_HAND, { status: { ...pausedSince(NOON), promoteFull: true } }),
      verdict: { state: CLEARED, then: "continue" },
    },
  ];
  checkStage(cutoverPause, rows);
});
