/** Requests to the API server: as Argo Rollouts counts them, and as client-go does. */
import { ROLLOUTS } from "../../api/names/resources.ts";
import type { Call, RequestObserver } from "../../cluster/kube/mod.ts";
import { type Key, keyOf } from "../../engine/mod.ts";
import type { Family } from "./exposition.ts";
import { Counter, Histogram } from "./instruments.ts";

/** What stands for a name where names would have no end. */
const NO_NAME = "N/A";
const BOUNDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

export class RequestMetrics implements RequestObserver {
  readonly #host: string;
  readonly #requests = new Counter({
    name: "controller_clientset_k8s_request_total",
    help: "Requests to the API server.",
    labels: ["kind", "namespace", "name", "verb", "status_code"],
  });
  readonly #byCode = new Counter({
    name: "rest_client_requests_total",
    help: "Requests to the API server, by status code, method and host.",
    labels: ["code", "host", "method"],
  });
  readonly #durations = new Histogram({
    name: "rest_client_request_duration_seconds",
    help: "Seconds until the head of an answer, by verb and host.",
    labels: ["host", "verb"],
    bounds: BOUNDS,
  });
  readonly #held = new Histogram({
    name: "rest_client_rate_limiter_duration_seconds",
    help: "Seconds for which our own limits held a request back, by verb and host.",
    labels: ["host", "verb"],
    bounds: BOUNDS,
  });

  /** `server`: the URL of the API server. */
  constructor(server: string) {
    this.#host = URL.parse(server)?.host ?? server;
  }

  admitted({ verb }: Call, waitedMs: number): void {
    this.#held.observe({ host: this.#host, verb: verb.toUpperCase() }, waitedMs / 1000);
  }

  answered(call: Call, { status, tookMs }: { status: number; tookMs: number }): void {
    const { verb, target: { type, namespace = "", name } } = call;
    this.#requests.add({
      kind: type.plural,
      namespace,
      // Names of other kinds are made anew for each update: their series would have no end.
      name: type === ROLLOUTS && name !== undefined ? name : NO_NAME,
      verb: `${verb.charAt(0).toUpperCase()}${verb.slice(1)}`,
      status_code: String(status),
    });
    this.#count(call, { code: String(status), tookMs });
  }

  failed(call: Call, { tookMs, isAnswered }: { tookMs: number; isAnswered: boolean }): void {
    if (!isAnswered) this.#count(call, { code: "<error>", tookMs });
  }

  /** Series of Rollouts that are gone go with them. */
  families(isPresent: (key: Key) => boolean): Family[] {
    this.#requests.keep(({ namespace, name }) =>
      name === NO_NAME || isPresent(keyOf(namespace, name))
    );
    const all = [this.#requests, this.#byCode, this.#durations, this.#held];
    return all.map((each) => each.family());
  }

  #count({ method, verb }: Call, { code, tookMs }: { code: string; tookMs: number }): void {
    const host = this.#host;
    this.#byCode.add({ code, host, method });
    this.#durations.observe({ host, verb: verb.toUpperCase() }, tookMs / 1000);
  }
}
