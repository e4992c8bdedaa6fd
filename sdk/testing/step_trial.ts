/** One plugin at work on a step of a made-up Rollout: what the laws of step plugins are made of. */
import type { HttpRequest, HttpResponse } from "../ports.ts";
import type { StepAnswer, StepCall, StepPlugin, StepPorts } from "../step_plugin.ts";
import type { Json } from "../wire/json.ts";
import type { StepService, StepSubject } from "./step_subject.ts";
import { Broken, frozen } from "./trial.ts";

const NOW_MS = 1_767_225_600_000;
const LOOKS_MAX = 20;
const STEP = "uid-of-web/7c9d8f/2026-01-01T00:00:00Z/2";

/** What came of a call. */
export type StepOutcome = { readonly answer: StepAnswer } | { readonly error: string };

export class StepTrial<Config> {
  readonly subject: StepSubject<Config>;
  readonly service: StepService;
  readonly requests: HttpRequest[] = [];
  /** Everything that was said: errors, logs, answers. */
  readonly said: string[] = [];
  /** What is struck out of all that comes out. */
  readonly concealed: string[] = [];
  readonly ending: AbortController = new AbortController();
  readonly #answer: StepService["answer"];
  #hanging: { readonly number: number; readonly reached: () => void } | undefined;

  constructor(subject: StepSubject<Config>, answer?: StepService["answer"]) {
    this.subject = subject;
    this.service = subject.service();
    this.#answer = answer ?? ((request) => this.service.answer(request));
  }

  get plugin(): StepPlugin<Config> {
    return this.subject.plugin;
  }

  call(operation: "Run" | "Terminate" | "Abort", number: number, status?: Json): StepCall<Config> {
    const told = status === undefined ? {} : { status: structuredClone(status) };
    return frozen({
      id: `${STEP}/${operation}/${number}`,
      step: STEP,
      rollout: {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Rollout",
        metadata: { name: "web", namespace: "shop", uid: "uid-of-web" },
        spec: {},
        status: { currentPodHash: "7c9d8f" },
      },
      stepIndex: 2,
      config: structuredClone(this.subject.config),
      ...told,
    });
  }

  /** From now on nobody answers the request of this number. Resolves when it comes. */
  hang(number: number): Promise<void> {
    return new Promise((reached) => {
      this.#hanging = { number, reached };
    });
  }

  async run(number = 1, status?: Json): Promise<StepOutcome> {
    return await this.outcomeOf(() =>
      this.plugin.run(this.call("Run", number, status), this.ports)
    );
  }

  /** Looks again and again, until it goes on no more. */
  async toEnd(): Promise<StepOutcome> {
    let status: Json | undefined;
    for (let number = 1; number <= LOOKS_MAX; number++) {
      const outcome = await this.run(number, status);
      if ("error" in outcome || outcome.answer.phase !== "Running") return outcome;
      ({ status } = outcome.answer);
      if (number === 2) this.service.finish();
    }
    throw new Broken(`it goes on after ${LOOKS_MAX} looks, though what it waits for is the case`);
  }

  async end(operation: "Terminate" | "Abort", status?: Json): Promise<StepOutcome> {
    const { plugin } = this;
    const method = operation === "Abort" ? plugin.abort : plugin.terminate;
    if (method === undefined) return { answer: { phase: "Successful" } };
    const call = this.call(operation, 1, status);
    return await this.outcomeOf(() => method.call(plugin, call, this.ports));
  }

  async outcomeOf(work: () => Promise<StepAnswer>): Promise<StepOutcome> {
    try {
      const answer = frozen(await work());
      this.said.push(JSON.stringify(answer) ?? "");
      return { answer };
    } catch (error) {
      if (error instanceof Broken) throw error;
      if (!(error instanceof Error)) throw new Broken(`it throws what is no Error: ${error}`);
      this.said.push(error.message);
      return { error: error.message };
    }
  }

  get ports(): StepPorts {
    const { keys = {} } = this.subject;
    return {
      now: () => NOW_MS,
      signal: this.ending.signal,
      fetch: (request) => this.#fetch(request),
      log: (_, message) => void this.said.push(message),
      secret: (name, key) => {
        const value = keys[`${name}/${key}`];
        const missing = new Error(`key '${key}' does not exist in secret '${name}'`);
        if (value === undefined) return Promise.reject(missing);
        this.concealed.push(value);
        return Promise.resolve(value);
      },
      conceal: (text) => void this.concealed.push(text),
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
    return { status: 200, headers: {}, body: "", ...this.#answer(request) };
  }
}
