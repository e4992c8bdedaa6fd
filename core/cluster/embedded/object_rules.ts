import { apiVersionOf } from "../../../sdk/wire/resource_type.ts";
import { ApiError } from "../../ports/api_error.ts";
import type { Subresource } from "../../ports/cluster.ts";
import type { KubeObject, ObjectMeta } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { isSameBut, isSameJson, without } from "./json.ts";
import type { DefaultingContext, Kind } from "./kind.ts";
import {
  finalizerProblems,
  metadataProblems,
  nameProblems,
  unreadableMetadata,
  writtenMetadata,
} from "./metadata.ts";
import { labelProblem, subdomainProblem } from "../../api/values/name_rules.ts";
import { badRequest, type FieldProblem, invalid, invalidNamed } from "./status_error.ts";

/** Fields of metadata that writers cannot change. */
const SERVER_FIELDS = [
  "name",
  "generateName",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;

/** A new object as it would be stored, still without uid and resourceVersion. */
export function newObject(
  kind: Kind,
  written: KubeObject,
  context: DefaultingContext,
): KubeObject {
  checkReadable(kind, written);
  const body = kind.stored(kind.hasStatus ? without(written, "status") : written, context);
  const metadata = labelled(kind, writtenMetadata(written.metadata) as ObjectMeta);
  const object = assembled(kind, metadata, body);
  const status = kind.firstStatus(object);
  return status === undefined ? object : { ...object, status };
}

/** Throws 422 when a new object is not as its kind demands. */
export function checkNew(kind: Kind, object: KubeObject): void {
  const problems = [
    ...nameProblems(object.metadata, nameRule(kind)),
    ...metadataProblems(object, undefined),
    ...(kind.isCustom ? [] : finalizerProblems(object)),
    ...kind.problems(object, undefined),
  ];
  if (problems.length > 0) throw invalid(kind.type, object.metadata.name ?? "", problems);
}

function nameRule(kind: Kind): (name: string) => string | undefined {
  if (kind.type.plural === "namespaces" && kind.type.group === "") return labelProblem;
  if (kind.type.plural === "services" && kind.type.group === "") return serviceNameProblem;
  return subdomainProblem;
}

function serviceNameProblem(name: string): string | undefined {
  return name.includes(".") ? "must not contain dots" : labelProblem(name);
}

/** What a write makes of a stored object; that object itself when nothing changes. */
export interface Replacement {
  readonly before: KubeObject;
  readonly written: KubeObject;
  readonly subresource: Subresource | undefined;
  readonly context: DefaultingContext;
}

/** The object that a write leads to; the stored one itself when the write changes nothing. */
export function replaced(kind: Kind, write: Replacement): KubeObject {
  const { before, written, subresource } = write;
  checkReadable(kind, written, before);
  const isStatus = subresource === "status";
  const metadata = isStatus && kind.isCustom
    ? before.metadata
    : replacedMetadata(kind, before.metadata, written.metadata);
  const body = kept(before, kind.stored(candidateOf(kind, write), write.context));
  const object = assembled(kind, metadata, body);
  if (isUnchanged(before, object)) {
    checkFixed(kind, before, written);
    return before;
  }
  const generation = before.metadata.generation;
  if (generation === undefined || isStatus || !isNewGeneration(kind, before, object)) {
    check(kind, object, write);
    return object;
  }
  const next = { ...object, metadata: { ...metadata, generation: generation + 1 } };
  check(kind, next, write);
  return next;
}

/** A write of the status takes the rest from the store, any other write the status. */
function candidateOf(kind: Kind, { before, written, subresource }: Replacement): KubeObject {
  if (subresource === "status") return withStatus(before, written["status"]);
  return kind.hasStatus ? withStatus(written, before["status"]) : written;
}

function withStatus(object: KubeObject, status: unknown): KubeObject {
  if (object["status"] === status) return object;
  return status === undefined || status === null
    ? without(object, "status")
    : { ...without(object, "status"), status };
}

function labelled({ standardLabels }: Kind, metadata: ObjectMeta): ObjectMeta {
  if (standardLabels === undefined || metadata.name === undefined) return metadata;
  return { ...metadata, labels: { ...metadata.labels, ...standardLabels(metadata.name) } };
}

function replacedMetadata(kind: Kind, before: ObjectMeta, written: ObjectMeta): ObjectMeta {
  if (written === before) return before;
  const metadata: Fields = {};
  for (const field of SERVER_FIELDS) {
    if (before[field] !== undefined) metadata[field] = before[field];
  }
  const said = labelled(kind, { ...writtenMetadata(written), name: before.name });
  for (const field of ["labels", "annotations", "ownerReferences", "finalizers"] as const) {
    if (said[field] === undefined) continue;
    metadata[field] = isSameJson(said[field], before[field]) ? before[field] : said[field];
  }
  return isSameJson(metadata, before) ? before : metadata as unknown as ObjectMeta;
}

/** Parts that are the same JSON become the same object, so that later looks are quick. */
function kept(before: KubeObject, body: Fields): Fields {
  for (const field in body) {
    if (isSameJson(body[field], before[field])) body[field] = before[field];
  }
  return body;
}

function isUnchanged(before: KubeObject, object: KubeObject): boolean {
  for (const field in object) {
    if (object[field] !== before[field]) return false;
  }
  for (const field in before) {
    if (object[field] === undefined && before[field] !== undefined) return false;
  }
  return true;
}

function isNewGeneration(kind: Kind, before: KubeObject, object: KubeObject): boolean {
  if (kind.generation === "none") return false;
  const isAnnotated = object.metadata.annotations !== before.metadata.annotations;
  if (kind.countsAnnotations && isAnnotated) return true;
  if (kind.generation === "spec") {
    const { uncountedField } = kind;
    if (object["spec"] === before["spec"] || uncountedField === undefined) {
      return object["spec"] !== before["spec"];
    }
    const [spec, old] = [fieldsOf(object["spec"]), fieldsOf(before["spec"])];
    if (isSameBut(uncountedField, spec, old)) return false;
    return !isSameJson(without(spec, uncountedField), without(old, uncountedField));
  }
  for (const field of new Set([...Object.keys(before), ...Object.keys(object)])) {
    if (field === "metadata" || (field === "status" && kind.hasStatus)) continue;
    if (object[field] !== before[field]) return true;
  }
  return false;
}

function check(kind: Kind, object: KubeObject, { before, written }: Replacement): void {
  checkFixed(kind, before, written);
  const problems: FieldProblem[] = [];
  if (object.metadata !== before.metadata) {
    problems.push(...metadataProblems(object, before));
    if (!kind.isCustom) problems.push(...finalizerProblems(object));
  }
  problems.push(...kind.problems(object, before));
  if (problems.length > 0) throw invalid(kind.type, object.metadata.name, problems);
}

/** A writer may repeat what the server has set, or leave it out, but not change it. */
function checkFixed(kind: Kind, { metadata }: KubeObject, written: KubeObject): void {
  if (written.metadata === metadata) return;
  for (const field of ["uid", "deletionTimestamp"] as const) {
    const value = written.metadata[field];
    if (!value || value === metadata[field]) continue;
    throw invalid(kind.type, metadata.name, [{
      path: `metadata.${field}`,
      message: `Invalid value: ${JSON.stringify(value)}: field is immutable`,
    }]);
  }
}

function assembled(kind: Kind, metadata: ObjectMeta, body: Fields): KubeObject {
  const object: KubeObject = {
    apiVersion: apiVersionOf(kind.type),
    kind: kind.type.kind,
    metadata,
  };
  for (const field in body) {
    if (body[field] !== undefined) object[field] = body[field];
  }
  return object;
}

/** Throws when what a patch led to is of another kind, or not readable as one of this kind. */
export function checkPatched(kind: Kind, written: KubeObject): void {
  const { type } = kind;
  const { apiVersion } = written;
  if (kind.isCustom && apiVersion !== apiVersionOf(type)) {
    const group = String(apiVersion ?? "").split("/")[0];
    const told = JSON.stringify(apiVersion ?? "");
    const message = `Invalid value: ${told}: must be ${apiVersionOf(type)}`;
    const path = "apiVersion";
    throw invalidNamed(`${type.kind}.${group}`, written.metadata.name, [{ path, message }]);
  }
  try {
    checkReadable(kind, written);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 400) throw error;
    const why = error.message.slice(error.message.indexOf(": ") + 2);
    const told = JSON.stringify(JSON.stringify(written));
    throw invalidNamed("", "", [{ path: "patch", message: `Invalid value: ${told}: ${why}` }]);
  }
}

/** Throws when the object is of another kind, or not readable as one of this kind. */
function checkReadable(kind: Kind, written: KubeObject, before?: KubeObject): void {
  const { type, isCustom } = kind;
  const expected = apiVersionOf(type);
  const { apiVersion } = written;
  if (isCustom ? apiVersion !== expected : apiVersion && apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion ?? ""}) does not match the expected API ` +
        `version (${expected})`,
    );
  }
  if (written.kind !== type.kind && (isCustom || written.kind)) {
    if (isCustom) {
      const subject = `${written.kind ?? ""}.${type.group}`;
      const message = `Invalid value: ${JSON.stringify(written.kind ?? "")}: must be ${type.kind}`;
      throw invalidNamed(subject, written.metadata.name ?? "", [{ path: "kind", message }]);
    }
    throw unreadable(
      kind,
      `no kind "${written.kind}" is registered for version "${expected}" in scheme ` +
        '"pkg/runtime/scheme.go:111"',
    );
  }
  // Metadata that is the stored one was readable before.
  const isKept = written.metadata === before?.metadata;
  const why = (isKept ? undefined : unreadableMetadata(written, isCustom)) ??
    kind.unreadable(written);
  if (why !== undefined) throw unreadable(kind, `json: ${why}`);
}

function unreadable({ type }: Kind, why: string): Error {
  return badRequest(
    `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${why}`,
  );
}
