/** Scale: sets the sizes of all sets: stable first, then the canary, then other revisions. */
import type { Write } from "../../engine/mod.ts";
import { abortDeadlineMs } from "../abort_deadline.ts";
import { keptPods } from "../kept_pods.ts";
import { type ReplicaSet, revisionOf, scaleWrite, wantedPods } from "../../sets/mod.ts";
import { CONTINUE, isFullyPromoted, type Situation, type Verdict } from "../situation.ts";
import { desiredWeight, distinctStable, plannedSizes } from "../weight.ts";

export function scale(situation: Situation): Verdict {
  const { replicas, sets, world } = situation;
  const { stableService } = world.rollout.spec.strategy?.canary ?? {};
  const stable = distinctStable(situation);
  const planned = plannedSizes(situation, keptPods(situation, stable, stableService));
  const sized: [ReplicaSet | undefined, number][] = [
    [stable, planned.stable],
    [sets.next, planned.canary],
    ...sets.past.map((set, index): [ReplicaSet, number] => [set, planned.past[index] ?? 0]),
  ];
  const writes: Write[] = [];
  const changes: string[] = [];
  for (const [set, size] of sized) {
    if (set === undefined) continue;
    const least = isAbortNew(situation) ? wantedPods(set) : keptPods(situation, set, stableService);
    const to = Math.max(size, least);
    const write = scaleWrite(set, { size: to, replicas });
    if (write === undefined) continue;
    writes.push(write);
    changes.push(`revision ${revisionOf(set)} from ${wantedPods(set)} to ${to}`);
  }
  if (writes.length === 0) return waiting(situation);
  const why = `${reasonOf(situation)}: ${changes.join(", ")}`;
  return { effects: writes, then: "settle", why };
}

/** What an abort still has to take may go once it should have ended. */
function waiting(situation: Situation): Verdict {
  const { sets, world } = situation;
  const wakeAtMs = abortDeadlineMs(world.rollout);
  const isLeft = [sets.next, ...sets.past].some((set) =>
    set !== sets.stable && wantedPods(set) > 0
  );
  if (wakeAtMs === undefined || !isLeft || isFullyPromoted(situation)) return CONTINUE;
  return { ...CONTINUE, wakeAtMs };
}

/** The pass that first sees an abort only makes room in stable: the canary goes once it is told. */
function isAbortNew(situation: Situation): boolean {
  const { progress, world } = situation;
  return progress.abort && !isFullyPromoted(situation) &&
    world.rollout.status?.abortedAt === undefined;
}

function reasonOf(situation: Situation): string {
  const { progress, replicas } = situation;
  const aim = `${desiredWeight(situation)} % of ${replicas} pods for the newest revision`;
  if (progress.abort) return `aborted, so ${aim}`;
  return progress.promoteFull ? `full promotion, so ${aim}` : aim;
}
