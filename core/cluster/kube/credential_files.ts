import type { Clock } from "../../ports/clock.ts";
import { type Remembered, remembered } from "./remembered.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

/** A rotated token is picked up within this time. */
const TOKEN_MAX_AGE_MS = 60_000;

/** The text of a file; `doing` opens the message when it cannot be read. */
export async function readTextFile(path: string, doing: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(`${doing}: ${whyUnreadable(path, error)}`, { cause: error });
  }
}

/** Why a file could not be read, as the end of a sentence. */
function whyUnreadable(path: string, error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return `there is no file "${path}"`;
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return `the file "${path}" cannot be read: permission denied`;
  }
  if (error instanceof Deno.errors.IsADirectory) return `"${path}" is a folder`;
  const detail = errorText(error);
  return `the file "${path}" is unreadable: ${detail}`;
}

/** A file that holds a bearer token. */
export interface TokenFile {
  readonly path: string;
  readonly clock: Clock;
  /** Opens the message when the file cannot be read. */
  readonly doing: string;
}

/** The `Authorization` header from a token file, which is read at most once a minute. */
export function bearerFromFile(file: TokenFile): Remembered<Record<string, string>> {
  return remembered({
    clock: file.clock,
    maxAgeMs: TOKEN_MAX_AGE_MS,
    // A token outlives its file by some minutes: one unlucky read must not fail a request.
    keepsOnFailure: true,
    async load() {
      const token = (await readTextFile(file.path, file.doing)).trim();
      if (token === "") throw new Error(`${file.doing}: the token file "${file.path}" is empty`);
      return { Authorization: `Bearer ${token}` };
    },
  });
}
