/** Deciding about a Rollout: pure, from one snapshot. */
import type { Decision, Effect } from "../engine/mod.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { reportOfAbort } from "./after_failure.ts";
import { blueGreen, blueGreenRescale } from "./bluegreen.ts";
import { canary, rescale } from "./canary.ts";
import { adopt, desiredWhenScaled, wantedPods } from "../sets/mod.ts";
import { findCondition } from "../api/values/conditions.ts";
import { progressDeadlineMs } from "./deadline.ts";
import { putOffText } from "./put_off.ts";
import { addedEvents } from "./added_event.ts";
import { abortedSituation, abortStages, invalidMessage, invalidStatus } from "./invalid.ts";
import { isHalted } from "./pause.ts";
import { routedCanary, routedRescale } from "./routed_canary.ts";
import {
  afterStage,
  isBlueGreen,
  isRouted,
  type Situation,
  type Stage,
  type Strategy,
} from "./situation.ts";
import { situationOf } from "./situation_of.ts";
import { stateChangeEvents, statusOf } from "./status.ts";
import { unservedFieldMessage } from "./unserved.ts";
import type { RolloutWorld } from "./world.ts";

export function decide(world: RolloutWorld): Decision {
  if (world.unserved !== undefined) {
    return leaveAlone(world, unservedFieldMessage(world.unserved));
  }
  const added = addedEvents(world);
  if (world.invalid !== undefined) return refuse(world, added);
  const adopted = adopt(world.rollout, world);
  if (adopted?.effects.length === 0) return { ...adopted, ...reportOfAbort(world) };
  return adopted ?? move(situationOf(world), added);
}

/** What this version does not serve gets a phase and a message, and nothing else. */
function leaveAlone({ rollout }: RolloutWorld, message: string): Decision {
  const status = { ...rollout.status, phase: "Degraded", message };
  return { effects: [], status, events: [], why: message };
}

/** What is invalid stays as it is; only an abort takes its pods back. */
function refuse(world: RolloutWorld, added: readonly EventDraft[]): Decision {
  const message = invalidMessage(world);
  const start = abortedSituation(world);
  if (start === undefined) {
    const status = invalidStatus(world, world.rollout.status);
    return { effects: [], status, events: added, why: message };
  }
  const decision = runStages(start, { added, stages: abortStages(start) });
  const { selector } = world.rollout.status ?? {};
  const status = { ...decision.status, ...(selector === undefined ? {} : { selector }) };
  const why = `${message}; ${decision.why}`;
  return { ...decision, status: invalidStatus(world, status), why };
}

function move(start: Situation, added: readonly EventDraft[]): Decision {
  const isRescaled = isRescaledFirst(start);
  if (isBlueGreen(start)) {
    return runStages(start, { added, stages: isRescaled ? blueGreenRescale : blueGreen });
  }
  const stages = isRouted(start)
    ? (isRescaled ? routedRescale : routedCanary)
    : (isRescaled ? rescale : canary);
  return runStages(start, { added, stages });
}

function runStages<Kind extends Strategy>(
  start: Situation<Kind>,
  { added, stages }: { added: readonly EventDraft[]; stages: readonly Stage<Kind>[] },
): Decision {
  let situation = start;
  const effects: Effect[] = [];
  const closingEffects: Effect[] = [];
  const events: EventDraft[] = [];
  const closingEvents: EventDraft[] = [];
  const reasons = added.filter(({ type }) => type === "Warning").map(({ message }) => message);
  const wakes: number[] = [];
  const retries: number[] = [];
  for (const stage of stages) {
    const verdict = stage(situation);
    effects.push(...verdict.effects ?? []);
    closingEffects.push(...verdict.closingEffects ?? []);
    events.push(...verdict.events ?? []);
    closingEvents.push(...verdict.closingEvents ?? []);
    if (verdict.state !== undefined) situation = afterStage(situation, verdict.state);
    if (verdict.why !== undefined) reasons.push(verdict.why);
    if (verdict.wakeAtMs !== undefined) wakes.push(verdict.wakeAtMs);
    if (verdict.retryAtMs !== undefined) retries.push(verdict.retryAtMs);
    if (verdict.then === "settle") break;
  }
  effects.push(...closingEffects);
  const status = statusOf(situation);
  const deadlineMs = progressDeadlineMs(
    situation,
    findCondition(status.conditions, "Progressing"),
  );
  const later = putOffText(status.conditions);
  if (later !== undefined && later !== putOffText(start.world.rollout.status?.conditions)) {
    reasons.push(...reasons.length === 0 ? [status.message ?? ""] : [], later);
  }
  if (deadlineMs !== undefined && status.phase !== "Healthy") wakes.push(deadlineMs);
  const future = wakes.filter((ms) => ms > start.world.nowMs);
  const next = [...future, ...retries];
  return {
    effects: withAdded(effects, added),
    status,
    events: [
      ...(effects.length === 0 ? added : []),
      ...events,
      ...stateChangeEvents(situation, status),
      ...closingEvents,
    ],
    ...(next.length === 0 ? {} : { wakeAtMs: Math.min(...next), isRetry: future.length === 0 }),
    why: reasons.length === 0 ? (status.message ?? "in sync") : distinct(reasons).join("; "),
  };
}

/** Each of them once: what another one says too, or says and goes on, is left out. */
function distinct(reasons: readonly string[]): string[] {
  const texts = reasons.map((reason) => reason.toLowerCase());
  const isSaid = (text: string, index: number) =>
    texts.some((other, place) => other.startsWith(`${text}:`) || (other === text && place < index));
  return reasons.filter((_, index) => !isSaid(texts[index] ?? "", index));
}

/** True when sizes were chosen for another `spec.replicas`: then only sizes change. */
function isRescaledFirst(situation: Situation): boolean {
  const { sets, replicas } = situation;
  const isOutdated = [sets.next, sets.stable].some((set) =>
    set !== undefined && wantedPods(set) > 0 && desiredWhenScaled(set) !== replicas
  );
  return isOutdated || (isHalted(situation) && isBetweenNothingAndAll(situation));
}

/** `spec.paused` stops sizes, but not scaling to 0 and back. */
function isBetweenNothingAndAll({ sets: { next, stable }, replicas }: Situation): boolean {
  const isEmpty = wantedPods(next) === 0 && wantedPods(stable) === 0;
  if (replicas === 0) return !isEmpty;
  return isEmpty && stable !== undefined && desiredWhenScaled(stable) === 0;
}

function withAdded(effects: readonly Effect[], added: readonly EventDraft[]): Effect[] {
  return effects.map((effect, index) =>
    index === 0 && added.length > 0
      ? { ...effect, events: [...added, ...effect.events ?? []] }
      : effect
  );
}
