/** Reading a file of ours: one YAML document, every error with its place. */
import type { FieldLocation } from "../../sdk/wire/field_place.ts";
import { decodeManifest } from "../api/manifest/decode_manifest.ts";
import { ManifestError, problemText, throwFirst } from "../api/manifest/mod.ts";
import { parseText } from "../api/manifest/parse_text.ts";
import { ScriptError } from "../simulate/mod.ts";
import { type FileSource, readBytes } from "./files.ts";
import { UsageError } from "./usage_error.ts";

/** What a file came to. */
export interface YamlFile<Value> {
  readonly value: Value;
  /** `file.yaml:3:7` of what stands at a path. */
  placeOf(path: FieldLocation): string;
}

/** What is read: its name in a sentence, and how. */
export interface YamlReader<Value> {
  /** `a script` */
  readonly what: string;
  /** @throws {ScriptError} with the path of what is wrong */
  parse(value: unknown): Value;
}

/** Reads a file (`-`: standard input). @throws {UsageError} naming the place. */
export async function readYamlFile<Value>(
  terminal: FileSource,
  path: string,
  reader: YamlReader<Value>,
): Promise<YamlFile<Value>> {
  const bytes = await readBytes(terminal, path);
  const file = path === "-" ? "standard input" : path;
  try {
    return parsed(decodeManifest({ file, bytes }), file, reader);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    // Fields of such a file have no path that its author would know.
    const { position, detail } = error;
    throw new UsageError(problemText({ file, position, detail }));
  }
}

function parsed<Value>(
  text: string,
  file: string,
  { what, parse }: YamlReader<Value>,
): YamlFile<Value> {
  const { trees, problems, positionAt } = parseText(text, file);
  throwFirst(problems);
  const [tree, other] = trees;
  const placeAt = (offset: number) => {
    const { line, column } = positionAt(offset);
    return `${file}:${line}:${column}`;
  };
  if (other !== undefined) {
    throw new UsageError(`${placeAt(other.offset)}: ${what} is one document`);
  }
  const placeOf = (path: FieldLocation) => placeAt(tree?.offsetOf(path) ?? 0);
  try {
    return { value: parse(tree?.value), placeOf };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new UsageError(`${placeOf(error.path ?? [])}: ${error.message}`);
  }
}
