/** The analysis templates that a Rollout uses: are they there, and do they fit together. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import {
  addRules,
  bothSourcesText,
  collectTemplates,
  flattenTemplates,
  mergeArguments,
} from "./analysis_templates.ts";
import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { placeOf } from "../../../sdk/wire/field_place.ts";
import {
  type Fields,
  fieldsOf,
  isUnset,
  listOf,
  scalarText,
  textOf,
} from "../../../sdk/wire/json.ts";
import { resolveMetricArguments } from "./metric_arguments.ts";
import {
  ANALYSIS_TEMPLATE,
  type FindObject,
  type RolloutAnalysis,
  templateReferences,
} from "./references.ts";
import { isIndefinite } from "./validate_metrics.ts";
import type { ReferenceErrors } from "./validate_services.ts";

/** Stands for values that are known only when a run is made. */
const UNKNOWN_VALUE = "dummy-value";

/** Everything wrong with the templates of one analysis of a Rollout. */
export function validateTemplateReferences(
  { use, analysis, location }: RolloutAnalysis,
  find: FindObject,
): ReferenceErrors {
  const at = [...location, "templates"];
  const place = placeOf(at);
  const collected = collectTemplates(templateReferences(analysis["templates"], at), find);
  if (collected.missing.length > 0) {
    const missing = collected.missing.map((reference) => {
      const kind = reference.type === ANALYSIS_TEMPLATE ? "" : "Cluster";
      const detail = `${kind}AnalysisTemplate '${reference.name}' not found`;
      return invalid(reference, reference.name, { detail });
    });
    return { missing, wrong: [] };
  }
  const templates = [...collected.templates, ...collected.clusterTemplates];
  const conflict = conflictOf(collected, analysis, use);
  if (conflict !== undefined) {
    const names = templates.map(nameOf).join(" ");
    return {
      missing: [],
      wrong: [invalid(place, `templateNames: [${names}]`, { detail: conflict })],
    };
  }
  const problemsOf = use === "background"
    ? (template: KubeObject) => missingArguments(template, analysis)
    : endlessMetrics;
  const wrong = templates.flatMap((template): FieldError[] =>
    problemsOf(template).map((detail) => invalid(place, nameOf(template), { detail }))
  );
  return { missing: [], wrong };
}

function nameOf(template: KubeObject): string {
  return textOf(fieldsOf(template.metadata)["name"]);
}

/** Why the templates cannot be made into one run. */
function conflictOf(
  { templates, clusterTemplates }: ReturnType<typeof collectTemplates>,
  analysis: Fields,
  use: RolloutAnalysis["use"],
): string | undefined {
  const flat = flattenTemplates(templates, clusterTemplates);
  if (flat.error !== undefined) return flat.error;
  const given = listOf(analysis["args"]).map((argument) => ({
    name: fieldsOf(argument)["name"],
    value: UNKNOWN_VALUE,
  }));
  const merged = mergeArguments(given, flat.value.args);
  if (merged.error !== undefined) return merged.error;
  // Quirk(caller-rules): only the rules of a step are compared with those of its templates.
  return use === "step" ? addRules(flat.value, analysis).error : undefined;
}

/** A background analysis has to hand in what a template leaves open, one by one. */
function missingArguments(template: KubeObject, analysis: Fields): string[] {
  const given = listOf(analysis["args"]).map((argument) => textOf(fieldsOf(argument)["name"]));
  return argsOf(template)
    .filter(({ value, valueFrom }) => isUnset(value) && isUnset(valueFrom))
    .map(({ name }) => textOf(name))
    .filter((name) => !given.includes(name))
    .map((name) => given.length === 0 ? "missing analysis arguments in rollout spec" : name);
}

/** An analysis that the Rollout waits for has to come to an end. */
function endlessMetrics(template: KubeObject): string[] {
  const what = `AnalysisTemplate ${nameOf(template)}`;
  const args = argsOf(template);
  const both = args.find(({ value, valueFrom }) => !isUnset(value) && !isUnset(valueFrom));
  if (both !== undefined) return [`${what}: ${bothSourcesText(textOf(both["name"]))}`];
  const values = args.map(({ name, value }) => ({ name, value: value ?? UNKNOWN_VALUE }));
  const metrics: Fields[] = [];
  for (const metric of listOf(fieldsOf(template["spec"])["metrics"])) {
    const resolved = resolveMetricArguments(fieldsOf(metric), values);
    if (resolved.error !== undefined) return [`${what}: ${resolved.error}`];
    metrics.push(resolved.value);
  }
  return metrics.filter(isIndefinite).map(({ name, count }) =>
    `${what} has metric ${textOf(name)} which runs indefinitely. ` +
    `Invalid value for count: ${countText(count)}`
  );
}

function countText(count: unknown): string {
  if (isUnset(count)) return "<nil>";
  return typeof count === "object" ? JSON.stringify(count) : scalarText(count);
}

function argsOf(template: KubeObject): Fields[] {
  return listOf(fieldsOf(template["spec"])["args"]).map(fieldsOf);
}
