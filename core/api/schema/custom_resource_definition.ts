/** CustomResourceDefinitions, small enough for `kubectl apply`. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type DescribedField, describedFields } from "./described_fields.ts";
import type { Kind } from "./kinds.ts";
import { definitionOf, OPEN_OBJECT, type Schema } from "./open_definition.ts";

/** A kind's definition with all its fields, ready to be applied. */
export function customResourceDefinition(kind: Kind): KubeObject {
  const { properties = {}, required = [] } = describedFields(kind);
  const fields = Object.entries(properties).map(([name, field]) => [name, schemaOf(field)]);
  return definitionOf(kind, { required, properties: Object.fromEntries(fields) });
}

/** A field as an API server wants it: without our own words, pod templates thinned out. */
function schemaOf(field: DescribedField): Schema {
  if (field["x-template"] === true) return thinned(field) ?? wordsOf(field);
  const { properties, items, additionalProperties } = field;
  return {
    ...wordsOf(field),
    ...(items === undefined ? {} : { items: schemaOf(items) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: schemaOf(additionalProperties) }),
    ...(properties === undefined || Object.keys(properties).length === 0 ? {} : {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, schemaOf(child)]),
      ),
    }),
  };
}

/**
 * Of a field in a pod template only what an API server acts on: merge keys, what server-side apply
 * may not split, and values that it fills in. What is left out may hold anything; undefined when
 * nothing remains. In full, the pod template alone is larger than what `kubectl apply` can carry.
 */
function thinned(field: DescribedField, isSplit = true): Schema | undefined {
  const { type, properties = {}, items, additionalProperties } = field;
  const keys = field["x-kubernetes-list-map-keys"] ?? [];
  // Inside of what is never split, how the parts could be split means nothing.
  const isActedOn = field.default !== undefined || (isSplit &&
    (field["x-kubernetes-list-type"] ?? field["x-kubernetes-map-type"]) !== undefined);
  const isInsideSplit = isSplit && field["x-kubernetes-map-type"] === undefined;
  if (type === "array" && items !== undefined) {
    const inner = keys.length > 0
      ? thinnedObject(items, { keys, isSplit: isInsideSplit })
      : thinned(items, false);
    return isActedOn || inner !== undefined
      ? { ...wordsOf(field), items: inner ?? openWordsOf(items) }
      : undefined;
  }
  if (additionalProperties !== undefined) return isActedOn ? schemaOf(field) : undefined;
  if (type !== "object") return isActedOn ? wordsOf(field) : undefined;
  const hasMore = Object.values(properties).some((child) =>
    thinned(child, isInsideSplit) !== undefined
  );
  return isActedOn || hasMore
    ? thinnedObject(field, { keys: [], isSplit: isInsideSplit })
    : undefined;
}

/** The fields of an object that must stay, and those that tell its list's items apart. */
function thinnedObject(
  field: DescribedField,
  { keys, isSplit }: { keys: readonly string[]; isSplit: boolean },
): Schema {
  const kept = Object.entries(field.properties ?? {}).flatMap(([name, child]) => {
    const schema = thinned(child, isSplit) ?? (keys.includes(name) ? wordsOf(child) : undefined);
    return schema === undefined ? [] : [[name, schema] as const];
  });
  return {
    ...openWordsOf(field),
    ...(kept.length === 0 ? {} : { properties: Object.fromEntries(kept) }),
  };
}

/** What is said of a field itself; of an object also that it may hold anything. */
function openWordsOf(field: DescribedField): Schema {
  return field.type === "object" ? { ...wordsOf(field), ...OPEN_OBJECT } : wordsOf(field);
}

/** Words for what is inside a field, and those that only our own documentation reads. */
const NOT_WORDS: readonly string[] = [
  "properties",
  "items",
  "additionalProperties",
  "x-note",
  "x-type",
  "x-template",
];

function wordsOf(field: DescribedField): Schema {
  return Object.fromEntries(Object.entries(field).filter(([word]) => !NOT_WORDS.includes(word)));
}
