import type { KubeObject, ObjectMeta, OwnerReference } from "../../../sdk/api/object.ts";
import { type Fields, isFields, listOf } from "../../../sdk/wire/json.ts";
import { isSameJson } from "./json.ts";
import {
  labelValueProblem,
  qualifiedNameProblem,
  subdomainProblem,
} from "../../api/values/name_rules.ts";
import type { FieldProblem } from "./status_error.ts";

const ANNOTATIONS_BYTES_MAX = 256 * 1024;
const STANDARD_FINALIZERS = ["foregroundDeletion", "orphan", "kubernetes"];
const GENERATED_BASE_LENGTH_MAX = 58;

/** What a writer may say in metadata; the rest is the server's. */
export function writtenMetadata(metadata: unknown): Partial<ObjectMeta> {
  const fields = isFields(metadata) ? metadata : {};
  const written: Fields = {};
  for (const key of ["name", "generateName", "namespace"]) {
    if (fields[key] !== undefined && fields[key] !== null && fields[key] !== "") {
      written[key] = fields[key];
    }
  }
  for (const key of ["labels", "annotations"]) {
    const map = fields[key];
    if (isFields(map) && Object.keys(map).length > 0) written[key] = readableTexts(map);
  }
  for (const key of ["ownerReferences", "finalizers"]) {
    const list = fields[key];
    if (Array.isArray(list) && list.length > 0) written[key] = list;
  }
  return written as Partial<ObjectMeta>;
}

/** The name that a `generateName` leads to: long bases are cut. */
export function generatedName(base: string, suffix: string): string {
  return `${base.slice(0, GENERATED_BASE_LENGTH_MAX)}${suffix}`;
}

/** A map from text to text, in which a null counts as the empty text. */
export function readableTexts(map: unknown): unknown {
  if (!isFields(map) || !Object.values(map).includes(null)) return map;
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value ?? ""]));
}

/** Why metadata cannot be read at all; undefined when it can. */
export function unreadableMetadata(
  { metadata }: KubeObject,
  isCustom: boolean,
): string | undefined {
  for (const field of ["labels", "annotations"] as const) {
    for (const value of Object.values(metadata[field] ?? {})) {
      if (typeof value !== "string" && value !== null) {
        return `cannot unmarshal ${jsonTypeOf(value)} into Go struct field ` +
          `ObjectMeta.${isCustom ? "" : "metadata."}${field} of type string`;
      }
    }
  }
  return undefined;
}

/** The name of a value's type in messages about values of the wrong one. */
export function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** What is wrong with the metadata of an object; `before` is what it replaces. */
export function metadataProblems(
  { metadata }: KubeObject,
  before: KubeObject | undefined,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const old = before?.metadata;
  if (metadata.labels !== undefined && metadata.labels !== old?.labels) {
    problems.push(...labelProblems(metadata.labels, "metadata.labels"));
  }
  if (metadata.annotations !== undefined && metadata.annotations !== old?.annotations) {
    problems.push(...annotationProblems(metadata.annotations));
  }
  if (metadata.ownerReferences !== undefined && metadata.ownerReferences !== old?.ownerReferences) {
    problems.push(...ownerProblems(metadata.ownerReferences));
  }
  // Of pods they come from templates, which nobody has to have read before.
  for (const finalizer of metadata.finalizers ?? []) {
    const problem = qualifiedNameProblem(textIn(finalizer));
    if (problem !== undefined) {
      problems.push({ path: "metadata.finalizers", message: invalidValue(finalizer, problem) });
    }
  }
  if (old?.deletionTimestamp !== undefined) problems.push(...addedFinalizers(metadata, old));
  return problems;
}

/** Built-in kinds take only finalizers of their own or with a domain in front. */
export function finalizerProblems({ metadata }: KubeObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  (metadata.finalizers ?? []).map(textIn).forEach((finalizer, index) => {
    if (finalizer.includes("/") || STANDARD_FINALIZERS.includes(finalizer)) return;
    const message = "name is neither a standard finalizer name nor is it fully qualified";
    problems.push({
      path: `metadata.finalizers[${index}]`,
      message: invalidValue(finalizer, message),
    });
  });
  return problems;
}

/** A text; null counts as the empty one. */
function textIn(value: unknown): string {
  return typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
}

/** What is wrong with a new object's name. */
export function nameProblems(
  { name, generateName }: Partial<ObjectMeta>,
  problemOf: (name: string) => string | undefined = subdomainProblem,
): FieldProblem[] {
  if (name === undefined) {
    return [{ path: "metadata.name", message: "Required value: name or generateName is required" }];
  }
  const problems: FieldProblem[] = [];
  // A base may end in a dash: the suffix follows it.
  const base = generateName?.replace(/-$/, "a");
  const baseProblem = base === undefined ? undefined : problemOf(base);
  if (baseProblem !== undefined) {
    problems.push({
      path: "metadata.generateName",
      message: invalidValue(generateName, baseProblem),
    });
  }
  const problem = problemOf(name);
  if (problem !== undefined) {
    problems.push({ path: "metadata.name", message: invalidValue(name, problem) });
  }
  return problems;
}

/** `Invalid value: "x": why`. */
export function invalidValue(value: unknown, why: string): string {
  return `Invalid value: ${JSON.stringify(value ?? null)}: ${why}`;
}

/** What is wrong with a map of labels. */
export function labelProblems(
  labels: Readonly<Record<string, string>>,
  path: string,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [key, value] of Object.entries(labels)) {
    const keyProblem = qualifiedNameProblem(key);
    if (keyProblem !== undefined) problems.push({ path, message: invalidValue(key, keyProblem) });
    const valueProblem = labelValueProblem(value);
    if (valueProblem !== undefined) {
      problems.push({ path, message: invalidValue(value, valueProblem) });
    }
  }
  return problems;
}

function annotationProblems(annotations: Record<string, string>): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const path = "metadata.annotations";
  let length = 0;
  for (const [key, value] of Object.entries(annotations)) {
    length += key.length + value.length;
    const problem = qualifiedNameProblem(key.toLowerCase());
    if (problem !== undefined) problems.push({ path, message: invalidValue(key, problem) });
  }
  // Counted in bytes, which is only worth the work when it may matter.
  if (length > ANNOTATIONS_BYTES_MAX / 4) {
    const encoder = new TextEncoder();
    const bytes = Object.entries(annotations).reduce(
      (sum, [key, value]) => sum + encoder.encode(key + value).length,
      0,
    );
    if (bytes > ANNOTATIONS_BYTES_MAX) {
      problems.push({
        path,
        message: `Too long: may not be more than ${ANNOTATIONS_BYTES_MAX} bytes`,
      });
    }
  }
  return problems;
}

function ownerProblems(references: readonly OwnerReference[]): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const path = "metadata.ownerReferences";
  for (const { apiVersion, kind, name, uid } of references) {
    if (!apiVersion) {
      const message = invalidValue(apiVersion ?? "", "version must not be empty");
      problems.push({ path: `${path}.apiVersion`, message });
    }
    for (const [field, value] of Object.entries({ kind, name, uid })) {
      if (value) continue;
      const message = invalidValue(value ?? "", "must not be empty");
      problems.push({ path: `${path}.${field}`, message });
    }
  }
  const controllers = references.filter(({ controller }) => controller === true);
  const [one, other] = controllers;
  if (one !== undefined && other !== undefined) {
    problems.push({
      path,
      message: invalidValue(
        references,
        `Only one reference can have Controller set to true. Found "true" in references for ` +
          `${one.kind}/${one.name} and ${other.kind}/${other.name}`,
      ),
    });
  }
  return problems;
}

function addedFinalizers(metadata: ObjectMeta, old: ObjectMeta): FieldProblem[] {
  if (isSameJson(metadata.finalizers, old.finalizers)) return [];
  const known = listOf(old.finalizers);
  const added = (metadata.finalizers ?? []).filter((finalizer) => !known.includes(finalizer));
  if (added.length === 0) return [];
  const texts = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
  return [{
    path: "metadata.finalizers",
    message: "Forbidden: no new finalizers can be added if the object is being deleted, found " +
      `new finalizers []string{${texts}}`,
  }];
}
