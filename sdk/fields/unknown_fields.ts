/** Which fields of a value nobody has defined. */
import type { FieldLocation } from "../wire/field_place.ts";
import { isFields } from "../wire/json.ts";
import type { Expected } from "./checking_kit.ts";

/** The fields of a value that are not among those expected. */
export function unknownFieldsOf(value: unknown, expected: Expected): FieldLocation[] {
  const found: FieldLocation[] = [];
  collect(value, expected, { at: [], found });
  return found;
}

function collect(
  value: unknown,
  expected: Expected,
  { at, found }: { at: FieldLocation; found: FieldLocation[] },
): void {
  const { item, fields } = expected;
  if (Array.isArray(value)) {
    if (item === undefined) return;
    value.forEach((each, index) => collect(each, item, { at: [...at, index], found }));
    return;
  }
  if (!isFields(value)) return;
  const known = fields?.();
  for (const [name, field] of Object.entries(value)) {
    const place = { at: [...at, name], found };
    const inside = item ??
      (known !== undefined && Object.hasOwn(known, name) ? known[name] : undefined);
    if (inside !== undefined) collect(field, inside, place);
    else if (known !== undefined) found.push(place.at);
  }
}
