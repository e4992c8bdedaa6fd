import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { placeOf } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, isUnset, listOf } from "../../../sdk/wire/json.ts";
import { type FindObject, MAPPING, type Reference } from "./references.ts";
import type { ReferenceErrors } from "./validate_services.ts";

/** Everything wrong with the Ambassador mappings of a canary. */
export function validateMappings(
  canary: Record<string, unknown>,
  references: readonly Reference[],
  find: FindObject,
): ReferenceErrors {
  const { ambassador } = fieldsOf(canary["trafficRouting"]);
  if (isUnset(ambassador)) return { missing: [], wrong: [] };
  const missing: FieldError[] = [];
  const wrong: FieldError[] = [];
  if (listOf(fieldsOf(ambassador)["mappings"]).length === 0) {
    const location = ["spec", "strategy", "canary", "trafficRouting", "ambassador", "mappings"];
    const place = placeOf(location);
    missing.push(invalid(place, null, { detail: "must provide at least one mapping" }));
  }
  for (const reference of references.filter(({ type }) => type === MAPPING)) {
    const { name, location } = reference;
    const mapping = find(reference);
    if (mapping === undefined) {
      const detail = `mappings.getambassador.io "${name}" not found`;
      missing.push(invalid(reference, name, { detail }));
    } else if (hasWeight(mapping)) {
      const detail = `Ambassador mapping "${name}" can not define weight`;
      wrong.push(invalid({ path: "spec.weight", location }, name, { detail }));
    }
  }
  return { missing, wrong };
}

/** Only a whole number counts as a weight, and 0 is none. */
function hasWeight(mapping: Record<string, unknown>): boolean {
  const { weight } = fieldsOf(mapping["spec"]);
  return Number.isInteger(weight) && weight !== 0;
}
