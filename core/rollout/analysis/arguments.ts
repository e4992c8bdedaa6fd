/** The values that a Rollout hands to an analysis. */
import type { AnalysisArgument } from "../../../sdk/api/analysis.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import type { Outcome } from "../../api/validation/analysis_templates.ts";
import { fieldText } from "./field_path.ts";

/** What values are taken from. */
export interface ArgumentSources {
  readonly rollout: Rollout;
  /** Hash of the newest revision. */
  readonly latestHash: string;
  readonly stableHash: string;
}

/** The arguments with their values, or why one has none. */
export function resolveArguments(
  args: unknown,
  sources: ArgumentSources,
): Outcome<readonly AnalysisArgument[]> {
  const resolved: AnalysisArgument[] = [];
  for (const argument of listOf(args).map(fieldsOf)) {
    const value = valueOf(argument, sources);
    if (value.error !== undefined) return value;
    resolved.push({ name: textOf(argument["name"]), value: value.value });
  }
  return { value: resolved };
}

function valueOf(
  { value, valueFrom }: Record<string, unknown>,
  { rollout, latestHash, stableHash }: ArgumentSources,
): Outcome<string> {
  const { podTemplateHashValue, fieldRef } = fieldsOf(valueFrom);
  if (podTemplateHashValue === "Latest") return { value: latestHash };
  if (podTemplateHashValue === "Stable") return { value: stableHash };
  if (isUnset(fieldRef)) return { value: textOf(value) };
  return fieldText(rollout, textOf(fieldsOf(fieldRef)["fieldPath"]));
}
