/**
 * How long updates take, as the events about a Rollout tell it. What began before this process did
 * is not measured: nobody wrote down when.
 */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { isUnset } from "../../../sdk/wire/json.ts";
import { EVENT_REASON } from "../../api/names/event_reason.ts";
import { ROLLOUTS } from "../../api/names/resources.ts";
import { type Key, keyOfObject, type RecordedEvent } from "../../engine/mod.ts";
import type { Family } from "./exposition.ts";
import { Histogram } from "./instruments.ts";

/** An update under way. */
interface Update {
  readonly startedAtMs: number;
  /** Since when it waits for a user. */
  pausedAtMs: number | undefined;
  pausedMs: number;
}

export class DurationMetrics {
  readonly #updates = new Map<Key, Update>();
  readonly #all = new Histogram({
    name: "rollout_duration_seconds",
    help: "Seconds from the start of an update to its end.",
    labels: ["status"],
    bounds: [30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800],
  });
  readonly #progression = new Histogram({
    name: "rollout_progression_duration_seconds",
    help: "Seconds of an update in which it did not wait for a user.",
    labels: ["status"],
    bounds: [30, 60, 120, 300, 600, 900, 1800, 3600],
  });
  readonly #paused = new Histogram({
    name: "rollout_manual_pause_duration_seconds",
    help: "Seconds of an update in which it waited for a user.",
    labels: ["status"],
    bounds: [0, 60, 300, 600, 1800, 3600, 7200, 14400, 28800],
  });

  onEvent({ object, reason, atMs }: RecordedEvent): void {
    if (object.kind !== ROLLOUTS.kind) return;
    const key = keyOfObject(object);
    const update = this.#updates.get(key);
    switch (reason) {
      case EVENT_REASON.rolloutUpdated:
        if (update !== undefined) this.#end(update, "superseded", atMs);
        this.#updates.set(key, { startedAtMs: atMs, pausedAtMs: undefined, pausedMs: 0 });
        return;
      case EVENT_REASON.rolloutPaused:
        if (update !== undefined && isManual(object as Rollout)) update.pausedAtMs ??= atMs;
        return;
      case EVENT_REASON.rolloutResumed:
        if (update !== undefined) resume(update, atMs);
        return;
      case EVENT_REASON.rolloutCompleted:
      case EVENT_REASON.rolloutAborted:
        if (update === undefined) return;
        this.#updates.delete(key);
        this.#end(update, reason === EVENT_REASON.rolloutAborted ? "aborted" : "completed", atMs);
        return;
      case EVENT_REASON.rolloutDeleted:
        this.#updates.delete(key);
    }
  }

  families(): Family[] {
    return [this.#all.family(), this.#progression.family(), this.#paused.family()];
  }

  #end(update: Update, status: string, atMs: number): void {
    resume(update, atMs);
    const seconds = (atMs - update.startedAtMs) / 1000;
    const pausedSeconds = update.pausedMs / 1000;
    this.#all.observe({ status }, seconds);
    this.#progression.observe({ status }, seconds - pausedSeconds);
    this.#paused.observe({ status }, pausedSeconds);
  }
}

function resume(update: Update, atMs: number): void {
  if (update.pausedAtMs === undefined) return;
  update.pausedMs += atMs - update.pausedAtMs;
  update.pausedAtMs = undefined;
}

/** True when only a user ends the pause: it is a user's, or one of a step without an end. */
function isManual({ spec, status }: Rollout): boolean {
  if (spec.paused === true) return true;
  const steps = spec.strategy?.canary?.steps;
  const step = steps?.[status?.currentStepIndex ?? 0];
  if (!isUnset(step?.pause)) return isUnset(step?.pause?.duration);
  return isUnset(spec.strategy?.blueGreen?.autoPromotionSeconds);
}
