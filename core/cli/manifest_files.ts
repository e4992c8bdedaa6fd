/** Reading the manifests that a command line names: files, folders, standard input. */
import {
  collectManifests,
  type ManifestDocument,
  type ManifestSource,
  problemText,
} from "../api/manifest/mod.ts";
import { templateProblem } from "../api/manifest/unrendered.ts";
import { findResourceType } from "../api/names/resources.ts";
import { unreadableText } from "./files.ts";
import { type FolderSource, gatherFiles, tellSkipped } from "./lint_files.ts";
import { UsageError } from "./usage_error.ts";

/** The documents of a file (`-`: standard input), or of those in a folder. @throws {UsageError} */
export async function readManifests(
  terminal: FolderSource,
  path: string,
): Promise<readonly ManifestDocument[]> {
  const file = path === "-" ? "standard input" : path;
  let bytes: Uint8Array;
  try {
    bytes = path === "-" ? await terminal.readStandardInput() : await terminal.readFile(path);
  } catch (error) {
    const isFolder = error instanceof Error && error.name === "IsADirectory";
    if (isFolder) return await readFolder(terminal, path);
    throw new UsageError(unreadableText(path, error));
  }
  return documentsOf(terminal, { file, bytes });
}

/** Skips what `lint` skips. */
async function readFolder(
  terminal: FolderSource,
  folder: string,
): Promise<readonly ManifestDocument[]> {
  const { sources, refusals: [refusal] } = await gatherFiles(terminal, [folder]);
  if (refusal !== undefined) throw new UsageError(refusal);
  // Loaded here, so that nobody else pays for the rules.
  const { readSources } = await import("../lint/mod.ts");
  const reading = readSources(sources);
  tellSkipped(terminal, reading);
  const skipped = new Set([...reading.passedOver, ...reading.patches.map(({ file }) => file)]);
  return sources.filter(({ file }) => !skipped.has(file))
    .flatMap((source) => documentsOf(terminal, source));
}

/** Warnings go to standard error. @throws {UsageError} */
function documentsOf(
  { err }: Pick<FolderSource, "err">,
  source: ManifestSource,
): readonly ManifestDocument[] {
  const reading = collectManifests(source);
  const refused = templateProblem(reading) ?? reading.problems[0];
  if (refused !== undefined) throw new UsageError(problemText(refused));
  for (const warning of reading.warnings) err(`warning: ${problemText(warning)}\n`);
  return reading.documents;
}

/** The documents of a namespace, those without one among them, and those of others. */
export function inNamespace(
  documents: readonly ManifestDocument[],
  namespace: string,
): Record<"inside" | "outside", ManifestDocument[]> {
  const inside: ManifestDocument[] = [];
  const outside: ManifestDocument[] = [];
  for (const document of documents) {
    const { object } = document;
    const home = object.metadata.namespace ?? namespace;
    const isNamespaced = findResourceType(object)?.namespaced ?? true;
    if (!isNamespaced) inside.push(document);
    else if (home !== namespace) outside.push(document);
    else {
      const metadata = { ...object.metadata, namespace };
      inside.push({ ...document, object: { ...object, metadata } });
    }
  }
  return { inside, outside };
}
