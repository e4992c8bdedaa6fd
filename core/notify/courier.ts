/** One try to bring a message to its recipient: deadline, memory, and nothing secret told. */
import type { NotifierMemory, NotifierPorts } from "../../sdk/notifier.ts";
import type { HttpRequest, HttpResponse, PluginPorts } from "../../sdk/ports.ts";
import { Redaction } from "../analysis/redaction.ts";
import { DeadlineError, withDeadline } from "../engine/deadline.ts";
import type { Clock } from "../ports/clock.ts";
import type { RawConfig, Service } from "./config.ts";
import type { Attempt } from "./message_queue.ts";
import type { Outgoing } from "./outgoing.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

const DEADLINE_MS = 30_000;
/** Texts that one service remembers. */
const MEMORY_MAX = 10_000;

export interface CourierOptions {
  readonly clock: Clock;
  readonly ports: PluginPorts;
  readonly settings: Pick<NotifierPorts, "setting" | "settingFile" | "file">;
  /** As `ports.fetch`; the signal ends it early. */
  readonly fetch: (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;
  /** The service as it is configured now; undefined: it is gone. */
  readonly serviceNow: (outgoing: Outgoing) => Promise<Service | undefined>;
  /** The configuration that the message comes from: its secrets are struck out. */
  readonly secretsOf: (namespace: string) => RawConfig["secrets"];
}

export class Courier {
  readonly #options: CourierOptions;
  readonly #memories = new Map<string, NotifierMemory>();

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async attempt(outgoing: Outgoing): Promise<Attempt> {
    const { clock, secretsOf } = this.#options;
    const redaction = new Redaction();
    for (const secret of Object.values(secretsOf(outgoing.namespace))) redaction.add(secret);
    try {
      const service = await this.#options.serviceNow(outgoing) ?? outgoing.service;
      const { notifier, config } = service;
      const { id, recipient, message, content, about } = outgoing;
      const call = { id, service: service.name, recipient, config, message, content, about };
      const delivery = await withDeadline(
        (signal) => notifier.send(call, this.#ports(outgoing, redaction, signal)),
        {
          clock,
          deadlineMs: notifier.deadlineMs?.(config) ?? DEADLINE_MS,
          what: `answer of ${service.name}`,
        },
      );
      if (delivery.is === "sent") return delivery;
      return { ...delivery, message: redaction.text(delivery.message) };
    } catch (error) {
      const text = errorText(error);
      const message = error instanceof DeadlineError ? text : redaction.text(text);
      return { is: "failed", message };
    }
  }

  #ports(outgoing: Outgoing, redaction: Redaction, signal: AbortSignal): NotifierPorts {
    const { ports, fetch, settings } = this.#options;
    return {
      ...settings,
      now: () => ports.now(),
      fetch: (request) => fetch(request, signal),
      log: (level, message) => ports.log(level, redaction.text(message)),
      signal,
      conceal: (text) => redaction.add(text),
      memory: this.#memoryOf(outgoing),
    };
  }

  #memoryOf({ namespace, service }: Outgoing): NotifierMemory {
    const name = JSON.stringify([namespace, service.name]);
    const present = this.#memories.get(name);
    if (present !== undefined) return present;
    const memory = new Memory();
    this.#memories.set(name, memory);
    return memory;
  }
}

/** The texts used last. */
class Memory implements NotifierMemory {
  readonly #texts = new Map<string, string>();

  get(name: string): string | undefined {
    const text = this.#texts.get(name);
    if (text !== undefined) this.set(name, text);
    return text;
  }

  set(name: string, value: string): void {
    this.#texts.delete(name);
    this.#texts.set(name, value);
    if (this.#texts.size <= MEMORY_MAX) return;
    for (const oldest of this.#texts.keys()) {
      this.#texts.delete(oldest);
      return;
    }
  }
}
