/** Reading a script: what is done to the simulated cluster, and when. */
import { decodeManifest } from "../api/manifest/decode_manifest.ts";
import { ManifestError } from "../api/manifest/mod.ts";
import { parseYaml, YamlProblem } from "../api/manifest/yaml_tree.ts";
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
    if (error instanceof ManifestError) throw new UsageError(error.message);
    throw error;
  }
}

function entriesOf(text: string, file: string): ScriptEntry[] {
  const placeOf = (offset: number) => {
    const lines = text.slice(0, offset).split("\n");
    return `${file}:${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
  };
  let tree;
  try {
    const { trees } = parseYaml(text);
    if (trees.length > 1) {
      throw new UsageError(`${placeOf(trees[1]?.offset ?? 0)}: a script is one document`);
    }
    tree = trees[0];
  } catch (error) {
    if (!(error instanceof YamlProblem)) throw error;
    throw new UsageError(`${placeOf(error.offset)}: ${error.message}`);
  }
  if (tree === undefined) throw new UsageError(`${file}:1:1: is empty`);
  try {
    return parseScript(tree.value);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new UsageError(`${placeOf(tree.offsetOf(error.path ?? []))}: ${error.message}`);
  }
}
