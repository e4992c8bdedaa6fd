/** One notifier at work in one made-up world: what the laws of notifiers are made of. */
import type { Delivery, NotifierPorts, NotifyCall } from "../notifier.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import type { NotifierSubject, ServiceAnswer } from "./notifier_subject.ts";
import { Broken, frozen } from "./trial.ts";

/** The moment at which everything happens. */
export const NOW_MS: number = 1_767_225_600_000;
export const MESSAGE: string = 'Rollout web has been completed: "done" & <well>.';

/** What came of a call. */
export type Outcome = Delivery | { readonly is: "failed"; readonly error: string };

export class NotifierTrial {
  readonly subject: NotifierSubject;
  readonly requests: HttpRequest[] = [];
  /** Everything that was said: errors, logs, refusals. */
  readonly said: string[] = [];
  readonly concealed: string[] = [];
  readonly ending: AbortController = new AbortController();
  readonly #memory = new Map<string, string>();
  #answer: ServiceAnswer | undefined;
  #hanging: { readonly number: number; readonly reached: () => void } | undefined;

  constructor(
    subject: NotifierSubject,
    answer: ServiceAnswer | undefined = subject.answer ?? (() => ({})),
  ) {
    this.subject = subject;
    this.#answer = answer;
  }

  /** From now on the service answers so. */
  become(answer: ServiceAnswer): void {
    this.#answer = answer;
  }

  /** From now on nobody answers the request of this number. Resolves when it comes. */
  hang(number: number): Promise<void> {
    return new Promise((reached) => {
      this.#hanging = { number, reached };
    });
  }

  get call(): NotifyCall {
    const { config, recipient, content = {}, message = MESSAGE, notifier } = this.subject;
    return frozen({
      id: "0123456789abcdef",
      service: notifier.name,
      recipient,
      config: structuredClone(config),
      message,
      content: structuredClone(content),
      about: {
        kind: "Rollout",
        namespace: "shop",
        name: "web",
        trigger: "on-rollout-completed",
        template: "rollout-completed",
      },
    });
  }

  async send(call: NotifyCall = this.call): Promise<Outcome> {
    try {
      const delivery = frozen(await this.subject.notifier.send(call, this.ports));
      if (delivery.is !== "sent") this.said.push(delivery.message);
      return delivery;
    } catch (error) {
      if (error instanceof Broken) throw error;
      if (!(error instanceof Error)) throw new Broken(`it throws what is no Error: ${error}`);
      this.said.push(error.message);
      return { is: "failed", error: error.message };
    }
  }

  /** What was said, with what the core strikes out. */
  get told(): string {
    const { secrets = [] } = this.subject;
    return [...this.concealed, ...secrets].reduce(
      (text, secret) => secret === "" ? text : text.replaceAll(secret, "*****"),
      this.said.join("\n"),
    );
  }

  get ports(): NotifierPorts {
    const { settings = {}, files = {} } = this.subject;
    const file = (path: string) =>
      files[path] === undefined
        ? Promise.reject(new Error(`Cannot read the file "${path}"`))
        : Promise.resolve(files[path]);
    return {
      now: () => NOW_MS,
      signal: this.ending.signal,
      fetch: (request) => this.#fetch(request),
      log: (_, message) => void this.said.push(message),
      conceal: (text) => void this.concealed.push(text),
      setting: (name) => settings[name],
      settingFile: async (name) => {
        const path = settings[name];
        return path === undefined ? undefined : await file(path);
      },
      file,
      memory: {
        get: (name) => this.#memory.get(name),
        set: (name, value) => void this.#memory.set(name, value),
      },
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
    if (this.#answer === undefined) throw new Error("Cannot reach the service: nobody answers");
    return { status: 200, headers: {}, body: "", ...this.#answer(request) };
  }
}
