import { scale } from "../../../../core/rollout/stages/scale.ts";
import { was } from "../condition_table.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { type SetShape, worldOf, type WorldShape } from "../world.ts";

const SERVICES = { activeService: "web", previewService: "next" };
const DEADLINE = "scale-down-deadline";
const IN_30_S = "2026-03-01T12:00:30Z";
const IN_10_S = "2026-03-01T12:00:10Z";
const PASSED = "2026-03-01T11:59:59Z";

const OLD: SetShape = { hash: "old", size: 4 };
const NEW: SetShape = { hash: "new", size: 4 };

const delayed = (set: SetShape, until: string): SetShape => ({
  ...set,
  annotations: { [DEADLINE]: until },
});

/** Four pods wanted; users are with the old set, the preview is the new one. */
function world({ blueGreen, ...shape }: WorldShape) {
  return worldOf({
    replicas: 4,
    stable: OLD,
    next: NEW,
    services: { web: { selects: "old" }, next: { selects: "new" } },
    ...shape,
    blueGreen: { ...SERVICES, ...blueGreen },
  });
}

/** After a promotion: the new set is stable, users are with it. */
const atRest = ({ past = [], ...shape }: WorldShape) =>
  worldOf({
    replicas: 4,
    next: NEW,
    past,
    services: { web: { selects: "new" }, next: { selects: "new" } },
    ...shape,
    blueGreen: { ...SERVICES, ...shape.blueGreen },
  });

Deno.test("scale() of a blue-green gives stable all its pods, and the newest set as many beside it", () => {
  const rows: Row[] = [
    { name: "both are whole", world: world({}), verdict: { then: "continue" } },
    {
      name: "the newest has none",
      world: world({ next: { ...NEW, size: 0 } }),
      verdict: { effects: ["size web-new 4"], then: "settle" },
    },
    {
      name: "spec.paused kept it from starting",
      world: world({ next: { ...NEW, size: 0 }, spec: { paused: true } }),
      verdict: { then: "continue" },
    },
    {
      name: "stable lacks some",
      world: world({ stable: { ...OLD, size: 3 } }),
      verdict: { effects: ["size web-old 4"], then: "settle" },
    },
    {
      name: "other replicas are wanted",
      world: world({ replicas: 6, stable: { ...OLD, desired: 4 }, next: { ...NEW, desired: 4 } }),
      verdict: { effects: ["size web-old 6", "size web-new 6"], then: "settle" },
    },
    {
      name: "the size is right, but it was chosen for other replicas",
      world: world({ next: { ...NEW, desired: 5 } }),
      verdict: { effects: ["note web-new desired-replicas=4"], then: "continue" },
    },
    {
      name: "none are wanted: one stays with users until the others are gone",
      world: world({ replicas: 0 }),
      verdict: { effects: ["size web-old 1", "size web-new 0"], then: "settle" },
    },
    {
      name: "none are wanted, and the others are gone",
      world: world({ replicas: 0, stable: { ...OLD, size: 1 }, next: { ...NEW, size: 0 } }),
      verdict: { effects: ["size web-old 0"], then: "settle" },
    },
    {
      name: "the newest set is the stable one",
      world: atRest({ next: { ...NEW, size: 2 } }),
      verdict: { effects: ["size web-new 4"], then: "settle" },
    },
  ];
  checkStage(scale, rows);
});

Deno.test("scale() of a blue-green keeps a preview small until it is approved", () => {
  const small = { blueGreen: { previewReplicaCount: 1 }, next: { ...NEW, size: 1 } };
  const pauseConditions = [{ reason: "BlueGreenPause" as const, startTime: PASSED }];
  const rows: Row[] = [
    { name: "it is small", world: world(small), verdict: { then: "continue" } },
    {
      name: "it is let through",
      world: world({ ...small, status: { blueGreen: { scaleUpPreviewCheckPoint: true } } }),
      verdict: { effects: ["size web-new 4"], then: "settle" },
    },
    {
      name: "it is let through, but something pauses",
      world: world({
        ...small,
        status: { pauseConditions, blueGreen: { scaleUpPreviewCheckPoint: true } },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "a full promotion requested",
      world: world({ ...small, status: { promoteFull: true } }),
      verdict: { effects: ["size web-new 4"], then: "settle" },
    },
    {
      name: "users are with it",
      world: world({ ...small, services: { web: { selects: "new" } } }),
      verdict: { effects: ["size web-new 4"], then: "settle" },
    },
    {
      name: "there is no other set",
      world: atRest(small),
      verdict: { effects: ["size web-new 4"], then: "settle" },
    },
    {
      name: "it is larger than asked for, and a user is to look at it",
      world: world({ blueGreen: { previewReplicaCount: 1, autoPromotionEnabled: false } }),
      verdict: { effects: ["size web-new 1"], then: "settle" },
    },
    {
      name: "it is larger than asked for, and all are needed soon",
      world: world({ blueGreen: { previewReplicaCount: 1 } }),
      verdict: { then: "continue" },
    },
    {
      name: "a preview of no pods",
      world: world({ blueGreen: { previewReplicaCount: 0, autoPromotionEnabled: false } }),
      verdict: { effects: ["size web-new 0"], then: "settle" },
    },
    {
      name: "a preview of no pods, while stable has none and its Service was made anew",
      world: world({
        blueGreen: { previewReplicaCount: 0 },
        stable: { ...OLD, available: 0 },
        next: { ...NEW, size: 0 },
        services: { web: { isManaged: false } },
        status: { conditions: [was("Healthy", "False RolloutHealthy: Rollout is not healthy")] },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "a preview of no pods, and no revision ever had users",
      world: world({
        blueGreen: { previewReplicaCount: 0 },
        stable: { ...OLD, available: 0 },
        next: { ...NEW, size: 0 },
        services: { web: { isManaged: false } },
      }),
      verdict: { effects: ["size web-new 4"], then: "settle" },
    },
    {
      name: "a preview of more pods than all is a whole one",
      world: world({ blueGreen: { previewReplicaCount: 9 }, next: { ...NEW, size: 0 } }),
      verdict: { effects: ["size web-new 4"], then: "settle" },
    },
    {
      name: "more replicas: stable follows, the preview stays small",
      world: world({
        ...small,
        replicas: 6,
        stable: { ...OLD, desired: 4 },
        next: { ...NEW, size: 1, desired: 4 },
      }),
      verdict: { effects: ["size web-old 6", "note web-new desired-replicas=6"], then: "settle" },
    },
  ];
  checkStage(scale, rows);
});

Deno.test("scale() of a blue-green lets a set whose place was taken keep its pods for the delay", () => {
  const past = [{ ...OLD, revision: 1 }];
  const rows: Row[] = [
    {
      name: "30 s unless said otherwise",
      world: atRest({ past }),
      verdict: {
        effects: [`note web-old ${DEADLINE}=${IN_30_S}`],
        then: "continue",
        wakeAt: IN_30_S,
        why: `revision 1 keeps its pods until ${IN_30_S}`,
      },
    },
    {
      name: "the end is a whole second, never too early",
      world: atRest({ past, now: "2026-03-01T12:00:00.300Z" }),
      verdict: {
        effects: [`note web-old ${DEADLINE}=2026-03-01T12:00:31Z`],
        then: "continue",
        wakeAt: "2026-03-01T12:00:31Z",
      },
    },
    {
      name: "so long as was asked for",
      world: atRest({ past, blueGreen: { scaleDownDelaySeconds: 3600 } }),
      verdict: {
        effects: [`note web-old ${DEADLINE}=2026-03-01T13:00:00Z`],
        then: "continue",
        wakeAt: "2026-03-01T13:00:00Z",
      },
    },
    {
      name: "no delay",
      world: atRest({ past, blueGreen: { scaleDownDelaySeconds: 0 } }),
      verdict: { effects: ["size web-old 0"], then: "settle" },
    },
    {
      name: "a delay taken back by zero",
      world: atRest({ past: [delayed(OLD, IN_10_S)], blueGreen: { scaleDownDelaySeconds: 0 } }),
      verdict: { effects: ["size web-old 0"], then: "settle" },
    },
    {
      name: "it waits",
      world: atRest({ past: [delayed(OLD, IN_10_S)] }),
      verdict: { then: "continue", wakeAt: IN_10_S },
    },
    {
      name: "it is over",
      world: atRest({ past: [delayed(OLD, PASSED)] }),
      verdict: { effects: ["size web-old 0"], then: "settle" },
    },
    {
      name: "it is over at this very moment",
      world: atRest({ past: [delayed(OLD, "2026-03-01T12:00:00Z")] }),
      verdict: { effects: ["size web-old 0"], then: "settle" },
    },
    {
      name: "a small one does not grow for its delay",
      world: atRest({ past: [{ ...OLD, size: 1 }] }),
      verdict: {
        effects: [`note web-old ${DEADLINE}=${IN_30_S}`],
        then: "continue",
        wakeAt: IN_30_S,
      },
    },
    {
      name: "fewer replicas are wanted than it has",
      world: atRest({ replicas: 2, next: { ...NEW, size: 2 }, past: [delayed(OLD, IN_10_S)] }),
      verdict: { effects: ["size web-old 2"], then: "settle", wakeAt: IN_10_S },
    },
    {
      name: "more replicas are wanted: no reason to grow",
      world: atRest({
        replicas: 6,
        next: { ...NEW, size: 6 },
        past: [{ ...delayed(OLD, IN_10_S), desired: 4 }],
      }),
      verdict: { then: "continue", wakeAt: IN_10_S },
    },
    {
      name: "an empty one is left alone, whatever is written on it",
      world: atRest({ past: [{ ...delayed(OLD, PASSED), size: 0 }] }),
      verdict: { then: "continue" },
    },
    {
      name: "users are still with it: the update was replaced by another",
      world: world({
        past: [{ hash: "mid", size: 4 }],
        services: { web: { selects: "mid" }, next: { selects: "new" } },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "the first of several ends wakes",
      world: atRest({
        past: [
          delayed({ ...OLD, hash: "one" }, IN_30_S),
          delayed({ ...OLD, hash: "two" }, IN_10_S),
        ],
      }),
      verdict: { then: "continue", wakeAt: IN_10_S },
    },
    {
      name: "what is not past any more has no end",
      world: atRest({ next: delayed(NEW, IN_10_S) }),
      verdict: { effects: [`note web-new ${DEADLINE}=null`], then: "continue" },
    },
  ];
  checkStage(scale, rows);
});

Deno.test("scale() of a blue-green keeps no more sets in their delay than the limit, the newest first", () => {
  const past = [1, 2, 3].map((revision) =>
    delayed({ hash: `r${revision}`, size: 4, revision }, IN_10_S)
  );
  const limited = (scaleDownDelayRevisionLimit: number): WorldShape => ({
    past,
    next: { ...NEW, revision: 4 },
    blueGreen: { scaleDownDelayRevisionLimit },
  });
  const rows: Row[] = [
    {
      name: "none",
      world: atRest(limited(0)),
      verdict: { effects: ["size web-r3 0", "size web-r2 0", "size web-r1 0"], then: "settle" },
    },
    {
      name: "one",
      world: atRest(limited(1)),
      verdict: { effects: ["size web-r2 0", "size web-r1 0"], then: "settle", wakeAt: IN_10_S },
    },
    {
      name: "as many as there are",
      world: atRest(limited(3)),
      verdict: { then: "continue", wakeAt: IN_10_S },
    },
    {
      name: "empty ones do not count",
      world: atRest({
        ...limited(1),
        past: past.map((set, index) => ({ ...set, size: index === 2 ? 0 : 4 })),
      }),
      verdict: { effects: ["size web-r1 0"], then: "settle", wakeAt: IN_10_S },
    },
  ];
  checkStage(scale, rows);
});

Deno.test("scale() of a blue-green leaves a former set that comes back in its delay as it is", () => {
  const back: WorldShape = {
    stable: { ...OLD, createdAt: "2026-03-01T09:00:00Z" },
    next: { ...delayed(NEW, IN_10_S), createdAt: "2026-03-01T08:00:00Z" },
  };
  const rows: Row[] = [
    {
      name: "it has all its pods",
      world: world(back),
      verdict: { then: "continue", wakeAt: IN_10_S },
    },
    {
      name: "it does not become a small preview",
      world: world({ ...back, blueGreen: { previewReplicaCount: 1 } }),
      verdict: { then: "continue", wakeAt: IN_10_S },
    },
    {
      name: "a set that is newer than stable never was stable",
      world: world({
        ...back,
        next: { ...delayed(NEW, IN_10_S), createdAt: "2026-03-01T10:00:00Z" },
      }),
      verdict: { effects: [`note web-new ${DEADLINE}=null`], then: "continue" },
    },
  ];
  checkStage(scale, rows);
});
