/** The fields of a kind as rows, for documentation. */
import { type DescribedField, describedFields } from "./described_fields.ts";
import type { Kind } from "./kinds.ts";

/** One field. */
export interface FieldRow {
  /** `spec.strategy.canary.steps[].setWeight`; `{}` stands for any key of a map. */
  readonly path: string;
  /** `whole number` */
  readonly type: string;
  readonly isRequired: boolean;
  readonly unit: string | undefined;
  readonly range: string | undefined;
  /** What counts when the field is absent. */
  readonly default: string | undefined;
  readonly meaning: string;
}

/** Every field of a kind, in the order of definition; a pod template is one row. */
export function fieldRows(kind: Kind): FieldRow[] {
  return rowsOf(describedFields(kind), "");
}

function rowsOf({ properties = {}, required = [] }: DescribedField, prefix: string): FieldRow[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const row = rowOf(field, { path, isRequired: required.includes(name) });
    if (field["x-template"] === true) return [row];
    const { items, additionalProperties } = field;
    if (items?.properties !== undefined) return [row, ...rowsOf(items, `${path}[]`)];
    if (additionalProperties?.properties !== undefined) {
      return [row, ...rowsOf(additionalProperties, `${path}{}`)];
    }
    return [row, ...rowsOf(field, path)];
  });
}

function rowOf(
  field: DescribedField,
  { path, isRequired }: { path: string; isRequired: boolean },
): FieldRow {
  const { meaning = "", unit, range, stored, ...note } = field["x-note"] ?? {};
  const standard = note.default ?? stored;
  return {
    path,
    type: field["x-type"] ?? field.type ?? "",
    isRequired,
    unit,
    range,
    default: standard === undefined || standard === "" ? undefined : String(standard),
    meaning,
  };
}
