/** In which order a controller begins and ends. */
import type { Engine, FreezeGuard } from "../engine/mod.ts";
import { type Clock, sleep } from "../ports/clock.ts";
import type { Fences, LeaderElection, OtherControllers } from "./leadership/mod.ts";

const POLL_MS = 10;

/** What works together: an engine, for all namespaces or for one. */
export interface Crew {
  readonly engine: Engine;
  readonly freezeGuard: FreezeGuard;
  /** Where a leader writes. */
  readonly fences: Fences;
}

export interface LifeCycleParts {
  readonly clock: Clock;
  readonly crews: readonly Crew[];
  /** Absent: this controller is alone. */
  readonly election: LeaderElection | undefined;
  /** Finds controllers that must not act beside this one; absent: nobody looks for them. */
  readonly others: OtherControllers | undefined;
}

export class LifeCycle {
  readonly #parts: LifeCycleParts;
  readonly #refusal = Promise.withResolvers<string>();
  #isStopped = false;
  #beginning: Promise<void> = Promise.resolve();

  constructor(parts: LifeCycleParts) {
    this.#parts = parts;
  }

  /** Resolves when this controller must not start, with the reason; it has done nothing then. */
  get refused(): Promise<string> {
    return this.#refusal.promise;
  }

  start(): void {
    const { election, others } = this.#parts;
    if (election === undefined && others === undefined) this.#begin();
    else this.#beginning = this.#beginInTurn();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#parts.others?.stop();
    await this.#beginning;
    const { crews, election } = this.#parts;
    for (const { engine } of crews) engine.stop();
    await this.#until(() =>
      crews.every(({ engine, fences }) => engine.passes === 0 && fences.writing === 0)
    );
    // Nothing is on its way any more: others need to wait neither for our events nor for the Lease.
    await election?.release();
    await this.#until(() => crews.every(({ engine }) => engine.running === 0));
    for (const { freezeGuard } of crews) freezeGuard.stop();
  }

  async #beginInTurn(): Promise<void> {
    const { election, others } = this.#parts;
    const refusal = await others?.find();
    if (refusal !== undefined) return this.#refusal.resolve(refusal);
    if (this.#isStopped) return;
    // Who leads at once lists everything once, and not again when it takes over.
    await election?.start();
    this.#begin();
  }

  #begin(): void {
    if (this.#isStopped) return;
    for (const { engine, freezeGuard } of this.#parts.crews) {
      engine.start();
      freezeGuard.start();
    }
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await sleep(this.#parts.clock, POLL_MS);
  }
}
