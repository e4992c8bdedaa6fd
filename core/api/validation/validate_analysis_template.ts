import type { KubeObject } from "../../../sdk/api/object.ts";
import { bothSourcesText, differentValuesText } from "./analysis_templates.ts";
import { type FieldError, invalid, required } from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace, item, placeAt } from "../../../sdk/wire/field_place.ts";
import {
  type Fields,
  fieldsOf,
  isFields,
  isUnset,
  listOf,
  textOf,
} from "../../../sdk/wire/json.ts";
import { type RuleList, validateRules } from "./validate_metric_rules.ts";
import { type MetricProblem, validateMetrics } from "./validate_metrics.ts";

const SPEC = placeAt("spec");
const RULE_LISTS: readonly RuleList[] = ["dryRun", "measurementRetention"];

/**
 * Everything wrong with an AnalysisTemplate or ClusterAnalysisTemplate taken by itself. What
 * depends on an argument is left to the runs that know its value.
 */
export function validateAnalysisTemplate(template: KubeObject): FieldError[] {
  const spec = fieldsOf(template["spec"]);
  const hasTemplates = listOf(spec["templates"]).length > 0;
  const metrics = listOf(spec["metrics"]);
  return [
    ...(metrics.length === 0 && hasTemplates ? [] : metricErrors(metrics)),
    ...RULE_LISTS.flatMap((list) => twinRules(list, listOf(spec[list]))),
    ...argumentErrors(listOf(spec["args"])),
    // A rule may be about a metric of a template that this one names.
    ...(hasTemplates
      ? []
      : RULE_LISTS.flatMap((list) =>
        validateRules(list, listOf(spec[list]), metrics)
          .filter(() => !metrics.some((metric) => hasTag(fieldsOf(metric)["name"])))
          .map((problem) => errorOf(problem, list, listOf(spec[list])))
      )),
  ];
}

function metricErrors(metrics: readonly unknown[]): FieldError[] {
  return validateMetrics(metrics)
    .filter(({ location: [index], fields }) => {
      const metric = typeof index === "number" ? fieldsOf(metrics[index]) : {};
      return !fields.some((field) => hasTag(metric[field]));
    })
    .map((problem) => errorOf(problem, "metrics", metrics));
}

function errorOf(
  { detail, location: [index, field] }: MetricProblem,
  list: string,
  entries: readonly unknown[],
): FieldError {
  const place = child(SPEC, list);
  if (typeof index !== "number") return required(place, detail);
  const at = typeof field === "string" ? child(item(place, index), field) : item(place, index);
  const value = typeof field === "string" ? fieldsOf(entries[index])[field] : undefined;
  return isUnset(value) ? required(at, detail) : invalid(at, value, { detail });
}

function hasTag(value: unknown): boolean {
  return typeof value === "string" && value.includes("{{");
}

function twinRules(list: RuleList, rules: readonly unknown[]): FieldError[] {
  const what = list === "dryRun" ? "Dry-Run" : "Measurement Retention";
  const names = rules.map((rule) => textOf(fieldsOf(rule)["metricName"]));
  return names.flatMap((name, index) => {
    if (names.indexOf(name) === index) return [];
    const detail = `two ${what} metric rules have the same name '${name}'`;
    return [invalid(child(item(child(SPEC, list), index), "metricName"), name, { detail })];
  });
}

function argumentErrors(args: readonly unknown[]): FieldError[] {
  const values = new Map<string, unknown>();
  return args.flatMap((argument, index) => {
    const place = item(child(SPEC, "args"), index);
    const { name, value, valueFrom } = fieldsOf(argument) as Fields;
    const known = values.get(textOf(name));
    if (isUnset(known)) values.set(textOf(name), value);
    return [
      ...valueConflict({ name: textOf(name), known, value }, place),
      ...(isUnset(value) || !isFields(valueFrom)
        ? []
        : [invalid(place, textOf(name), { detail: bothSourcesText(textOf(name)) })]),
    ];
  });
}

function valueConflict(
  { name, known, value }: { name: string; known: unknown; value: unknown },
  place: FieldPlace,
): FieldError[] {
  if (isUnset(known) || isUnset(value) || known === value) return [];
  const detail = differentValuesText(name, known, value);
  return [invalid(child(place, "value"), value, { detail })];
}
