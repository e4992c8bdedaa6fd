import type { KubeObject } from "../../../sdk/api/object.ts";
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { isFields } from "../../../sdk/wire/json.ts";
import { meantField, unknownFields, unknownFieldText } from "../schema/unknown_fields.ts";
import { objectProblems } from "./check_object.ts";
import { decodeManifest, type ManifestSource } from "./decode_manifest.ts";
import {
  ManifestError,
  type ManifestProblem,
  type Position,
  problemText,
  throwFirst,
} from "./manifest_error.ts";
import { parseText } from "./parse_text.ts";
import { placeOfNoJson } from "./json_text.ts";
import type { YamlTree } from "./yaml_tree.ts";

/** One object of a file. */
export interface ManifestDocument {
  readonly file: string;
  /** Counts the objects of a file from 0, those of lists one by one. */
  readonly index: number;
  readonly object: KubeObject;
  /** Where the value at a path stands; its nearest ancestor, when it is absent. */
  position(path: FieldLocation): Position;
}

/** Something odd that an API server would accept. */
export interface ManifestWarning extends ManifestProblem {
  /** File, place, field and what is odd about it, in one line. */
  readonly text: string;
}

/** All objects of a file, and what is odd about them. */
export interface Manifests {
  readonly documents: ManifestDocument[];
  readonly warnings: ManifestWarning[];
}

/** What can be read of a file, with everything that is wrong with it. */
export interface ManifestReading extends Manifests {
  /** What an API server would refuse; a document with problems is in `documents` all the same. */
  readonly problems: readonly ManifestProblem[];
}

/**
 * Reads the objects of a YAML or JSON file. What an API server would refuse is thrown as a
 * `ManifestError`, the first problem of the file alone; nothing else is ever thrown.
 */
export function readManifests(source: ManifestSource): Manifests {
  const { documents, warnings, problems } = collectManifests(source);
  throwFirst(problems);
  return { documents, warnings };
}

/** Reads the objects of a YAML or JSON file, and everything that is wrong with it; never throws. */
export function collectManifests(source: ManifestSource): ManifestReading {
  const { file } = source;
  const text = decodedText(source);
  if (text instanceof ManifestError) return { documents: [], warnings: [], problems: [text] };
  const { trees, problems: textProblems, positionAt } = parseText(text, file);
  const documents: ManifestDocument[] = [];
  const problems: ManifestProblem[] = [...textProblems];
  const warnings: ManifestWarning[] = [];
  const place = textProblems.length === 0 ? placeOfNoJson(text) : undefined;
  if (place !== undefined) {
    const detail =
      "starts like JSON and is not valid JSON, which some versions of kubectl refuse: " +
      "check commas and quotes";
    warnings.push(warning({ kind: "not-json", file, position: positionAt(place), detail }));
  }
  for (const tree of trees) {
    for (const { offset, path } of tree.duplicates) {
      const detail = "appears twice; the last one is used";
      warnings.push(
        warning({ kind: "duplicate-key", file, position: positionAt(offset), path, detail }),
      );
    }
    for (const part of objectsOf(tree.value, [])) {
      const index = documents.length;
      const { document, found } = readObject(part, { file, index, tree, positionAt });
      problems.push(...found);
      if (document === undefined) continue;
      documents.push(document);
      for (const path of unknownFields(document.object)) {
        const meant = meantField(document.object, path);
        const detail = unknownFieldText(document.object.kind, path, meant);
        const position = document.position(path);
        warnings.push(
          warning({ kind: "unknown-field", file, position, path, meant, detail, document: index }),
        );
      }
    }
  }
  return { documents, warnings, problems };
}

function decodedText(source: ManifestSource): string | ManifestError {
  try {
    return decodeManifest(source);
  } catch (error) {
    if (error instanceof ManifestError) return error;
    throw error;
  }
}

function warning(problem: ManifestProblem): ManifestWarning {
  return { ...problem, text: problemText(problem) };
}

/** An object of a document with its place in it. */
interface DocumentPart {
  readonly value: unknown;
  readonly at: FieldLocation;
}

/** A list stands for its items. */
function objectsOf(value: unknown, at: FieldLocation): DocumentPart[] {
  if (!isFields(value) || !Array.isArray(value["items"])) return [{ value, at }];
  const kind = value["kind"];
  if (typeof kind !== "string" || !kind.endsWith("List")) return [{ value, at }];
  return value["items"].flatMap((item, index) => objectsOf(item, [...at, "items", index]));
}

interface Surroundings {
  readonly file: string;
  readonly index: number;
  readonly tree: YamlTree;
  readonly positionAt: (offset: number) => Position;
}

function readObject(
  { value, at }: DocumentPart,
  { file, index, tree, positionAt }: Surroundings,
): { document: ManifestDocument | undefined; found: ManifestProblem[] } {
  const position = (path: FieldLocation) => positionAt(tree.offsetOf([...at, ...path]));
  const start = at.length === 0 ? positionAt(tree.offset) : position([]);
  const document = isObject(value) ? { file, index, object: value, position } : undefined;
  const found = objectProblems(value).map(({ kind, path, detail }) => ({
    kind,
    file,
    position: path.length === 0 ? start : position(path),
    path,
    detail,
    document: document?.index,
  }));
  return { document, found };
}

/** Whether there is enough of an object to look further into it. */
function isObject(value: unknown): value is KubeObject {
  return isFields(value) && typeof value["apiVersion"] === "string" &&
    typeof value["kind"] === "string" && isFields(value["metadata"]);
}
