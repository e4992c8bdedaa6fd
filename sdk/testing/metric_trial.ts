/** One provider at work in one made-up world: what the laws of providers are made of. */
import type {
  MetricCall,
  MetricPorts,
  MetricProvider,
  Reading,
  RunningCall,
} from "../metric_provider.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import { MemoryCluster } from "./memory_cluster.ts";
import type { MetricSubject, SourceAnswer } from "./metric_subject.ts";
import { Broken, frozen } from "./trial.ts";

/** The moment at which everything happens. */
export const NOW_MS: number = 1_767_225_600_000;

const LOOKS_MAX = 20;

/** What came of a measurement. */
export type Outcome = { readonly reading: Reading } | { readonly error: string };

export class MetricTrial<Config> {
  readonly subject: MetricSubject<Config>;
  readonly cluster: MemoryCluster = new MemoryCluster();
  readonly requests: HttpRequest[] = [];
  /** Everything that was said: errors, logs, readings. */
  readonly said: string[] = [];
  /** What is struck out of all that comes out: values of Secrets, and what was made of them. */
  readonly concealed: string[] = [];
  readonly ending: AbortController = new AbortController();
  #answer: SourceAnswer | undefined;
  /** The number of the request that nobody answers, and who is told when it comes. */
  #hanging: { readonly number: number; readonly reached: () => void } | undefined;

  constructor(subject: MetricSubject<Config>, answer: SourceAnswer | undefined = subject.answer) {
    this.subject = subject;
    this.#answer = answer;
  }

  get provider(): MetricProvider<Config> {
    return this.subject.provider;
  }

  call(number = 1): MetricCall<Config> {
    return frozen({
      id: `uid-of-run/rate/${number}`,
      run: { namespace: "shop", name: "run", uid: "uid-of-run", startedAtMs: NOW_MS },
      metric: "rate",
      number,
      config: structuredClone(this.subject.config),
    });
  }

  running({ metadata = {} }: Extract<Reading, { is: "running" }>, number = 1): RunningCall<Config> {
    return frozen({ ...this.call(number), startedAtMs: NOW_MS, metadata: { ...metadata } });
  }

  /** From now on nobody answers the request of this number. Resolves when it comes. */
  hang(number: number): Promise<void> {
    return new Promise((reached) => {
      this.#hanging = { number, reached };
    });
  }

  /** Begins a measurement; what it says is kept. */
  async begin(number = 1): Promise<Outcome> {
    return await this.outcomeOf(() => this.provider.run(this.call(number), this.ports));
  }

  /** Measures to the end, through all that goes on. */
  async measure(number = 1): Promise<Outcome> {
    const { finish } = this.subject;
    let outcome = await this.begin(number);
    if (finish !== undefined) this.cluster.edit(finish);
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      if ("error" in outcome || outcome.reading.is !== "running") return outcome;
      const call = this.running(outcome.reading, number);
      outcome = await this.outcomeOf(async () => {
        if (this.provider.resume === undefined) throw new Broken("it goes on and has no resume");
        return await this.provider.resume(call, this.ports);
      });
    }
    throw new Broken(`it goes on after ${LOOKS_MAX} looks, though its objects are through`);
  }

  async outcomeOf(work: () => Promise<Reading>): Promise<Outcome> {
    try {
      const reading = frozen(await work());
      this.said.push(textOf(reading));
      return { reading };
    } catch (error) {
      if (error instanceof Broken) throw error;
      if (!(error instanceof Error)) throw new Broken(`it throws what is no Error: ${error}`);
      this.said.push(error.message);
      return { error: error.message };
    }
  }

  get ports(): MetricPorts {
    const { keys = {}, settings = {}, files = {} } = this.subject;
    return {
      now: () => NOW_MS,
      signal: this.ending.signal,
      fetch: (request) => this.#fetch(request),
      log: (_, message) => void this.said.push(message),
      secret: (_, name, key) => {
        const value = keys[`${name}/${key}`];
        const missing = new Error(`key '${key}' does not exist in secret '${name}'`);
        if (value === undefined) return Promise.reject(missing);
        this.concealed.push(value);
        return Promise.resolve(value);
      },
      conceal: (text) => void this.concealed.push(text),
      setting: (name) => settings[name],
      settingFile: (name) => Promise.resolve(files[name]),
      evaluateTime: () => NOW_MS,
      cluster: this.cluster,
    };
  }

  async #fetch(request: HttpRequest): Promise<HttpResponse> {
    const { signal } = this.ending;
    this.requests.push(request);
    signal.throwIfAborted();
    if (this.requests.length === this.#hanging?.number) {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener("abort", () => reject(signal.reason));
      this.#hanging.reached();
      return await promise;
    }
    if (this.#answer === undefined) throw new Error("Cannot reach the source: nobody answers");
    return { status: 200, headers: {}, body: "", ...this.#answer(request) };
  }
}

/** JSON that tells NaN and infinities apart. */
export function textOf(value: unknown): string {
  return JSON.stringify(
    value,
    (_, each) => typeof each === "number" && !Number.isFinite(each) ? String(each) : each,
  ) ?? "undefined";
}
