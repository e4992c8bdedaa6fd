import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { child, entry, type FieldPlace } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset } from "../../../sdk/wire/json.ts";
import { canonicalQuantity, quantityMillis } from "../values/quantity.ts";

/** Everything wrong with a container's `resources`: amounts, and requests above their limits. */
export function validateResources(resources: unknown, place: FieldPlace): FieldError[] {
  const limits = fieldsOf(fieldsOf(resources)["limits"]);
  const requests = fieldsOf(fieldsOf(resources)["requests"]);
  return [
    ...validateAmounts(limits, child(place, "limits")),
    ...Object.keys(requests).sort().flatMap((name) => [
      ...validateAmount(requests, name, child(place, "requests")),
      ...validateRequest({ requests, limits, name }, child(place, "requests")),
    ]),
  ];
}

function validateAmounts(amounts: Fields, place: FieldPlace): FieldError[] {
  return Object.keys(amounts).sort().flatMap((name) => validateAmount(amounts, name, place));
}

function validateAmount(amounts: Fields, name: string, place: FieldPlace): FieldError[] {
  if (isUnset(amounts[name])) return [];
  const amount = amountOf(amounts[name]);
  const at = entry(place, name);
  if (amount === undefined) {
    const detail = "quantities must match the regular expression " +
      "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    return [invalid(at, amounts[name], { detail })];
  }
  const text = canonicalQuantity(amount);
  const detail = "must be greater than or equal to 0";
  return text?.startsWith("-") === true ? [invalid(at, text, { detail })] : [];
}

function validateRequest(
  { requests, limits, name }: { requests: Fields; limits: Fields; name: string },
  place: FieldPlace,
): FieldError[] {
  const request = amountOf(requests[name]);
  const limit = Object.hasOwn(limits, name) ? amountOf(limits[name]) : undefined;
  if (request === undefined || limit === undefined) return [];
  if (BigInt(quantityMillis(request) ?? 0) <= BigInt(quantityMillis(limit) ?? 0)) return [];
  const detail = `must be less than or equal to ${name} limit of ${canonicalQuantity(limit)}`;
  return [invalid(place, canonicalQuantity(request), { detail })];
}

function amountOf(value: unknown): string | number | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  return quantityMillis(value) === undefined ? undefined : value;
}
