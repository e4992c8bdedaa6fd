/** Waiting for what is outside, but not for ever. */
import type { Clock } from "../ports/clock.ts";

/** What is outside has not answered in its time. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * The answer of `ask`, or a `DeadlineError` once its time is over. The signal tells `ask` that
 * nobody waits for it any more; an answer that comes all the same is not heard. Whoever hands the
 * `abort` in can end the waiting as well.
 */
export async function withDeadline<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  { clock, deadlineMs, what, abort = new AbortController() }: {
    clock: Clock;
    deadlineMs: number;
    what: string;
    abort?: AbortController;
  },
): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  abort.signal.addEventListener("abort", () => reject(abort.signal.reason), { once: true });
  const cancel = clock.after(deadlineMs, () => {
    abort.abort(new DeadlineError(`no ${what} within ${deadlineMs} ms`));
  });
  try {
    return await Promise.race([promise, ask(abort.signal)]);
  } finally {
    cancel();
  }
}
