import { scale } from "../../../../core/rollout/stages/scale.ts";
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

Deno.test("scale() of a blue-green keeps the newest set for a while after an abort", () => {
  const told = { abort: true, abortedAt: "2026-03-01T11:59:40Z" };
  const longAgo = { abort: true, abortedAt: "2026-03-01T11:59:00Z" };
  const overdue = { abort: true, abortedAt: "2026-03-01T11:50:00Z" };
  const rows: Row[] = [
    {
      name: "the abort is new: its delay begins",
      world: world({ status: { abort: true } }),
      verdict: {
        effects: [`note web-new ${DEADLINE}=${IN_30_S}`],
        then: "continue",
        wakeAt: IN_30_S,
      },
    },
    {
      name: "so long as was asked for",
      world: world({ status: { abort: true }, blueGreen: { abortScaleDownDelaySeconds: 10 } }),
      verdict: {
        effects: [`note web-new ${DEADLINE}=${IN_10_S}`],
        then: "continue",
        wakeAt: IN_10_S,
      },
    },
    {
      name: "a delay from before the abort says nothing about it",
      world: world({ status: { abort: true }, next: delayed(NEW, PASSED) }),
      verdict: {
        effects: [`note web-new ${DEADLINE}=${IN_30_S}`],
        then: "continue",
        wakeAt: IN_30_S,
      },
    },
    {
      name: "stable lacks pods: the newest stays",
      world: world({ status: told, stable: { ...OLD, available: 3 } }),
      verdict: { then: "continue", wakeAt: "2026-03-01T12:09:40Z" },
    },
    {
      name: "it waits",
      world: world({ status: told, next: delayed(NEW, IN_10_S) }),
      verdict: { then: "continue", wakeAt: IN_10_S },
    },
    {
      name: "the abort was told of, but the delay on the set is from before it",
      world: world({ status: told, next: delayed(NEW, PASSED) }),
      verdict: {
        effects: [`note web-new ${DEADLINE}=${IN_30_S}`],
        then: "continue",
        wakeAt: IN_30_S,
      },
    },
    {
      name: "it is over",
      world: world({ status: longAgo, next: delayed(NEW, PASSED) }),
      verdict: { effects: ["size web-new 0"], then: "settle" },
    },
    {
      name: "it is over, but users are still with it",
      world: world({
        status: longAgo,
        stable: { ...OLD, available: 3 },
        next: delayed(NEW, PASSED),
        services: { web: { selects: "new" }, next: { selects: "new" } },
      }),
      verdict: {
        effects: [`note web-new ${DEADLINE}=null`],
        then: "continue",
        wakeAt: "2026-03-01T12:09:00Z",
      },
    },
    {
      name: "a preview keeps its size",
      world: world({
        status: told,
        next: { ...delayed(NEW, IN_10_S), size: 1 },
        blueGreen: { previewReplicaCount: 2 },
      }),
      verdict: { then: "continue", wakeAt: IN_10_S },
    },
    {
      name: "the replicas change",
      world: world({
        status: told,
        replicas: 6,
        stable: { ...OLD, desired: 4 },
        next: { ...delayed(NEW, IN_10_S), desired: 4 },
      }),
      verdict: {
        effects: ["size web-old 6", "note web-new desired-replicas=6"],
        then: "settle",
        wakeAt: IN_10_S,
      },
    },
    {
      name: "a retry takes the delay back",
      world: world({ status: { abortedAt: PASSED }, next: delayed(NEW, IN_10_S) }),
      verdict: { effects: [`note web-new ${DEADLINE}=null`], then: "continue" },
    },
    {
      name: "a retry brings the pods back",
      world: world({ status: { abortedAt: PASSED }, next: { ...NEW, size: 0 } }),
      verdict: { effects: ["size web-new 4"], then: "settle" },
    },
    {
      name: "it has no pods: there is no delay to wait for",
      world: world({ status: told, next: { ...NEW, size: 0 } }),
      verdict: { then: "continue" },
    },
    {
      name: "the abort takes too long: stable may lack just these places",
      world: world({ status: overdue, stable: { ...OLD, available: 3 } }),
      verdict: {
        effects: [`note web-new ${DEADLINE}=${IN_30_S}`],
        then: "continue",
        wakeAt: IN_30_S,
      },
    },
    {
      name: "and users are with it: one pod goes, and one for each that stable has",
      world: world({
        status: overdue,
        stable: { ...OLD, available: 1 },
        services: { web: { selects: "new" } },
      }),
      verdict: { effects: ["size web-new 2"], then: "settle" },
    },
    {
      name: "before that users keep all of them",
      world: world({
        status: told,
        stable: { ...OLD, available: 1 },
        services: { web: { selects: "new" } },
      }),
      verdict: { then: "continue", wakeAt: "2026-03-01T12:09:40Z" },
    },
  ];
  checkStage(scale, rows);
});

Deno.test("Quirk(abort-delay-zero): after an abort a delay of 0 keeps the pods for ever", () => {
  checkStage(scale, [{
    name: "0",
    world: world({ status: { abort: true }, blueGreen: { abortScaleDownDelaySeconds: 0 } }),
    verdict: { then: "continue" },
  }]);
});
