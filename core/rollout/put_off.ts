/**
 * A progress deadline that was put off, for a time in which nobody saw the cluster. The condition
 * says so, and counts from later on: explain and a controller after this one read it there.
 */
import type { RolloutCondition } from "../../sdk/api/rollout.ts";
import { CONDITION_MESSAGE } from "../api/names/condition_reason.ts";
import { findCondition, type Saying } from "../api/values/conditions.ts";
import { timeMs, timestamp, timestampRoundedUp } from "../api/values/time.ts";
import { endSeenMs, type UnseenTime } from "../engine/mod.ts";
import type { Situation } from "./situation.ts";

/** What is added to the condition's message, with the end of the time that it is about. */
const ADDED = / The controller could not see the cluster from \S+ to (\S+): .*$/;

/** What Progressing says from now on, and the time that it carries. */
export interface PutOff {
  readonly saying: Saying<RolloutCondition>;
  readonly countsFromMs: number;
}

/** The times that the condition does not say yet. */
export function untold(
  unseen: readonly UnseenTime[] | undefined,
  message: string | undefined,
): readonly UnseenTime[] {
  const toldMs = timeMs(ADDED.exec(message ?? "")?.[1]);
  if (toldMs === undefined || unseen === undefined) return unseen ?? [];
  // Told in whole seconds.
  return unseen.filter(({ toMs = Infinity }) => toMs >= toldMs + 1000)
    .map((time) => ({ ...time, fromMs: Math.max(time.fromMs, toldMs) }));
}

/** The message as it would be had everything been seen. */
export function withoutPutOff(message = ""): string {
  return message.replace(ADDED, "");
}

/** What Progressing says after such a time; undefined: nothing new, or it lasts yet. */
export function putOff(
  { world }: Situation,
  present: RolloutCondition,
  durationMs: number,
): PutOff | undefined {
  const sinceMs = timeMs(present.lastUpdateTime) ?? 0;
  const times = untold(world.unseen, present.message);
  const last = times.at(-1);
  const endMs = endSeenMs({ sinceMs, durationMs }, { unseen: times, nowMs: world.nowMs });
  if (last?.toMs === undefined || endMs <= sinceMs + durationMs) return undefined;
  const countsFromMs = timeMs(timestampRoundedUp(endMs - durationMs)) ?? sinceMs;
  const { type, status, reason, message } = present;
  const text = CONDITION_MESSAGE.putOff({
    message: withoutPutOff(message),
    from: timestamp(last.fromMs),
    to: timestamp(last.toMs),
    countsFrom: timestamp(countsFromMs),
  });
  return { saying: { type, status, reason, message: text }, countsFromMs };
}

/** The sentence about that in a condition; undefined: nothing was put off. */
export function putOffText(conditions: readonly RolloutCondition[] = []): string | undefined {
  return ADDED.exec(findCondition(conditions, "Progressing")?.message ?? "")?.[0].trim();
}
