import { type Fields, isFields } from "../../../sdk/wire/json.ts";
import { isSameJson } from "./json.ts";
import { invalidValue } from "./metadata.ts";
import type { FieldProblem } from "./status_error.ts";

/** The part of an OpenAPI schema that decides what of a custom object is stored. */
export interface Schema {
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly default?: unknown;
  readonly "x-kubernetes-validations"?: readonly { rule: string; message?: string }[];
}

/** The one rule that is understood: what is there stays as it is. */
const UNCHANGED = "self == oldSelf";

/** A value without the fields that its schema does not know, and with the schema's defaults. */
export function prunedBySchema(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined || !isStructured(items)) return value;
    return value.map((item) => prunedBySchema(item, items));
  }
  if (!isFields(value) || !isStructured(schema)) return value;
  const isOpen = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const { properties, additionalProperties } = schema;
  const pruned: Fields = {};
  for (const key in value) {
    const field = value[key];
    const known = properties?.[key];
    if (known !== undefined) {
      // A null stands for the default where there is one and null is not allowed.
      if (field === null && known.default !== undefined && known.nullable !== true) continue;
      pruned[key] = prunedBySchema(field, known);
    } else if (typeof additionalProperties === "object") {
      pruned[key] = prunedBySchema(field, additionalProperties);
    } else if (isOpen || additionalProperties === true) pruned[key] = field;
  }
  for (const key in properties) {
    const standard = properties[key]?.default;
    if (standard !== undefined && pruned[key] === undefined) pruned[key] = standard;
  }
  return pruned;
}

function isStructured(schema: Schema): boolean {
  return schema.properties !== undefined || schema.additionalProperties !== undefined ||
    schema.items !== undefined || schema["x-kubernetes-preserve-unknown-fields"] !== true;
}

/** Where a value breaks its schema: types, required fields, enumerations and minima. */
export function schemaProblems(value: unknown, schema: Schema, path: string): FieldProblem[] {
  if (value === null) {
    // Nulls in places that are open pass; others are dropped or refused by the type below.
    if (schema.nullable === true || schema.type === undefined) return [];
  }
  const found = typeOf(value);
  if (!isOfType(found, value, schema)) {
    const why = `${path} in body must be of type ${schema.type}: "${found}"`;
    return [{ path, message: invalidValue(found, why) }];
  }
  const problems = scalarProblems(value, schema, path);
  const { items, properties, additionalProperties } = schema;
  if (Array.isArray(value) && items !== undefined) {
    value.forEach((item, index) => {
      problems.push(...schemaProblems(item, items, `${path}[${index}]`));
    });
  }
  if (!isFields(value)) return problems;
  for (const field of schema.required ?? []) {
    if (value[field] === undefined) {
      problems.push({ path: `${path}.${field}`, message: "Required value" });
    }
  }
  for (const key in value) {
    const known = properties?.[key] ??
      (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (known !== undefined) problems.push(...schemaProblems(value[key], known, `${path}.${key}`));
  }
  return problems;
}

/** Where a value changes although its schema says that it stays; without an old value it may. */
export function changeProblems(
  { value, before }: { readonly value: unknown; readonly before: unknown },
  schema: Schema,
  path: string,
): FieldProblem[] {
  if (value === undefined || before === undefined || isSameJson(value, before)) return [];
  const fixed = schema["x-kubernetes-validations"]?.find(({ rule }) => rule === UNCHANGED);
  const own = fixed === undefined
    ? []
    : [{ path, message: `Invalid value: ${fixed.message ?? `failed rule: ${UNCHANGED}`}` }];
  if (!isFields(value) || !isFields(before)) return own;
  const inside = Object.entries(schema.properties ?? {}).flatMap(([field, known]) =>
    changeProblems({ value: value[field], before: before[field] }, known, `${path}.${field}`)
  );
  return [...own, ...inside];
}

function scalarProblems(value: unknown, schema: Schema, path: string): FieldProblem[] {
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const supported = schema.enum.map((one) => JSON.stringify(one)).join(", ");
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
    return [{ path, message }];
  }
  if (typeof value === "number" && schema.minimum !== undefined && value < schema.minimum) {
    const why = `${path} in body should be greater than or equal to ${schema.minimum}`;
    return [{ path, message: invalidValue(value, why) }];
  }
  return [];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function isOfType(found: string, value: unknown, schema: Schema): boolean {
  if (schema["x-kubernetes-int-or-string"] === true) {
    return found === "integer" || found === "string";
  }
  if (schema.type === undefined) return true;
  return found === schema.type || (schema.type === "number" && typeof value === "number");
}
