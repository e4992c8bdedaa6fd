/** Deciding about a Rollout: pure, from one snapshot. */
import type { Decision, Effect } from "../engine/mod.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { blueGreen, blueGreenRescale } from "./bluegreen.ts";
import { canary, rescale } from "./canary.ts";
import { adopt, desiredWhenScaled, wantedPods } from "../sets/mod.ts";
import { findCondition } from "./conditions.ts";
import { progressDeadlineMs } from "./deadline.ts";
import { greetingOf } from "./greeting.ts";
import { abortedSituation, abortStages, invalidMessage, invalidStatus } from "./invalid.ts";
import { isHalted, type Situation, situationOf, type Stage, withProgress } from "./situation.ts";
import { stateChangeEvents, statusOf } from "./status.ts";
import { unservedField, unservedFieldMessage } from "./unserved.ts";
import type { RolloutWorld } from "./world.ts";

export function decide(world: RolloutWorld): Decision {
  const field = unservedField(world.rollout);
  if (field !== undefined) return leaveAlone(world, unservedFieldMessage(field));
  const greeting = greetingOf(world);
  if (world.invalid !== undefined) return refuse(world, greeting);
  return adopt(world.rollout, world) ?? runStages(situationOf(world), { greeting });
}

/** What this version does not serve gets a phase and a message, and nothing else. */
function leaveAlone({ rollout }: RolloutWorld, message: string): Decision {
  const status = { ...rollout.status, phase: "Degraded", message };
  return { effects: [], status, events: [], why: message };
}

/** What is invalid stays as it is; only an abort takes its pods back. */
function refuse(world: RolloutWorld, greeting: readonly EventDraft[]): Decision {
  const message = invalidMessage(world);
  const start = abortedSituation(world);
  if (start === undefined) {
    const status = invalidStatus(world, world.rollout.status);
    return { effects: [], status, events: greeting, why: message };
  }
  const decision = runStages(start, { greeting, stages: abortStages(start) });
  const { selector } = world.rollout.status ?? {};
  const status = { ...decision.status, ...(selector === undefined ? {} : { selector }) };
  const why = `${message}; ${decision.why}`;
  return { ...decision, status: invalidStatus(world, status), why };
}

function runStages(
  start: Situation,
  { greeting, stages = stagesFor(start) }: {
    greeting: readonly EventDraft[];
    stages?: readonly Stage[];
  },
): Decision {
  let situation = start;
  const effects: Effect[] = [];
  const events: EventDraft[] = [];
  const closingEvents: EventDraft[] = [];
  const reasons: string[] = [];
  const wakes: number[] = [];
  const retries: number[] = [];
  for (const stage of stages) {
    const verdict = stage(situation);
    effects.push(...verdict.effects ?? []);
    events.push(...verdict.events ?? []);
    closingEvents.push(...verdict.closingEvents ?? []);
    if (verdict.progress !== undefined) situation = withProgress(situation, verdict.progress);
    if (verdict.why !== undefined) reasons.push(verdict.why);
    if (verdict.wakeAtMs !== undefined) wakes.push(verdict.wakeAtMs);
    if (verdict.retryAtMs !== undefined) retries.push(verdict.retryAtMs);
    if (verdict.then === "settle") break;
  }
  const status = statusOf(situation);
  const deadlineMs = progressDeadlineMs(
    situation,
    findCondition(status.conditions, "Progressing"),
  );
  if (deadlineMs !== undefined && status.phase !== "Healthy") wakes.push(deadlineMs);
  const future = wakes.filter((ms) => ms > start.world.nowMs);
  const next = [...future, ...retries];
  return {
    effects: withGreeting(effects, greeting),
    status,
    events: [
      ...(effects.length === 0 ? greeting : []),
      ...events,
      ...stateChangeEvents(situation, status),
      ...closingEvents,
    ],
    ...(next.length === 0 ? {} : { wakeAtMs: Math.min(...next), isRetry: future.length === 0 }),
    why: reasons.length === 0 ? (status.message ?? "all is as it should be") : reasons.join("; "),
  };
}

/** A size that was chosen for another `spec.replicas` is mended before anything else moves. */
function stagesFor(situation: Situation): readonly Stage[] {
  const { sets, replicas } = situation;
  const isOutdated = [sets.next, sets.stable].some((set) =>
    set !== undefined && wantedPods(set) > 0 && desiredWhenScaled(set) !== replicas
  );
  const isRescaled = isOutdated || (isHalted(situation) && isBetweenNothingAndAll(situation));
  if (situation.blueGreen !== undefined) return isRescaled ? blueGreenRescale : blueGreen;
  return isRescaled ? rescale : canary;
}

/** While sizes are halted nothing else takes the last pod, or brings back the first. */
function isBetweenNothingAndAll({ sets: { next, stable }, replicas }: Situation): boolean {
  const isEmpty = wantedPods(next) === 0 && wantedPods(stable) === 0;
  if (replicas === 0) return !isEmpty;
  return isEmpty && stable !== undefined && desiredWhenScaled(stable) === 0;
}

function withGreeting(effects: readonly Effect[], greeting: readonly EventDraft[]): Effect[] {
  return effects.map((effect, index) =>
    index === 0 && greeting.length > 0
      ? { ...effect, events: [...greeting, ...effect.events ?? []] }
      : effect
  );
}
