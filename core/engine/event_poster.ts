/**
 * Posts events beside the passes: a bounded number at a time, and no faster than they may follow
 * one another. What cannot be posted is dropped, and a line in the log says how many there were.
 */
import { isAlreadyExists, UnreachableError } from "../ports/api_error.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { EventPace } from "./event_pace.ts";
import { EventQueue, type Post } from "./event_queue.ts";
import { isBusy } from "./refusal.ts";

const IN_FLIGHT_MAX = 10;
const QUEUE_MAX = 10_000;
const TRIES = 12;
const RETRY_MS = 10_000;
/** While events are dropped all the time, how often that is said. */
const TOLD_EVERY_MS = 60_000;

interface Entry extends Post {
  /** Calls that found no cluster, or a busy one. */
  tries: number;
}

export class EventPoster {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #queue = new EventQueue<Entry>();
  /** Those that the cluster could not take; they go first, and hold their lanes until then. */
  readonly #again = new Set<Entry>();
  /** How fast they may follow one another; undefined: as they come. */
  #pace: EventPace | undefined;
  #inFlight = 0;
  #isStopped = false;
  /** The cluster did not answer last time: one post at a time asks whether it does now. */
  #isDown = false;
  /** Set while it waits before it asks again. */
  #endRest: (() => void) | undefined;
  /** Set while the next one may not follow yet. */
  #cancelPause: Cancel | undefined;
  /** By what became of them, since the log last told. */
  readonly #dropped = new Map<string, { count: number; readonly cause: string }>();
  /** When the first of these was dropped. */
  #droppedSinceMs = 0;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Posts that wait for no timer: 0 when nothing will happen at this instant. */
  get running(): number {
    const isTimed = this.#endRest !== undefined || this.#cancelPause !== undefined;
    return this.#inFlight + (isTimed ? 0 : this.#queue.size + this.#again.size);
  }

  /** From now on they follow one another no faster than that. */
  follow(pace: EventPace): void {
    this.#pace = pace;
  }

  post(post: Post): void {
    this.#queue.add({ ...post, tries: 0 });
    if (this.#queue.size > QUEUE_MAX) {
      this.#queue.dropOldest();
      this.#drop("too many", `more than ${QUEUE_MAX} are waiting`);
    }
    this.#pump();
  }

  /** Still posts what is waiting, at once, but waits no more for a cluster that is not there. */
  stop(): void {
    this.#isStopped = true;
    this.#pace = undefined;
    this.#endRest?.();
    this.#pump();
  }

  #pump(): void {
    const limit = this.#isDown ? 1 : IN_FLIGHT_MAX;
    while (this.#endRest === undefined && this.#inFlight < limit && !this.#hasToPause()) {
      const entry = this.#take();
      if (entry === undefined) break;
      this.#pace?.spend();
      void this.#send(entry);
    }
    if (this.#queue.size + this.#again.size + this.#inFlight === 0) this.#tellDropped();
  }

  /** True while the next one has to wait; then it goes on by itself. */
  #hasToPause(): boolean {
    const waiting = this.#queue.size + this.#again.size;
    const waitMs = waiting === 0 ? 0 : this.#pace?.waitMs(waiting) ?? 0;
    if (waitMs === 0) {
      this.#cancelPause?.();
      this.#cancelPause = undefined;
      return false;
    }
    this.#cancelPause ??= this.#clock.after(waitMs, () => {
      this.#cancelPause = undefined;
      this.#pump();
    });
    return true;
  }

  #take(): Entry | undefined {
    for (const entry of this.#again) {
      this.#again.delete(entry);
      return entry;
    }
    return this.#queue.take();
  }

  async #send(entry: Entry): Promise<void> {
    this.#inFlight++;
    entry.tries++;
    let failure: unknown;
    try {
      await entry.send();
    } catch (error) {
      failure = error;
    }
    this.#inFlight--;
    this.#isDown = failure instanceof UnreachableError;
    if (this.#isDown || (failure instanceof Error && isBusy(failure))) {
      this.#tryLater(entry);
    } else {
      this.#queue.release(entry.lane);
      // After an answer that was lost, an earlier try came through after all.
      const isDone = failure === undefined || (entry.tries > 1 && isAlreadyExists(failure));
      if (!isDone) this.#drop("refused", String(failure));
    }
    this.#pump();
  }

  #tryLater(entry: Entry): void {
    if (this.#isStopped) {
      this.#dropAll();
    } else if (entry.tries === TRIES) {
      this.#queue.release(entry.lane);
      this.#drop("not taken", "the cluster cannot be reached");
    } else {
      this.#again.add(entry);
      this.#rest();
    }
  }

  #rest(): void {
    if (this.#endRest !== undefined) return;
    const end = () => {
      this.#endRest = undefined;
      cancel();
      this.#pump();
    };
    const cancel = this.#clock.after(RETRY_MS, end);
    this.#endRest = end;
  }

  #dropAll(): void {
    const count = this.#queue.size + this.#again.size + 1;
    this.#queue.clear();
    this.#again.clear();
    this.#drop("not taken", "the cluster cannot be reached", count);
  }

  /** Is told when nothing is left to be posted, or after a while. */
  #drop(what: string, cause: string, more = 1): void {
    const nowMs = this.#clock.monotonic();
    if (this.#dropped.size === 0) this.#droppedSinceMs = nowMs;
    const { count = 0 } = this.#dropped.get(what) ?? {};
    this.#dropped.set(what, { count: count + more, cause });
    if (nowMs - this.#droppedSinceMs >= TOLD_EVERY_MS) this.#tellDropped();
  }

  #tellDropped(): void {
    for (const fields of this.#dropped.values()) this.#log.warn("events were dropped", fields);
    this.#dropped.clear();
  }
}
