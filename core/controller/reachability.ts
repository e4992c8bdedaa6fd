/** Since when an API server has not answered. */
import type { RequestObserver } from "../cluster/kube/mod.ts";
import type { Clock } from "../ports/clock.ts";

export interface Outage {
  readonly sinceMs: number;
  /** What the last request that failed said. */
  readonly why: string;
}

export class Reachability implements RequestObserver {
  readonly #clock: Clock;
  #outage: Outage | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined: it answered the last time. */
  get outage(): Outage | undefined {
    return this.#outage;
  }

  answered(): void {
    this.#outage = undefined;
  }

  failed(_call: unknown, { error }: { readonly error: Error }): void {
    this.#outage = { sinceMs: this.#outage?.sinceMs ?? this.#clock.now(), why: error.message };
  }
}
