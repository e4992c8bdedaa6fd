/** What kubelets and operators see of a controller: its probes and its metrics. */
import type { RequestObserver } from "../cluster/kube/mod.ts";
import type { ProcessUsage, Route } from "../cluster/system/mod.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { healthz, readyz } from "./probes.ts";
import { Reachability } from "./reachability.ts";
import { type ControllerSight, readinessOf } from "./readiness.ts";
import { Rights } from "./rights.ts";
import type { RunningController } from "./run_controller.ts";
import {
  ControllerMetrics,
  metricsRoute,
  processFamilies,
  RequestMetrics,
} from "./telemetry/mod.ts";

export interface OperationsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** The URL of the API server. */
  readonly server: string;
  readonly version: string;
  /** What it runs on: `linux/x86_64`, `deno 2.9.6`. */
  readonly build: { readonly platform: string; readonly runtime: string };
  readonly usage: () => ProcessUsage;
}

export class Operations {
  /** Is told by the controller what it does. */
  readonly metrics: ControllerMetrics;
  /** Is told by the connection what is asked and answered. */
  readonly observer: RequestObserver;
  /** Set once it runs. */
  controller: RunningController | undefined;
  isStopping = false;
  /** Set where several controllers agree on one that leads. */
  election: {
    readonly holder: string | undefined;
    readonly trouble: string | undefined;
    term(): unknown;
  } | undefined;
  readonly #options: OperationsOptions;
  readonly #reachability: Reachability;
  readonly #requests: RequestMetrics;
  readonly #rights: Rights;

  constructor(options: OperationsOptions) {
    const { clock, server } = options;
    const reachability = new Reachability(clock);
    const requests = new RequestMetrics(server);
    const rights = new Rights(options);
    this.#options = options;
    this.#rights = rights;
    this.#reachability = reachability;
    this.#requests = requests;
    this.metrics = new ControllerMetrics(clock);
    this.observer = {
      admitted: (call, waitedMs) => requests.admitted(call, waitedMs),
      answered(call, answer) {
        reachability.answered(call, answer);
        requests.answered(call, answer);
        rights.answered(call, answer);
      },
      notPermitted: (call, message) => rights.notPermitted(call, message),
      failed(call, failure) {
        reachability.failed(call, failure);
        requests.failed(call, failure);
      },
    };
  }

  /** By the names of the flags that choose their ports. */
  get routes(): Readonly<Record<"healthzPort" | "metricsPort", Record<string, Route>>> {
    return {
      healthzPort: { "/healthz": healthz, "/readyz": readyz(() => this.#readiness()) },
      metricsPort: { "/metrics": metricsRoute(() => this.#scrape()) },
    };
  }

  #readiness() {
    return readinessOf({
      isStopping: this.isStopping,
      outage: this.#reachability.outage,
      caches: this.controller?.caches() ?? [],
      rights: this.#rights.missing,
      ...this.#standing(),
    });
  }

  #standing(): Pick<ControllerSight, "standingBy" | "leadershipTrouble"> {
    if (this.election === undefined || this.election.term() !== undefined) return {};
    const { holder, trouble } = this.election;
    return {
      standingBy: holder === undefined ? "nobody leads yet" : `${holder} leads`,
      leadershipTrouble: trouble,
    };
  }

  #scrape(): Iterable<string> {
    const { build, usage, version } = this.#options;
    return this.metrics.text((type) => this.controller?.objects(type) ?? [], (isRollout) => [
      ...this.#requests.families(isRollout),
      ...processFamilies(usage(), { version, ...build }),
    ]);
  }
}
