/** Values of arguments put into a metric, where it says `{{args.name}}`. */
import type { Outcome } from "./analysis_templates.ts";
import { type Fields, fieldsOf, isUnset, textOf } from "../../../sdk/wire/json.ts";

/** A metric's own fields in the order in which tags are looked for; others come between them. */
const FIRST_FIELDS: readonly string[] = [
  "name",
  "interval",
  "initialDelay",
  "count",
  "successCondition",
  "failureCondition",
  "failureLimit",
  "inconclusiveLimit",
  "consecutiveErrorLimit",
  "provider",
  "consecutiveSuccessLimit",
];

/** A metric with the values of its arguments; of several tags without one, the last is told. */
export function resolveMetricArguments(
  metric: Fields,
  args: readonly unknown[],
): Outcome<Fields> {
  const values = new Map<string, string>();
  for (const argument of args.map(fieldsOf)) {
    const { name, value } = argument;
    if (isUnset(value)) return { error: `argument "${textOf(name)}" was not supplied` };
    values.set(`args.${textOf(name)}`, textOf(value));
  }
  let error: string | undefined;
  // Tags are looked for in the metric's JSON: one may even begin in one field and end in another.
  const text = JSON.stringify(inOrder(metric)).replace(/\{\{(.*?)\}\}/gs, (whole, tag: string) => {
    const value = values.get(tag.trim());
    if (value === undefined) {
      error = `failed to resolve ${whole}`;
      return whole;
    }
    return JSON.stringify(value).slice(1, -1);
  });
  return error === undefined ? { value: fieldsOf(JSON.parse(text)) } : { error };
}

function inOrder(metric: Fields): Fields {
  const known = FIRST_FIELDS.filter((field) => Object.hasOwn(metric, field));
  return Object.fromEntries(known.map((field) => [field, metric[field]]));
}
