/** What a kustomization.yaml says of the files beside it. */
import { decodeManifest } from "../api/manifest/decode_manifest.ts";
import { ManifestError } from "../api/manifest/mod.ts";
import { parseText } from "../api/manifest/parse_text.ts";
import { fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import type { LintSource } from "./source.ts";

const NAMES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Fields that name patches, alone or as the `path` of an item. */
const PATCH_FIELDS = ["patches", "patchesStrategicMerge", "patchesJson6902"];

/**
 * The files that are patches, each with the kustomization.yaml that says so: parts of objects,
 * which mean nothing without those that they are applied to.
 */
export function patchFiles(sources: readonly LintSource[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const source of sources) {
    const { file } = source;
    const folder = file.slice(0, file.lastIndexOf("/") + 1);
    if (!NAMES.includes(file.slice(folder.length))) continue;
    for (const path of patchesOf(source)) found.set(plain(`${folder}${path}`), file);
  }
  return found;
}

/** A path without `.` and with as few `..` as can be. */
export function plain(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "." || (part === "" && parts.length > 0)) continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

function patchesOf(source: LintSource): string[] {
  return valuesOf(source).map(fieldsOf).flatMap((recipe) =>
    PATCH_FIELDS.flatMap((field) => listOf(recipe[field])).flatMap((patch) => {
      const path = typeof patch === "string" ? patch : textOf(fieldsOf(patch)["path"]);
      // A patch may also be written out there.
      return path === "" || path.includes("\n") ? [] : [path];
    })
  );
}

/** Nothing of a file that cannot be read: that is told elsewhere. */
function valuesOf(source: LintSource): unknown[] {
  try {
    return parseText(decodeManifest(source), source.file).trees.map(({ value }) => value);
  } catch (error) {
    if (error instanceof ManifestError) return [];
    throw error;
  }
}
