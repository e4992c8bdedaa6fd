/** Sends spans in batches. A receiver that does not answer costs some memory, and nothing else. */
import { errorText } from "../../../sdk/wire/error_text.ts";
import type { Cancel, Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { HttpSender } from "../plugin_ports.ts";
import type { TraceSettings } from "./settings.ts";
import { type Span, spansJson } from "./span.ts";

/** Statuses with which a receiver says: later. */
const LATER: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface SpanExporterOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly http: HttpSender;
  readonly settings: TraceSettings;
  readonly version: string;
}

export class SpanExporter {
  readonly #options: SpanExporterOptions;
  #queue: Span[] = [];
  #dropped = 0;
  #isFailing = false;
  #isSending = false;
  #cancel: Cancel | undefined;

  constructor(options: SpanExporterOptions) {
    this.#options = options;
  }

  add(spans: readonly Span[]): void {
    const { queueMax } = this.#options.settings;
    this.#queue.push(...spans);
    const over = this.#queue.length - queueMax;
    if (over > 0) {
      // The newest are worth most.
      this.#queue.splice(0, over);
      this.#dropped += over;
    }
    this.#plan();
  }

  /** Sends what is left, once. */
  async close(): Promise<void> {
    this.#cancel?.();
    await this.#send();
    // For good: what comes now has nowhere to go.
    this.#isSending = true;
  }

  #plan(): void {
    if (this.#cancel !== undefined || this.#isSending || this.#queue.length === 0) return;
    const { clock, settings } = this.#options;
    this.#cancel = clock.after(settings.delayMs, () => {
      this.#cancel = undefined;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    const { batchMax } = this.#options.settings;
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, batchMax);
      const trouble = await this.#post(batch);
      if (trouble === undefined) {
        this.#noteSuccess();
        continue;
      }
      this.#noteFailure(trouble.why);
      if (!trouble.isPassing) continue;
      this.#queue.unshift(...batch);
      break;
    }
    this.#isSending = false;
    this.#plan();
  }

  /** What went wrong; passing: it may go well later. */
  async #post(batch: readonly Span[]): Promise<{ why: string; isPassing: boolean } | undefined> {
    const { http, settings, version } = this.#options;
    const { url, headers, resource, timeoutMs } = settings;
    try {
      const { status } = await http.send({
        method: "POST",
        url,
        headers: { ...headers, "Content-Type": "application/json" },
        body: spansJson(batch, { resource, version }),
        timeoutMs,
      });
      if (status >= 200 && status < 300) return undefined;
      return { why: `the receiver answered ${status}`, isPassing: LATER.has(status) };
    } catch (error) {
      return { why: errorText(error), isPassing: true };
    }
  }

  #noteSuccess(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#options.log.info("spans are sent again", { dropped: this.#dropped });
    this.#dropped = 0;
  }

  /** Said once, until it goes well again. */
  #noteFailure(why: string): void {
    const level = this.#isFailing ? "debug" : "warn";
    this.#isFailing = true;
    this.#options.log[level]("cannot send spans", { cause: why });
  }
}
