/**
 * Inquiries: what a pass needs from outside the caches, such as a list of pods, what a router sees,
 * a measurement. They are data. The engine asks them outside passes and their slots; the answer is
 * a fact that a later pass sees.
 */

/** What is asked: a value that can be cloned, answered by whom is registered for its kind. */
export interface Question {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** A question that a key asks as long as its controller names it. */
export interface Inquiry {
  /** Unique among those of its key. The same for the same cause, after a restart too. */
  readonly id: string;
  readonly question: Question;
  /**
   * Stands for all that the question asks about: questions of the same version are the same.
   * Absent: the whole question is compared.
   */
  readonly version?: string;
  /** The answer counts as failed after so long. */
  readonly deadlineMs: number;
  /**
   * How long an answer is good for, from when it was asked. The first pass after it came sees it
   * in any case; 0: and no other does.
   */
  readonly maxAgeMs: number;
  /** True: it is asked again once it is too old, though no pass may come; absent: by a pass. */
  readonly isRenewed?: boolean;
}

/** What is known of an inquiry; times are milliseconds since 1970. */
export type Answer =
  /** Asked for the first time, or again since the last answer is too old. */
  | { readonly state: "pending" }
  | { readonly state: "answered"; readonly value: unknown; readonly askedAtMs: number }
  /** It is asked again by and by, and stays failed until that is answered. */
  | { readonly state: "failed"; readonly reason: string; readonly askedAtMs: number };

/** Answers by the id of their inquiry. */
export type Answers = ReadonlyMap<string, Answer>;

/** Answers all questions of one kind. */
export interface Answerer {
  /** Questions of the kind under way at a time; those beyond wait for each other. Default 10. */
  readonly limit?: number;
  /** It reads the cluster: after a write of ours for the key it is asked again. */
  readonly readsCluster?: boolean;
  /** It waits for the clock port: nobody waits for it in virtual time. */
  readonly waitsForClock?: boolean;
  /** At least once for each id; the signal says that nobody waits for the answer any more. */
  answer(question: Question, signal: AbortSignal): Promise<unknown>;
}

export const NO_ANSWERS: Answers = new Map();
