/**
 * Has questions answered: a bounded number of each kind at a time, each within its deadline. A kind
 * that is full delays its own questions and no others.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import { withDeadline } from "./deadline.ts";
import type { Answerer, Question } from "./inquiry.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

const LIMIT = 10;

/** How a question came out. */
export type AnswerOutcome =
  | { readonly isAnswered: true; readonly value: unknown }
  | { readonly isAnswered: false; readonly reason: string };

/** A question to be answered. */
export interface Request {
  readonly question: Question;
  readonly deadlineMs: number;
  /** Its turn has come. */
  readonly onBegin: () => void;
  readonly onEnd: (outcome: AnswerOutcome) => void;
}

/** One that is under way, or waits for its turn. */
interface Pending extends Request {
  readonly abort: AbortController;
  isCancelled: boolean;
}

/** The questions of one kind. */
interface Kind {
  readonly answerer: Answerer;
  readonly waiting: Set<Pending>;
  running: number;
}

export class AnswerDesk {
  readonly #clock: Clock;
  readonly #kinds = new Map<string, Kind>();

  constructor(answerers: ReadonlyMap<string, Answerer>, clock: Clock) {
    this.#clock = clock;
    for (const [kind, answerer] of answerers) {
      this.#kinds.set(kind, { answerer, waiting: new Set(), running: 0 });
    }
  }

  /** Questions under way, or waiting for that, but for those whose answer waits for the clock. */
  get running(): number {
    let running = 0;
    for (const kind of this.#kinds.values()) {
      if (kind.answerer.waitsForClock !== true) running += kind.running + kind.waiting.size;
    }
    return running;
  }

  /** Questions whose answer waits for the clock. */
  get waitingForClock(): number {
    let waiting = 0;
    for (const kind of this.#kinds.values()) {
      if (kind.answerer.waitsForClock === true) waiting += kind.running + kind.waiting.size;
    }
    return waiting;
  }

  /** True when what it answers may be older than a write of ours. */
  readsCluster({ kind }: Question): boolean {
    return this.#kinds.get(kind)?.answerer.readsCluster === true;
  }

  /**
   * Asks, now or when it is this question's turn. `onBegin` and `onEnd` are called once each, never
   * before this call returns, and not after the question was cancelled.
   */
  ask(request: Request): Cancel {
    const pending: Pending = { ...request, abort: new AbortController(), isCancelled: false };
    const kind = this.#kinds.get(request.question.kind);
    kind?.waiting.add(pending);
    queueMicrotask(() => {
      if (kind === undefined) refuse(pending);
      else this.#begin(kind);
    });
    return () => {
      pending.isCancelled = true;
      kind?.waiting.delete(pending);
      pending.abort.abort();
    };
  }

  #begin(kind: Kind): void {
    for (const pending of kind.waiting) {
      if (kind.running >= (kind.answerer.limit ?? LIMIT)) return;
      kind.waiting.delete(pending);
      kind.running++;
      void this.#answer(kind, pending);
    }
  }

  async #answer(kind: Kind, pending: Pending): Promise<void> {
    const { question, deadlineMs, abort } = pending;
    pending.onBegin();
    let outcome: AnswerOutcome;
    try {
      const value = await withDeadline((signal) => kind.answerer.answer(question, signal), {
        clock: this.#clock,
        deadlineMs,
        what: "answer",
        abort,
      });
      outcome = { isAnswered: true, value };
    } catch (error) {
      const reason = errorText(error);
      outcome = { isAnswered: false, reason };
    }
    kind.running--;
    this.#begin(kind);
    if (!pending.isCancelled) pending.onEnd(outcome);
  }
}

function refuse(pending: Pending): void {
  if (pending.isCancelled) return;
  const reason = `nobody is registered to answer "${pending.question.kind}"`;
  pending.onBegin();
  pending.onEnd({ isAnswered: false, reason });
}
