/** Reading the files that a command line names. */
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** What reading needs of the terminal. */
export type FileSource = Pick<Terminal, "err" | "readFile" | "readStandardInput">;

/** The bytes of a file. @throws {UsageError} */
export async function readBytes(terminal: FileSource, path: string): Promise<Uint8Array> {
  try {
    return path === "-" ? await terminal.readStandardInput() : await terminal.readFile(path);
  } catch (error) {
    throw new UsageError(unreadableText(path, error));
  }
}

/** Why a file cannot be read, in one sentence. */
export function unreadableText(path: string, error: unknown): string {
  return `Cannot read "${path}": ${causeOf(error)}`;
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  switch (error.name) {
    case "NotFound":
      return "no such file";
    case "PermissionDenied":
    case "NotCapable":
      return "permission denied";
    case "IsADirectory":
      return "it is a directory";
    default:
      return error.message.replace(/ \(os error \d+\).*$/, "");
  }
}
