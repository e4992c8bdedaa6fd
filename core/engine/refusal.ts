/** Which errors of a write are daily life, and which people should know of. */
import {
  ApiError,
  isAlreadyExists,
  isConflict,
  isNotFound,
  UnreachableError,
} from "../ports/api_error.ts";
import { OutdatedError } from "./fence.ts";

/** Too many requests, a gateway without its server, unavailable, timeout: all ask for patience. */
const BUSY_CODES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Races and busy servers are soon over; after so many in a row, what holds is reported. */
const PASSING_MAX = 4;
/** So is a trouble within the server, as when its store changes its leader: within 2.5 s. */
const TROUBLE_MAX = 8;

/** A refusal that means: the world is not what the cache says. */
export function isStale(error: Error): boolean {
  return isConflict(error) || isAlreadyExists(error) || isNotFound(error);
}

/** Races, lost connections and busy servers: tried again, never shown as errors. */
export function isNormal(error: Error): boolean {
  return isStale(error) || error instanceof UnreachableError || isBusy(error) ||
    error instanceof OutdatedError;
}

/** An answer that asks for patience: nothing is wrong with the call. */
export function isBusy(error: Error): boolean {
  return error instanceof ApiError && BUSY_CODES.has(error.code);
}

/** Tells of a refusal that another try at once would meet again, and hands it on. */
export async function noticing<Result>(
  onRefusal: (error: Error) => void,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ApiError) onRefusal(error);
    throw error;
  }
}

/** Not worth a word yet, after so many failures in a row. */
export function isStillSilent(error: Error, failures: number): boolean {
  if (isNormal(error)) return failures < PASSING_MAX;
  return error instanceof ApiError && error.code === 500 && failures < TROUBLE_MAX;
}
