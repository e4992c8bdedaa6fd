/**
 * The inquiries of one controller's keys, and what is known of each. An inquiry lives as long as
 * the passes over its key name it; a restart asks anew.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { AnswerDesk, AnswerOutcome } from "./answer_desk.ts";
import { type BackoffLimits, backoffMs } from "./backoff.ts";
import { type Answer, type Answers, type Inquiry, NO_ANSWERS } from "./inquiry.ts";
import type { Key } from "./key.ts";
import { equalJson } from "./merge_patch.ts";

const RETRY: BackoffLimits = { firstMs: 1_000, maxMs: 10_000 };
/** After so many failures in a row another try is no more than housekeeping. */
const PROMISING_MAX = 5;
const PENDING: Answer = Object.freeze({ state: "pending" });

export interface InquiriesOptions {
  readonly desk: AnswerDesk;
  readonly clock: Clock;
  /** Times tries that are not promising any more. */
  readonly retryClock: Clock;
  readonly log: Log;
  /** Called when something new is known for a key, or is to be asked again. */
  readonly wake: (key: Key) => void;
}

export class Inquiries {
  readonly #options: InquiriesOptions;
  readonly #open = new Map<Key, Map<string, OpenInquiry>>();

  constructor(options: InquiriesOptions) {
    this.#options = options;
  }

  /**
   * Asks what a key inquires about and is not known, and gives up what it does not inquire about
   * any more. True when something was asked just now.
   */
  update(key: Key, inquiries: readonly Inquiry[]): boolean {
    const before = this.#open.get(key);
    if (before === undefined && inquiries.length === 0) return false;
    const after = new Map<string, OpenInquiry>();
    let hasAsked = false;
    for (const inquiry of inquiries) {
      const present = before?.get(inquiry.id);
      const isSame = present !== undefined && isSameInquiry(present.inquiry, inquiry);
      const open = isSame ? present : new OpenInquiry(key, inquiry, this.#options);
      if (isSame) before?.delete(inquiry.id);
      after.set(inquiry.id, open);
      if (open.askIfDue()) hasAsked = true;
    }
    for (const open of before?.values() ?? []) open.giveUp();
    if (after.size === 0) this.#open.delete(key);
    else this.#open.set(key, after);
    return hasAsked;
  }

  /** What a pass that begins now is to know. */
  answersOf(key: Key): Answers {
    const open = this.#open.get(key);
    if (open === undefined) return NO_ANSWERS;
    return new Map([...open].map(([id, inquiry]) => [id, inquiry.see()]));
  }

  /** We wrote for this key: what was read from the cluster before is not what is there now. */
  noteWrite(key: Key): void {
    for (const open of this.#open.get(key)?.values() ?? []) open.noteWrite();
  }

  /** The process stood still: nothing that was read from the cluster is what is there now. */
  outdate(): void {
    for (const key of this.#open.keys()) {
      this.noteWrite(key);
      this.#options.wake(key);
    }
  }

  /** The object is gone. */
  forget(key: Key): void {
    for (const open of this.#open.get(key)?.values() ?? []) open.giveUp();
    this.#open.delete(key);
  }

  /** Gives up all that was asked; each key asks anew with its next pass. */
  reset(): void {
    for (const key of [...this.#open.keys()]) {
      this.forget(key);
      this.#options.wake(key);
    }
  }

  stop(): void {
    for (const key of [...this.#open.keys()]) this.forget(key);
  }
}

function isSameInquiry(one: Inquiry, other: Inquiry): boolean {
  if (one.version === undefined || other.version === undefined) return equalJson(one, other);
  return one.version === other.version;
}

/** One inquiry of one key. */
class OpenInquiry {
  readonly inquiry: Inquiry;
  readonly #key: Key;
  readonly #options: InquiriesOptions;
  #answer: Answer = PENDING;
  /** Takes back the question that is under way. */
  #cancel: Cancel | undefined;
  /** When it was asked: milliseconds since 1970, and on the monotonic clock. */
  #askedAt = { ms: 0, monotonicMs: 0 };
  /** A pass has seen the answer. */
  #isSeen = false;
  /** We wrote after it was asked. */
  #isOutdated = false;
  /** In a row. */
  #failures = 0;
  /** Set while it waits for its next try. */
  #retry: Cancel | undefined;
  /** Set while it is new enough. */
  #renewal: Cancel | undefined;

  constructor(key: Key, inquiry: Inquiry, options: InquiriesOptions) {
    this.#key = key;
    this.inquiry = inquiry;
    this.#options = options;
  }

  /** True when it was asked. */
  askIfDue(): boolean {
    if (!this.#isDue()) return false;
    this.#cancel?.();
    this.#renewal?.();
    this.#isOutdated = false;
    // That it failed is known until it is answered.
    if (this.#answer.state === "answered") this.#answer = PENDING;
    const { question, deadlineMs } = this.inquiry;
    this.#cancel = this.#options.desk.ask({
      question,
      deadlineMs,
      onBegin: () => this.#onBegin(),
      onEnd: (outcome) => this.#onEnd(outcome),
    });
    return true;
  }

  see(): Answer {
    this.#isSeen = true;
    return this.#answer;
  }

  noteWrite(): void {
    if (this.#options.desk.readsCluster(this.inquiry.question)) this.#isOutdated = true;
  }

  giveUp(): void {
    this.#cancel?.();
    this.#retry?.();
    this.#renewal?.();
  }

  #isDue(): boolean {
    if (this.#cancel !== undefined) return this.#isOutdated;
    if (this.#answer.state === "failed") return this.#retry === undefined;
    if (this.#answer.state === "pending" || this.#isOutdated) return true;
    const ageMs = this.#options.clock.monotonic() - this.#askedAt.monotonicMs;
    const { maxAgeMs, isRenewed = false } = this.inquiry;
    return (this.#isSeen || isRenewed) && ageMs >= maxAgeMs;
  }

  #onBegin(): void {
    const { clock } = this.#options;
    this.#askedAt = { ms: clock.now(), monotonicMs: clock.monotonic() };
    // It has waited for its turn: what was written meanwhile is seen.
    this.#isOutdated = false;
  }

  #onEnd(outcome: AnswerOutcome): void {
    const { retryClock, wake } = this.#options;
    const { isRenewed = false, maxAgeMs } = this.inquiry;
    const askedAtMs = this.#askedAt.ms;
    this.#cancel = undefined;
    this.#isSeen = false;
    if (outcome.isAnswered) {
      this.#failures = 0;
      this.#answer = { state: "answered", value: outcome.value, askedAtMs };
      if (isRenewed) this.#renewal = retryClock.after(maxAgeMs, () => wake(this.#key));
    } else {
      this.#answer = { state: "failed", reason: outcome.reason, askedAtMs };
      this.#tryLater(outcome.reason);
    }
    wake(this.#key);
  }

  #tryLater(cause: string): void {
    const { clock, retryClock, log, wake } = this.#options;
    this.#failures++;
    const delayMs = backoffMs(this.#failures, RETRY);
    const { id, question: { kind } } = this.inquiry;
    log[this.#failures === 1 ? "warn" : "debug"]("cannot learn what a pass needs, trying again", {
      key: this.#key,
      inquiry: id,
      question: kind,
      delayMs,
      cause,
    });
    this.#retry = (this.#failures < PROMISING_MAX ? clock : retryClock).after(delayMs, () => {
      this.#retry = undefined;
      wake(this.#key);
    });
  }
}
