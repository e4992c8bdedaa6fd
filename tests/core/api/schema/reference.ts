/** The fields of Argo Rollouts' definitions (derived, see tests/fixtures/definitions), and ours. */
import {
  type DescribedField,
  describedFields,
} from "../../../../core/api/schema/described_fields.ts";
import type { Kind } from "../../../../core/api/schema/kinds.ts";
import reference from "../../../fixtures/definitions/reference_fields.json" with { type: "json" };

type Words = Readonly<Record<string, unknown>>;
/** Path, type, and what else an API server acts on. */
export type Row = readonly [path: string, type: string, words?: Words];

export interface ReferenceKind {
  readonly scope: string;
  readonly names: Words;
  readonly columns: readonly (readonly string[])[];
  readonly subresources: Words;
  readonly fields: readonly Row[];
}

export const REFERENCE_TEMPLATE = reference.podTemplate as unknown as readonly Row[];

export function referenceKind(kind: string): ReferenceKind {
  const found = (reference as unknown as Record<string, ReferenceKind>)[kind];
  if (found === undefined) throw new Error(`Cannot compare ${kind}: the reference has none`);
  return found;
}

/** Said of every list that has no keys; patterns and rules are not what fields are. */
const NOT_COMPARED = ["pattern"];

/** Rows as text, so that a difference reads well. */
export function comparable(rows: readonly Row[]): string[] {
  return rows.map(([path, type, words = {}]) => {
    const kept = Object.entries(words)
      .filter(([word]) => !NOT_COMPARED.includes(word))
      .filter(([word, value]) => !(word === "x-kubernetes-list-type" && value === "atomic"))
      .map(([word, value]) => `${word}=${JSON.stringify(value)}`);
    return [path, type, ...kept.sort()].join(" ");
  }).sort();
}

/** Our own fields of a kind, pod templates as one row. */
export function ownRows(kind: Kind): Row[] {
  const { properties = {}, required = [] } = describedFields(kind);
  return Object.entries(properties).flatMap(([name, field]) =>
    rowsOf(field, { path: name, isRequired: required.includes(name), isWhole: false })
  );
}

/** Our own fields of a pod template. */
export function ownTemplateRows(kind: Kind): Row[] {
  const template = describedFields(kind).properties?.["spec"]?.properties?.["template"];
  if (template === undefined) throw new Error("Cannot list fields: there is no pod template");
  return Object.entries(template.properties ?? {}).flatMap(([name, field]) =>
    rowsOf(field, { path: name, isRequired: false, isWhole: true })
  );
}

interface At {
  readonly path: string;
  readonly isRequired: boolean;
  readonly isWhole: boolean;
}

function rowsOf(field: DescribedField, { path, isRequired, isWhole }: At): Row[] {
  const isTemplate = field["x-template"] === true && !isWhole;
  const row: Row = [path, isTemplate ? "pod template" : typeOf(field), wordsOf(field, isRequired)];
  if (isTemplate) return [row];
  const { properties = {}, required = [], items, additionalProperties } = field;
  const inner = Object.entries(properties).flatMap(([name, child]) =>
    rowsOf(child, { path: `${path}.${name}`, isRequired: required.includes(name), isWhole })
  );
  return [
    row,
    ...inner,
    ...(items ? rowsOf(items, { path: `${path}[]`, isRequired: false, isWhole }) : []),
    ...(additionalProperties
      ? rowsOf(additionalProperties, { path: `${path}{}`, isRequired: false, isWhole })
      : []),
  ];
}

function typeOf(field: DescribedField): string {
  if (field["x-kubernetes-int-or-string"] === true) return "integer or string";
  if (field.type === undefined) return "any";
  return field.format === undefined ? field.type : `${field.type} ${field.format}`;
}

const WORDS = [
  "default",
  "enum",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
] as const;

function wordsOf(field: DescribedField, isRequired: boolean): Words {
  const words: Record<string, unknown> = {};
  for (const word of WORDS) if (field[word] !== undefined) words[word] = field[word];
  if (field["x-kubernetes-validations"] !== undefined) words["x-kubernetes-validations"] = true;
  if (isRequired) words["required"] = true;
  return words;
}
