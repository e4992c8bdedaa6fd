import { CUSTOM_RESOURCE_DEFINITIONS } from "../../api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, isFields, listOf } from "../../../sdk/wire/json.ts";
import { without } from "./json.ts";
import type { Kind, ScalePaths } from "./kind.ts";
import { invalidValue } from "./metadata.ts";
import { changeProblems, prunedBySchema, type Schema, schemaProblems } from "./schema.ts";
import type { FieldProblem } from "./status_error.ts";

const ENVELOPE = ["apiVersion", "kind", "metadata"];

/** CustomResourceDefinitions: what they define is served as soon as they are stored. */
export const DEFINITION_KIND: Kind = Object.freeze<Kind>({
  type: CUSTOM_RESOURCE_DEFINITIONS,
  isCustom: false,
  hasStatus: true,
  generation: "spec",
  selectableFields: {},
  stored: (object) => ({
    spec: storedDefinition(fieldsOf(object["spec"])),
    status: fieldsOf(object["status"]),
  }),
  firstStatus: (object) => establishedStatus(fieldsOf(object["spec"])),
  problems: definitionProblems,
  unreadable: () => undefined,
});

/** The kind that a CustomResourceDefinition defines, in the version that it stores. */
export function customKind(definition: KubeObject): Kind {
  const spec = fieldsOf(definition["spec"]);
  const names = fieldsOf(spec["names"]);
  const versions = listOf(spec["versions"]).map(fieldsOf);
  const version = versions.find(({ storage }) => storage === true) ?? fieldsOf(versions[0]);
  const schema = fieldsOf(fieldsOf(version["schema"])["openAPIV3Schema"]) as Schema;
  const subresources = fieldsOf(version["subresources"]);
  const hasStatus = isFields(subresources["status"]);
  const type: ResourceType = Object.freeze({
    group: String(spec["group"]),
    version: String(version["name"]),
    plural: String(names["plural"]),
    kind: String(names["kind"]),
    namespaced: spec["scope"] === "Namespaced",
  });
  return Object.freeze<Kind>({
    type,
    isCustom: true,
    hasStatus,
    ...(isFields(subresources["scale"])
      ? { scale: subresources["scale"] as unknown as ScalePaths }
      : {}),
    generation: hasStatus ? "body" : "spec",
    selectableFields: {},
    stored: (object, { before }) => storedBody(object, before, schema),
    firstStatus: (object) => hasStatus ? undefined : object["status"] as Fields | undefined,
    problems: (object, before) => customProblems(object, before, schema),
    unreadable: () => undefined,
  });
}

/** All but the envelope; a part that is the stored one already needs no second look. */
function storedBody(object: KubeObject, before: KubeObject | undefined, schema: Schema): Fields {
  const body: Fields = {};
  for (const field in object) {
    if (ENVELOPE.includes(field)) continue;
    const value = object[field];
    const fieldSchema = schema.properties?.[field];
    if (before !== undefined && value === before[field]) body[field] = value;
    else if (fieldSchema !== undefined) body[field] = prunedBySchema(value, fieldSchema);
    else if (schema["x-kubernetes-preserve-unknown-fields"] === true) body[field] = value;
  }
  return body;
}

function customProblems(
  object: KubeObject,
  before: KubeObject | undefined,
  schema: Schema,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const field of schema.required ?? []) {
    if (object[field] === undefined) problems.push({ path: field, message: "Required value" });
  }
  for (const [field, fieldSchema] of Object.entries(schema.properties ?? {})) {
    const value = object[field];
    if (ENVELOPE.includes(field) || value === undefined || value === before?.[field]) continue;
    problems.push(
      ...schemaProblems(value, fieldSchema, field),
      ...changeProblems({ value, before: before?.[field] }, fieldSchema, field),
    );
  }
  return isBlocking(problems) && hasRules(schema) ? [...problems, RULES_UNCHECKED] : problems;
}

/** The server checks no rule of an object that has not the shape that they speak of. */
const RULES_UNCHECKED: FieldProblem = Object.freeze({
  path: "<nil>",
  message: "Invalid value: null: some validation rules were not checked because the object was " +
    "invalid; correct the existing errors to complete validation",
});

function isBlocking(problems: readonly FieldProblem[]): boolean {
  return problems.some(({ message }) =>
    message === "Required value" || message.includes(" in body must be of type ")
  );
}

function hasRules(schema: Schema): boolean {
  return schema["x-kubernetes-validations"] !== undefined ||
    Object.values(schema.properties ?? {}).some(hasRules);
}

function storedDefinition(spec: Fields): Fields {
  const names = fieldsOf(spec["names"]);
  const kind = String(names["kind"] ?? "");
  return {
    ...spec,
    names: { singular: kind.toLowerCase(), listKind: `${kind}List`, ...names },
    conversion: spec["conversion"] ?? { strategy: "None" },
  };
}

function establishedStatus(spec: Fields): Fields {
  const names = fieldsOf(spec["names"]);
  const conditions = [
    { type: "NamesAccepted", reason: "NoConflicts", message: "no conflicts found" },
    {
      type: "Established",
      reason: "InitialNamesAccepted",
      message: "the initial names have been accepted",
    },
  ];
  return {
    conditions: conditions.map((condition) => ({ ...condition, status: "True" })),
    acceptedNames: without(names, "categories"),
    storedVersions: listOf(spec["versions"]).map(fieldsOf).filter(({ storage }) => storage === true)
      .map(({ name }) => name),
  };
}

function definitionProblems(definition: KubeObject): FieldProblem[] {
  const spec = fieldsOf(definition["spec"]);
  const { plural } = fieldsOf(spec["names"]);
  const name = `${plural}.${spec["group"]}`;
  const problems: FieldProblem[] = [];
  if (definition.metadata.name !== name) {
    const why = 'must be spec.names.plural+"."+spec.group';
    problems.push({
      path: "metadata.name",
      message: invalidValue(definition.metadata.name, why),
    });
  }
  if (spec["scope"] !== "Namespaced" && spec["scope"] !== "Cluster") {
    problems.push({ path: "spec.scope", message: "Required value" });
  }
  const stored = listOf(spec["versions"]).filter((version) =>
    fieldsOf(version)["storage"] === true
  );
  if (stored.length !== 1) {
    const message = "must have exactly one version marked as storage version";
    problems.push({ path: "spec.versions", message: invalidValue(spec["versions"], message) });
  }
  return problems;
}
