/** Rules that name metrics by a pattern: which metrics they mean, and which rules mean none. */
import { RE2JS } from "re2js";
import { fieldsOf, textOf } from "../../../sdk/wire/json.ts";
import type { MetricProblem } from "./validate_metrics.ts";

/** Which list of rules: those that make metrics dry, or those that keep more measurements. */
export type RuleList = "dryRun" | "measurementRetention";

/** The rules that match no metric; a run reports the first. */
export function validateRules(
  list: RuleList,
  rules: readonly unknown[],
  metrics: readonly unknown[],
): MetricProblem[] {
  const names = metrics.map((metric) => textOf(fieldsOf(metric)["name"]));
  return rules.flatMap((rule, index) => {
    const matches = metricMatcher(textOf(fieldsOf(rule)["metricName"]));
    if (names.some(matches)) return [];
    const detail = "Rule didn't match any metric name(s)";
    return [{
      text: `${list}[${index}]: ${detail}`,
      detail,
      location: [index, "metricName"],
      fields: [],
    }];
  });
}

/** Tells which names a rule means: it matches anywhere in the name; one that is no rule nothing. */
export function metricMatcher(pattern: string): (name: string) => boolean {
  try {
    const compiled = RE2JS.compile(pattern);
    return (name) => compiled.test(name);
  } catch {
    return () => false;
  }
}
