/**
 * Sizes of a blue-green: stable keeps all its pods, the newest gets as many beside it, and a set
 * whose place was taken keeps its pods for the delay, in case somebody goes back to it.
 */
import type { Write } from "../../engine/mod.ts";
import { isFastRollback, outgoingSet, previewSize } from "../bluegreen_facts.ts";
import { abortDeadlineMs, isAbortOverdue } from "../abort_deadline.ts";
import { isSelected, keptPods } from "../kept_pods.ts";
import {
  availablePods,
  desiredWhenScaled,
  type ReplicaSet,
  revisionOf,
  scaleDownDeadline,
  scaleWrite,
  wantedPods,
} from "../../sets/mod.ts";
import type { Situation, Verdict } from "../situation.ts";
import { timeMs, timestampRoundedUp } from "../../api/values/time.ts";
import { isHeldBack } from "../weight.ts";

const DELAY_DEFAULT_SECONDS = 30;
const DELAY_OVER = "the delay is over";

/** What a set is to be. */
interface Plan {
  readonly set: ReplicaSet;
  readonly size: number;
  /** When it is to give its pods up; undefined: not at all. */
  readonly deadline?: string | undefined;
  /** Why it shrinks, where that needs to be said. */
  readonly reason?: string;
}

export function scaleColours(situation: Situation): Verdict {
  const { replicas, sets } = situation;
  const stable = outgoingSet(situation);
  const plans: Plan[] = [
    ...(stable === undefined ? [] : [{ set: stable, size: replicas }]),
    ...(sets.next === undefined ? [] : [nextPlan(situation, sets.next)]),
    ...pastPlans(situation),
  ];
  const writes: Write[] = [];
  const changes: string[] = [];
  let isResized = false;
  for (const plan of plans) {
    const { set, deadline } = plan;
    const to = Math.max(plan.size, keptPods(situation, set, situation.blueGreen?.activeService));
    const isPast = sets.past.includes(set);
    const desired = isPast ? desiredWhenScaled(set) ?? replicas : replicas;
    const write = scaleWrite(set, { size: to, replicas: desired, deadline });
    if (write === undefined) continue;
    writes.push(write);
    isResized ||= to !== wantedPods(set);
    changes.push(changeText({ ...plan, size: to }));
  }
  const ends = plans.map(({ deadline }) => timeMs(deadline))
    .concat(isWaitingForStable(situation) ? abortDeadlineMs(situation.world.rollout) : undefined)
    .filter((ms) => ms !== undefined && ms > situation.world.nowMs) as number[];
  return {
    effects: writes,
    then: isResized ? "settle" : "continue",
    ...(ends.length === 0 ? {} : { wakeAtMs: Math.min(...ends) }),
    ...(changes.length === 0 ? {} : { why: changes.join(", ") }),
  };
}

function changeText({ set, size, deadline, reason }: Plan): string {
  const from = wantedPods(set);
  const revision = `revision ${revisionOf(set)}`;
  const why = reason === undefined ? "" : `${reason}: `;
  if (from !== size) return `${why}${revision} from ${from} to ${size}`;
  return deadline === undefined
    ? `${revision} keeps its pods`
    : `${revision} keeps its pods until ${deadline}`;
}

/** The newest set: all pods, or those of a preview. */
function nextPlan(situation: Situation, set: ReplicaSet): Plan {
  const { blueGreen, progress, replicas, world } = situation;
  const stable = outgoingSet(situation);
  if (progress.abort && stable !== undefined) return abortedPlan(situation, set, stable);
  if (stable !== undefined && isHeldBack(situation)) return { set, size: 0 };
  // What an abort began, its retry takes back; a set that came back in its delay shows that so.
  const isRetried = world.rollout.status?.abortedAt !== undefined;
  const isKept = isFastRollback(situation) && stable !== undefined && !isRetried;
  const deadline = isKept ? scaleDownDeadline(set) : undefined;
  // Without anybody being asked all pods are needed soon: those that are there stay.
  const isAutomatic = blueGreen?.autoPromotionEnabled !== false;
  const least = isAutomatic ? Math.min(wantedPods(set), replicas) : 0;
  return { set, size: Math.max(previewSize(situation), least), deadline };
}

/** After an abort the newest set stays for a while, counted from when stable is whole. */
function abortedPlan(situation: Situation, set: ReplicaSet, stable: ReplicaSet): Plan {
  const { blueGreen, progress, replicas, world } = situation;
  const size = Math.min(wantedPods(set), replicas);
  if (size === 0) return { set, size };
  const seconds = blueGreen?.abortScaleDownDelaySeconds ?? DELAY_DEFAULT_SECONDS;
  const isOverdue = isAbortOverdue(world.rollout, world.nowMs);
  if (isSelected(situation, set, blueGreen?.activeService)) {
    // Users go back when stable has as many pods: it may lack just the places of this set.
    const most = isOverdue ? Math.max(0, replicas - 1 - availablePods(stable)) : size;
    return { set, size: Math.min(size, most), reason: "the abort should have ended" };
  }
  // Quirk(abort-delay-zero): 0 does not mean at once, it means never.
  if (seconds === 0) return { set, size };
  // A deadline that is too early for this abort is from before it.
  const abortedMs = timeMs(progress.abortedAt) ?? world.nowMs;
  const noted = scaleDownDeadline(set);
  const present = (timeMs(noted) ?? 0) >= abortedMs + seconds * 1000 ? noted : undefined;
  if (isPassed(situation, present)) return { set, size: 0, reason: DELAY_OVER };
  const isStableWhole = availablePods(stable) >= replicas;
  const isEnding = isStableWhole || isOverdue;
  const deadline = present ?? (isEnding ? after(situation, seconds) : undefined);
  return { set, size, deadline };
}

/** True while the newest set of an abort keeps its pods because stable lacks some. */
function isWaitingForStable(situation: Situation): boolean {
  const { blueGreen, replicas, sets: { next } } = situation;
  const stable = outgoingSet(situation);
  if (stable === undefined || next === undefined || wantedPods(next) === 0) return false;
  const isKept = blueGreen?.abortScaleDownDelaySeconds === 0 &&
    !isSelected(situation, next, blueGreen.activeService);
  return availablePods(stable) < replicas && !isKept;
}

/** Other sets with pods, newest first: each has its delay, as far as the limit allows. */
function pastPlans(situation: Situation): Plan[] {
  const { blueGreen, replicas, sets } = situation;
  const seconds = blueGreen?.scaleDownDelaySeconds ?? DELAY_DEFAULT_SECONDS;
  const limit = blueGreen?.scaleDownDelayRevisionLimit ?? Infinity;
  let delayed = 0;
  return sets.past.filter((set) => wantedPods(set) > 0).map((set): Plan => {
    const size = Math.min(wantedPods(set), replicas);
    const present = scaleDownDeadline(set);
    if (isSelected(situation, set, blueGreen?.activeService)) {
      return { set, size, deadline: present };
    }
    if (isPassed(situation, present)) return { set, size: 0, reason: DELAY_OVER };
    if (seconds === 0) return { set, size: 0, reason: "no delay is wanted" };
    if (delayed >= limit) return { set, size: 0, reason: `only ${limit} may wait` };
    delayed++;
    return { set, size, deadline: present ?? after(situation, seconds) };
  });
}

function isPassed({ world }: Situation, deadline: string | undefined): boolean {
  const ms = timeMs(deadline);
  return ms !== undefined && ms <= world.nowMs;
}

/** Rounded up: a delay is never shorter than asked for. */
function after({ world }: Situation, seconds: number): string {
  return timestampRoundedUp(world.nowMs + seconds * 1000);
}
