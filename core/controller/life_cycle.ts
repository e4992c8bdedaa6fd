/** In which order a controller begins and ends. */
import type { Engine, FreezeGuard } from "../engine/mod.ts";
import { type Clock, sleep } from "../ports/clock.ts";
import type { Fences, LeaderElection } from "./leadership/mod.ts";

const POLL_MS = 10;

export interface LifeCycleParts {
  readonly clock: Clock;
  readonly engine: Engine;
  readonly freezeGuard: FreezeGuard;
  /** Absent: this controller is alone. */
  readonly election: LeaderElection | undefined;
  /** Where a leader writes. */
  readonly fences: Fences;
}

export class LifeCycle {
  readonly #parts: LifeCycleParts;
  #isStopped = false;

  constructor(parts: LifeCycleParts) {
    this.#parts = parts;
  }

  start(): void {
    const { election } = this.#parts;
    if (election === undefined) return this.#begin();
    // Who leads at once lists everything once, and not again when it takes over.
    void election.start().then(() => this.#begin());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const { election, engine, fences, freezeGuard } = this.#parts;
    engine.stop();
    await this.#until(() => engine.passes === 0 && fences.writing === 0);
    // Nothing is on its way any more: others need to wait neither for our events nor for the Lease.
    await election?.release();
    await this.#until(() => engine.running === 0);
    freezeGuard.stop();
  }

  #begin(): void {
    if (this.#isStopped) return;
    this.#parts.engine.start();
    this.#parts.freezeGuard.start();
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await sleep(this.#parts.clock, POLL_MS);
  }
}
