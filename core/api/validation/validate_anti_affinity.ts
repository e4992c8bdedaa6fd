import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, isUnset } from "../../../sdk/wire/json.ts";

const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

/** Everything wrong with `antiAffinity` of the strategy at a place. */
export function validateAntiAffinity(antiAffinity: unknown, strategy: FieldPlace): FieldError[] {
  if (isUnset(antiAffinity)) return [];
  const { [PREFERRED]: preferred, [REQUIRED]: requirement } = fieldsOf(antiAffinity);
  const place = child(strategy, "antiAffinity");
  const errors: FieldError[] = [];
  if (isUnset(preferred) === isUnset(requirement)) {
    const value = `antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: ` +
      `${!isUnset(preferred)} ` +
      `antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: ${!isUnset(requirement)}`;
    errors.push(
      invalid(place, value, { detail: "AntiAffinity must have exactly one strategy listed" }),
    );
  }
  const { weight = 0 } = fieldsOf(preferred);
  if (!isUnset(preferred) && (typeof weight !== "number" || weight < 1 || weight > 100)) {
    const at: FieldPlace = {
      path: `${place.path}.weight`,
      location: [...place.location, PREFERRED, "weight"],
    };
    errors.push(invalid(at, weight, { detail: "AntiAffinity weight must be between 1-100" }));
  }
  return errors;
}
