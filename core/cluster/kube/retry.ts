import { isNotPermitted, UnreachableError } from "../../ports/api_error.ts";
import type { Call } from "./call.ts";
import { apiErrorOf, type Reply } from "./reply.ts";
import { NoRetryError } from "./no_retry_error.ts";

/** How often a read is sent again after its connection broke, and how long we wait before that. */
const BROKEN_RETRIES = 2;
const BROKEN_PAUSE_MS = 100;
/** How long we wait for a server that has not read its roles yet. */
const UNREADY_PAUSE_MS = 500;

/** How patient a call is with a busy server. */
export interface Patience {
  /** All waiting of one call together; a server that wants more gets its refusal passed on. */
  readonly maxWaitMs: number;
  /** Who we are is said anew after a refusal: worth another try. */
  readonly renews?: boolean;
  /** True while the server may not know yet who may do what: it has just come back. */
  isJustBack?(): boolean;
  /** Resolves after that time, or rejects when there is nothing left to wait for. */
  pause(delayMs: number): Promise<void>;
}

/**
 * Sends until there is an answer to pass on. A busy server (429, for reads also 503) is asked again
 * when it says; a broken connection only for reads, since nobody knows whether a write happened.
 * A server that has just come back knows neither roles nor ServiceAccounts: what it forbids then it
 * is asked again, whatever the verb, since nothing was done.
 */
export async function withRetries(
  call: Call,
  patience: Patience,
  send: () => Promise<Reply>,
): Promise<Reply> {
  const isRead = call.verb === "get" || call.verb === "list";
  // A disruption budget answers 429 too, and for as long as it likes.
  const isEviction = call.resource === "pods/eviction";
  let waitedMs = 0;
  let broken = 0;
  let isRenewed = patience.renews !== true;
  while (true) {
    let pauseMs: number;
    try {
      const reply = await send();
      if (reply.status === 401 && !isRenewed) {
        // Nothing was done: whatever the verb, it may be sent again.
        isRenewed = true;
        continue;
      }
      const isUnready = isAboutRights(call, reply) && patience.isJustBack?.() === true;
      const isBusy = reply.status === 429 || (isRead && reply.status === 503);
      if (isUnready) pauseMs = UNREADY_PAUSE_MS;
      else if (!isBusy || isEviction || reply.retryAfterSeconds === undefined) return reply;
      else pauseMs = reply.retryAfterSeconds * 1000;
      if (waitedMs + pauseMs > patience.maxWaitMs) return reply;
      waitedMs += pauseMs;
    } catch (error) {
      // Silence has taken its time already; whoever asked knows best whether to ask again.
      const isBroken = error instanceof UnreachableError && !(error instanceof NoRetryError);
      if (!isRead || !isBroken || broken >= BROKEN_RETRIES) throw error;
      pauseMs = BROKEN_PAUSE_MS * ++broken;
    }
    await patience.pause(pauseMs);
  }
}

function isAboutRights(call: Call, reply: Reply): boolean {
  return reply.status === 401 || reply.status === 403 && isNotPermitted(apiErrorOf(call, reply));
}
