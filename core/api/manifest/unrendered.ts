/** Templates that nobody rendered: text such as `{{ .Values.tag }}` where a value belongs. */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { findKind } from "../schema/kinds.ts";
import type { ManifestProblem } from "./manifest_error.ts";
import { NOT_RENDERED_TEXT } from "./parse_text.ts";
import type { ManifestReading } from "./read_manifests.ts";

/** Why a file was not rendered: what its template would put there cannot be judged. */
export function templateProblem(reading: ManifestReading): ManifestProblem | undefined {
  for (const problem of reading.problems) {
    if (problem.kind === "template") return problem;
    const { path = [], kind } = problem;
    if (kind !== "field") continue;
    const value = valueAt(reading.documents[problem.document ?? -1]?.object, path);
    if (typeof value === "string" && value.includes("{{")) {
      return { ...problem, kind: "template", detail: NOT_RENDERED_TEXT };
    }
  }
  for (const { file, index, object, position } of reading.documents) {
    // Other kinds have templates of their own: an ApplicationSet, a ConfigMap of notifications.
    if (findKind(object) === undefined && object.kind !== "Service") continue;
    const path = leftoverIn(object, []);
    if (path === undefined) continue;
    const detail = NOT_RENDERED_TEXT;
    return { kind: "template", file, position: position(path), path, detail, document: index };
  }
  return undefined;
}

/** What Helm would replace: `{{ .Values.tag }}`, `{{ include "web.name" . }}`. */
const LEFTOVER = /\{\{-?\s*(?:[.$]|(?:include|template|tpl|if|range|with|end|default|toYaml)\b)/;
/** Here programs get templates of their own: an agent's, a query's, a shell's. */
const OTHERS_TEXT = ["annotations", "args", "command", "env", "metrics", "value"];

/** Where a quoted part of a template stands that no type gives away. */
function leftoverIn(value: unknown, at: FieldLocation): FieldLocation | undefined {
  if (typeof value === "string") return LEFTOVER.test(value) ? at : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    if (OTHERS_TEXT.includes(key)) continue;
    const found = leftoverIn(child, [...at, Array.isArray(value) ? Number(key) : key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value at a place of an object. */
export function valueAt(object: unknown, path: FieldLocation): unknown {
  return path.reduce(
    (value, part) => typeof part === "number" ? listOf(value)[part] : fieldsOf(value)[part],
    object,
  );
}
