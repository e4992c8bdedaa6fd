/**
 * A process that can be frozen: its timers, the answers to its calls and its watch events wait until
 * it is thawed, and then come in the order that the test wants.
 */
import type { Cancel, Clock } from "../../../core/ports/clock.ts";
import type { Cluster, WatchSink, WriteGuard } from "../../../core/ports/cluster.ts";

/** What waits: a timer, an answer, an event of a watch, or a call that has yet to leave. */
export type Held = "timer" | "answer" | "call" | "services" | "rollouts" | "replicasets" | "other";

interface Waiting {
  readonly held: Held;
  readonly run: () => void;
}

export class Freezer {
  #isFrozen = false;
  #waiting: Waiting[] = [];

  freeze(): void {
    this.#isFrozen = true;
  }

  /** Lets go of what waits, those of `first` first; the process reacts to each before the next. */
  async thaw(first: readonly Held[], react: () => Promise<void>): Promise<void> {
    this.#isFrozen = false;
    const place = ({ held }: Waiting) =>
      (first.indexOf(held) + first.length + 1) % (first.length + 1);
    const waiting = this.#waiting.sort((a, b) => place(a) - place(b));
    this.#waiting = [];
    for (const { run } of waiting) {
      run();
      await react();
    }
  }

  #hold(held: Held, run: () => void): void {
    if (this.#isFrozen) this.#waiting.push({ held, run });
    else run();
  }

  clock(inner: Clock): Clock {
    return {
      now: () => inner.now(),
      monotonic: () => inner.monotonic(),
      after: (delayMs, callback): Cancel => {
        let isCancelled = false;
        const ring = () => {
          if (!isCancelled) callback();
        };
        const cancel = inner.after(delayMs, () => this.#hold("timer", ring));
        return () => {
          isCancelled = true;
          cancel();
        };
      },
    };
  }

  cluster(inner: Cluster): Cluster {
    return {
      get: (type, ref) => this.#call(() => inner.get(type, ref)),
      list: (type, selection) => this.#call(() => inner.list(type, selection)),
      watch: (type, options, sink) => {
        const plural = type.plural as Held;
        const known: Held[] = ["services", "rollouts", "replicasets"];
        const held = known.includes(plural) ? plural : "other";
        return inner.watch(type, options, this.#sink(sink, held));
      },
      create: (type, object, options) =>
        this.#call(() => inner.create(type, object, options), options?.guard),
      update: (type, object, options) =>
        this.#call(() => inner.update(type, object, options), options?.guard),
      patch: (type, ref, patch, options) =>
        this.#call(() => inner.patch(type, ref, patch, options), options?.guard),
      delete: (type, ref, options) =>
        this.#call(() => inner.delete(type, ref, options), options?.guard),
    };
  }

  #sink(sink: WatchSink, held: Held): WatchSink {
    return {
      event: (event) => this.#hold(held, () => sink.event(event)),
      end: (error) => this.#hold(held, () => sink.end(error)),
    };
  }

  /** As an adapter does, it looks at the guard right before a call leaves. */
  #call<Answer>(make: () => Promise<Answer>, guard?: WriteGuard): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        try {
          guard?.();
        } catch (error) {
          return reject(error);
        }
        make().then(
          (answer) => this.#hold("answer", () => resolve(answer)),
          (error) => this.#hold("answer", () => reject(error)),
        );
      };
      this.#hold("call", leave);
    });
  }
}
