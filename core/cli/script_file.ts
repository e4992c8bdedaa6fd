/** Reading a script: what is done to the simulated cluster, and when. */
import { decodeManifest } from "../api/manifest/decode_manifest.ts";
import { ManifestError, problemText, throwFirst } from "../api/manifest/mod.ts";
import { parseText } from "../api/manifest/parse_text.ts";
import { parseScript, type ScriptEntry, ScriptError } from "../simulate/mod.ts";
import { type FileSource, readBytes } from "./files.ts";
import { UsageError } from "./usage_error.ts";

/** The entries of a script file (`-`: standard input). @throws {UsageError} naming the place. */
export async function readScriptFile(terminal: FileSource, path: string): Promise<ScriptEntry[]> {
  const bytes = await readBytes(terminal, path);
  const file = path === "-" ? "standard input" : path;
  try {
    return entriesOf(decodeManifest({ file, bytes }), file);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    // A script's fields have no path that its author would know.
    const { position, detail } = error;
    throw new UsageError(problemText({ file, position, detail }));
  }
}

function entriesOf(text: string, file: string): ScriptEntry[] {
  const { trees, problems, positionAt } = parseText(text, file);
  throwFirst(problems);
  const [tree, other] = trees;
  const placeOf = (offset: number) => {
    const { line, column } = positionAt(offset);
    return `${file}:${line}:${column}`;
  };
  if (other !== undefined) {
    throw new UsageError(`${placeOf(other.offset)}: a script is one document`);
  }
  try {
    return parseScript(tree?.value);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new UsageError(`${placeOf(tree?.offsetOf(error.path ?? []) ?? 0)}: ${error.message}`);
  }
}
