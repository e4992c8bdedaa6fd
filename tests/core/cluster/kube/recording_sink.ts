import type { WatchEvent, WatchSink } from "../../../../core/ports/mod.ts";

/** Keeps what a watch told. */
export class RecordingSink implements WatchSink {
  readonly events: WatchEvent[] = [];
  /** Resolves with what `end` was called with. */
  readonly ended: Promise<Error | undefined>;
  ends = 0;
  readonly #end: (error: Error | undefined) => void;
  readonly #onEvent: ((event: WatchEvent) => void) | undefined;
  #waiting: { count: number; resolve: () => void }[] = [];

  constructor(onEvent?: (event: WatchEvent) => void) {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.ended = promise;
    this.#end = resolve;
    this.#onEvent = onEvent;
  }

  event(event: WatchEvent): void {
    this.events.push(event);
    this.#onEvent?.(event);
    for (const { count, resolve } of this.#waiting) if (this.events.length >= count) resolve();
  }

  end(error?: Error): void {
    this.ends++;
    this.#end(error);
  }

  /** Resolves when so many events have come. */
  async received(count: number): Promise<void> {
    if (this.events.length >= count) return;
    await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }

  /** The names of the objects, in order. */
  get names(): string[] {
    return this.events.map(({ object }) => object.metadata.name);
  }
}
