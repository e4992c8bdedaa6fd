/** Errors that nobody waits for: a library lets one out, and the process would end on the spot. */
import { errorText } from "../../sdk/wire/error_text.ts";
import type { Log } from "../ports/log.ts";

/** Names that the system gives to what befalls a connection; such an error harms nothing else. */
const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  ...["EADDRNOTAVAIL", "ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETDOWN"],
  ...["ENETUNREACH", "ENOTCONN", "ENOTFOUND", "EAI_AGAIN", "EPIPE", "EPROTO", "ETIMEDOUT"],
]);

/** Writes it to the log; gives the reason for which the controller has to end, where it has to. */
export function strayError(error: unknown, log: Log): string | undefined {
  const fields = { error: errorText(error), from: placeOf(error) };
  if (isOfConnection(error)) {
    log.error("a library let go of a connection without hearing its error; all goes on", fields);
    return undefined;
  }
  log.error("an error that nobody heard: the controller ends in order", fields);
  return `an error that nobody heard: ${fields.error}`;
}

function isOfConnection(error: unknown): boolean {
  return error instanceof Error && "code" in error && OF_CONNECTIONS.has(String(error.code));
}

/** The innermost place in a file: `send (send.ts:17)`; undefined: nothing says it. */
function placeOf(error: unknown): string | undefined {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  const [, name, file] = /\n\s+at (?:async )?(?:(\S+) .*?)?([^/\s(]+:\d+):\d+\)?/.exec(stack) ?? [];
  return name === undefined || file === undefined ? file : `${name} (${file})`;
}
