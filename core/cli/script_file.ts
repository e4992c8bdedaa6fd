/** Reading a script: what is done to the simulated cluster, and when. */
import { parseScript, type ScriptEntry } from "../simulate/mod.ts";
import type { FileSource } from "./files.ts";
import { readYamlFile } from "./yaml_file.ts";

/** The entries of a script file (`-`: standard input). @throws {UsageError} naming the place. */
export async function readScriptFile(terminal: FileSource, path: string): Promise<ScriptEntry[]> {
  const { value } = await readYamlFile(terminal, path, { what: "a script", parse: parseScript });
  return value;
}
