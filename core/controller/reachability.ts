/** Since when an API server has not answered, or not accepted who we are. */
import type { RequestObserver } from "../cluster/kube/mod.ts";
import type { Clock } from "../ports/clock.ts";

const UNAUTHORIZED = 401;

export interface Outage {
  readonly sinceMs: number;
  /** What was the matter with the last request. */
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

  answered(_call: unknown, { status }: { readonly status: number }): void {
    // It would answer each request so: nothing goes on.
    if (status === UNAUTHORIZED) this.#begin("it does not accept who we are (401 Unauthorized)");
    else this.#outage = undefined;
  }

  failed(_call: unknown, { error }: { readonly error: Error }): void {
    this.#begin(error.message);
  }

  #begin(why: string): void {
    this.#outage = { sinceMs: this.#outage?.sinceMs ?? this.#clock.now(), why };
  }
}
