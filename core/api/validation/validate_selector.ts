/** Label selectors: what is wrong with one, and which labels it matches. */
import type { LabelSelector } from "../../../sdk/api/rollout.ts";
import { type FieldError, forbidden, invalid, required } from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace, item } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, isFields, listOf, textOf } from "../../../sdk/wire/json.ts";
import { labelKeyProblems, labelValueProblems } from "./kube_names.ts";

/** Everything wrong with a selector's labels and expressions. */
export function validateSelector(selector: unknown, place: FieldPlace): FieldError[] {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  return [
    ...validateLabels(matchLabels, child(place, "matchLabels")),
    ...listOf(matchExpressions).flatMap((expression, index) =>
      validateExpression(expression, item(child(place, "matchExpressions"), index))
    ),
  ];
}

/** Everything wrong with a map of labels, in the order of the keys. */
export function validateLabels(labels: unknown, place: FieldPlace): FieldError[] {
  const map = fieldsOf(labels);
  return Object.keys(map).sort().flatMap((key) => {
    const value = textOf(map[key]);
    return [
      ...labelKeyProblems(key).map((detail) => invalid(place, key, { detail })),
      ...labelValueProblems(value).map((detail) => invalid(place, value, { detail })),
    ];
  });
}

/** True when the selector says nothing at all; such a selector matches everything. */
export function isEmptySelector(selector: unknown): boolean {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  return Object.keys(fieldsOf(matchLabels)).length === 0 && listOf(matchExpressions).length === 0;
}

/** True when a selector matches these labels; a missing selector matches nothing. */
export function selectorMatches(
  selector: LabelSelector | undefined | null,
  labels: Readonly<Record<string, unknown>> | undefined,
): boolean {
  if (!isFields(selector)) return false;
  const present = fieldsOf(labels);
  const wanted = fieldsOf(selector.matchLabels);
  return Object.keys(wanted).every((key) => has(present, key) && present[key] === wanted[key]) &&
    listOf(selector.matchExpressions).every((expression) =>
      expressionMatches(fieldsOf(expression), present)
    );
}

function expressionMatches(
  expression: Record<string, unknown>,
  labels: Record<string, unknown>,
): boolean {
  const key = textOf(expression["key"]);
  const isAmong = has(labels, key) && listOf(expression["values"]).includes(labels[key]);
  switch (expression["operator"]) {
    case "In":
      return isAmong;
    case "NotIn":
      return !isAmong;
    case "Exists":
      return has(labels, key);
    case "DoesNotExist":
      return !has(labels, key);
    default:
      return false;
  }
}

function validateExpression(expression: unknown, place: FieldPlace): FieldError[] {
  const fields = fieldsOf(expression);
  const operator = textOf(fields["operator"]);
  const key = textOf(fields["key"]);
  const values = listOf(fields["values"]);
  const errors: FieldError[] = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      const detail = "must be specified when `operator` is 'In' or 'NotIn'";
      errors.push(required(child(place, "values"), detail));
    }
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      errors.push(forbidden(child(place, "values"), detail));
    }
  } else {
    const detail = "not a valid selector operator";
    errors.push(invalid(child(place, "operator"), operator, { detail }));
  }
  for (const detail of labelKeyProblems(key)) {
    errors.push(invalid(child(place, "key"), key, { detail }));
  }
  values.forEach((value, index) => {
    for (const detail of labelValueProblems(textOf(value))) {
      errors.push(invalid(item(child(place, "values"), index), value, { detail }));
    }
  });
  return errors;
}

function has(labels: Record<string, unknown>, key: string): boolean {
  return Object.hasOwn(labels, key);
}
