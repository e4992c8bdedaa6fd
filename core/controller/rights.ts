/** Which rights the controller does not have, as the API server said: told once each. */
import { PODS } from "../api/names/resources.ts";
import type { Call, RequestObserver } from "../cluster/kube/mod.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";

/** A right that is missing. */
export interface MissingRight {
  /** `patch pods` */
  readonly what: string;
  readonly why: string;
  readonly sinceMs: number;
}

export class Rights implements RequestObserver {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #missing = new Map<string, MissingRight>();

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** In the order in which they were missed. */
  get missing(): readonly MissingRight[] {
    return [...this.#missing.values()];
  }

  answered(call: Call, { status }: { readonly status: number }): void {
    if (status >= 300 || this.#missing.size === 0) return;
    const what = rightOf(call);
    if (this.#missing.delete(what)) this.#log.info("a right is there now", { right: what });
  }

  notPermitted(call: Call, why: string): void {
    // Of what cannot be listed or watched, the caches tell; pods are in none.
    const isOfCaches = call.verb === "list" || call.verb === "watch";
    if (isOfCaches && call.resource !== PODS.plural) return;
    const what = rightOf(call);
    if (this.#missing.has(what)) return;
    this.#missing.set(what, { what, why, sinceMs: this.#clock.now() });
    this.#log.warn("a right is missing; going on with all that does not need it", {
      right: what,
      cause: why,
      help: "`sluice manifests` prints a role that has it",
    });
  }

  failed(): void {}
}

function rightOf({ verb, resource }: Call): string {
  return `${verb} ${resource}`;
}
