/** The fields of a kind as JSON schema, with all that is known of each of them. */
import * as z from "zod/mini";
import { describingKit, type Description, schemasOf } from "./describing_kit.ts";
import type { Kind } from "./kinds.ts";

/** One field: its type, what is inside, and what was said of it. */
export interface DescribedField extends Description {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, DescribedField>>;
  readonly items?: DescribedField;
  readonly additionalProperties?: DescribedField;
}

/** The fields of a kind besides apiVersion, kind and metadata. */
export function describedFields(kind: Kind): DescribedField {
  const descriptions = z.registry<Description>();
  const schema = z.looseObject(schemasOf(() => kind.fields(describingKit(descriptions))));
  const json = z.toJSONSchema(schema, {
    target: "openapi-3.0",
    io: "input",
    metadata: descriptions,
    unrepresentable: "any",
  });
  return plain(json as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

/** Words of JSON schema that say nothing an API server wants to hear. */
const LEFT_OUT: readonly string[] = [
  "$schema",
  "id",
  "anyOf",
  "minimum",
  "maximum",
  "propertyNames",
];

function plain(schema: Fields): DescribedField {
  const kept = Object.entries(schema).flatMap(([word, value]): [string, unknown][] => {
    if (LEFT_OUT.includes(word)) return [];
    switch (word) {
      case "properties":
        return [[word, mapped(value as Readonly<Record<string, Fields>>)]];
      case "items":
        return [[word, plain(value as Fields)]];
      case "additionalProperties": {
        // Loose objects take anything: an API server says that by another word, or not at all.
        const inner = plain(value as Fields);
        return Object.keys(inner).length === 0 ? [] : [[word, inner]];
      }
      default:
        return [[word, value]];
    }
  });
  return Object.fromEntries(kept);
}

function mapped(properties: Readonly<Record<string, Fields>>): Record<string, DescribedField> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, plain(field)]),
  );
}
