/** Rollouts that wait for nothing but another try, such as an eviction that a budget forbids. */
import { ANALYSIS_CONTROLLER } from "../analysis/mod.ts";
import type { PassReport } from "../engine/mod.ts";

/** The budget itself may learn late of what the first try needs. */
const TRIES_MAX = 2;

/** Tries of each Rollout in a row that changed nothing. */
export class Retries {
  readonly #fruitless = new Map<string, number>();

  note({ controller, key: name, decision, applied, status }: PassReport): void {
    // A run that goes on measuring says itself whether that may bring something.
    if (controller === ANALYSIS_CONTROLLER) return;
    const key = `${controller} ${name}`;
    const isQuiet = applied.writes === 0 && status !== "written";
    const isFruitless = decision.isRetry === true && isQuiet;
    if (isFruitless) this.#fruitless.set(key, (this.#fruitless.get(key) ?? 0) + 1);
    else this.#fruitless.delete(key);
  }

  /** True while a next try may bring something: without the world's help a third one will not. */
  get arePromising(): boolean {
    return [...this.#fruitless.values()].some((tries) => tries < TRIES_MAX);
  }
}
