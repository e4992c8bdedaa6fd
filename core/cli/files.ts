/** Reading the manifests that a command line names. */
import { collectManifests, problemText } from "../api/manifest/mod.ts";
import type { ManifestDocument } from "../api/manifest/mod.ts";
import { templateProblem } from "../api/manifest/unrendered.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** What reading needs of the terminal. */
export type FileSource = Pick<Terminal, "err" | "readFile" | "readStandardInput">;

/** The documents of a file (`-`: standard input); warnings go to standard error. */
export async function readManifestFile(
  terminal: FileSource,
  path: string,
): Promise<readonly ManifestDocument[]> {
  const bytes = await readBytes(terminal, path);
  const file = path === "-" ? "standard input" : path;
  const reading = collectManifests({ file, bytes });
  const refused = templateProblem(reading) ?? reading.problems[0];
  if (refused !== undefined) throw new UsageError(problemText(refused));
  for (const warning of reading.warnings) terminal.err(`warning: ${problemText(warning)}\n`);
  return reading.documents;
}

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
