/** What it means that a source has no data, where a template says so by an annotation. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import { ON_NO_DATA_ANNOTATION } from "../api/names/names.ts";
import type { Outcome } from "../api/validation/analysis_templates.ts";

/** `wait`: measured again after the interval, and nothing is counted. */
export type NoDataPolicy = "inconclusive" | "fail" | "wait";

const POLICIES: readonly unknown[] = ["inconclusive", "fail", "wait"];

export function isNoDataPolicy(value: unknown): value is NoDataPolicy {
  return POLICIES.includes(value);
}

/** The annotation of a run made of these templates; undefined: no template says anything. */
export function noDataAnnotation(templates: readonly KubeObject[]): Outcome<string | undefined> {
  const policies = new Map<string, string>();
  for (const { kind, metadata, ["spec"]: spec } of templates) {
    const policy = metadata.annotations?.[ON_NO_DATA_ANNOTATION];
    if (policy === undefined) continue;
    if (!isNoDataPolicy(policy)) {
      const error = `${kind} '${metadata.name}': annotation ${ON_NO_DATA_ANNOTATION} must be ` +
        `inconclusive, fail or wait, not '${policy}'`;
      return { error };
    }
    for (const metric of listOf(fieldsOf(spec)["metrics"])) {
      policies.set(textOf(fieldsOf(metric)["name"]), policy);
    }
  }
  const value = policies.size === 0 ? undefined : JSON.stringify(Object.fromEntries(policies));
  return { value };
}

/** What a run says about a metric without data; undefined: nothing. */
export function noDataPolicy(run: KubeObject, metric: string): NoDataPolicy | undefined {
  const text = run.metadata.annotations?.[ON_NO_DATA_ANNOTATION] ?? "";
  if (isNoDataPolicy(text)) return text;
  const policies = policiesIn(text);
  const policy = Object.hasOwn(policies, metric) ? policies[metric] : undefined;
  return isNoDataPolicy(policy) ? policy : undefined;
}

function policiesIn(text: string): Record<string, unknown> {
  if (!text.startsWith("{")) return {};
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}
