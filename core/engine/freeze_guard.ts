/**
 * Notices that the process stood still: stopped, swapped out, moved to another machine. What it
 * knew is the past then, and others may have acted meanwhile. Nothing may be written that was
 * decided before, and no pass may begin until every cache has been filled anew.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { type Fence, OutdatedError } from "./fence.ts";
import type { UnseenTime } from "./unseen.ts";

/** How often the clock is looked at when nothing else happens. */
const BEAT_MS = 1_000;
/** Two looks so far apart: something kept the process from running. */
const GAP_MS = 3_000;
/** A pass that takes longer decides again: its snapshot is too old to act on. */
const SNAPSHOT_MAX_MS = 5_000;

export class FreezeGuard {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onThaw: ((time: Required<UnseenTime>) => void)[] = [];
  #lookedAtMs: number;
  /** The same by the other clock, which goes on while the machine sleeps. */
  #lookedAtNowMs: number;
  /** How often the process has stood still. */
  #freezes = 0;
  #cancel: Cancel | undefined;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
    this.#lookedAtMs = clock.monotonic();
    this.#lookedAtNowMs = clock.now();
  }

  /** Called when it is noticed that the process stood still. */
  onThaw(listener: (stoodStill: Required<UnseenTime>) => void): void {
    this.#onThaw.push(listener);
  }

  start(): void {
    this.#cancel ??= this.#clock.after(BEAT_MS, () => {
      this.#cancel = undefined;
      this.look();
      this.start();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Looks at the clock; whoever is about to rely on a cache does so first. */
  look(): void {
    const [monotonicMs, nowMs] = [this.#clock.monotonic(), this.#clock.now()];
    const gapMs = Math.max(monotonicMs - this.#lookedAtMs, nowMs - this.#lookedAtNowMs);
    [this.#lookedAtMs, this.#lookedAtNowMs] = [monotonicMs, nowMs];
    if (gapMs <= GAP_MS) return;
    this.#freezes++;
    this.#log.warn("the process was suspended; listing everything again before it continues", {
      gapMs: Math.round(gapMs),
    });
    const stoodStill = { fromMs: nowMs - gapMs, toMs: nowMs };
    for (const listener of this.#onThaw) listener(stoodStill);
  }

  /** For a pass that takes its snapshot now. */
  fence(): Fence {
    const freezes = this.#freezes;
    const startedAtMs = this.#clock.monotonic();
    return {
      check: () => {
        this.look();
        const ageMs = this.#clock.monotonic() - startedAtMs;
        if (this.#freezes === freezes && ageMs <= SNAPSHOT_MAX_MS) return;
        throw new OutdatedError(
          `Cannot write what was decided ${Math.round(ageMs)} ms ago: the world may have changed`,
        );
      },
    };
  }
}
