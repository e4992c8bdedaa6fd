/** What a run's spec says, with defaults: its metrics, ready to be scheduled and assessed. */
import type { AnalysisArgument, AnalysisRun, AnalysisRunSpec } from "../../sdk/api/analysis.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../sdk/wire/json.ts";
import type { Outcome } from "../api/validation/analysis_templates.ts";
import { resolveMetricArguments } from "../api/validation/metric_arguments.ts";
import { metricMatcher, validateRules } from "../api/validation/validate_metric_rules.ts";
import {
  isIndefinite,
  validateMetrics,
  wholeNumberOf,
} from "../api/validation/validate_metrics.ts";
import { parseGoDuration } from "../api/values/durations.ts";

/** Stands for the value of a secret wherever it is only of interest that there is one. */
const IN_PLACE_OF_SECRET = "temp-for-secret";
const ERROR_LIMIT = 4;
const MEASUREMENTS_KEPT = 10;

/** One metric of a run. */
export interface MetricFacts {
  /** With the values of its arguments. */
  readonly name: string;
  /** As it stands in the spec. */
  readonly metric: Fields;
  readonly intervalMs: number | undefined;
  readonly initialDelayMs: number | undefined;
  /** Measurements that are taken; undefined: no end. */
  readonly count: number | undefined;
  /** -1: any number of failures. */
  readonly failureLimit: number;
  readonly inconclusiveLimit: number;
  readonly consecutiveErrorLimit: number;
  /** 0: not used. */
  readonly consecutiveSuccessLimit: number;
  /** It counts for nothing. */
  readonly isDry: boolean;
  /** So many measurements stay in the status. */
  readonly kept: number;
}

/** The metrics of a run, or the message of a run that cannot be measured. */
export function readRun({ spec }: AnalysisRun): Outcome<readonly MetricFacts[]> {
  const args = withoutSecrets(listOf(spec?.args).map(fieldsOf));
  const resolved: Fields[] = [];
  for (const metric of listOf(spec?.metrics)) {
    const outcome = resolveMetricArguments(fieldsOf(metric), args);
    if (outcome.error !== undefined) {
      return { error: `Unable to resolve metric arguments: ${outcome.error}` };
    }
    resolved.push(outcome.value);
  }
  const problem = problemOf(spec, resolved);
  if (problem !== undefined) return { error: `Analysis spec invalid: ${problem}` };
  const isDry = ruleOf(spec.dryRun, () => true);
  const kept = ruleOf(spec.measurementRetention, ({ limit }) => Number(limit));
  return {
    value: resolved.map((metric, index) =>
      factsOf(metric, {
        metric: fieldsOf(spec.metrics[index]),
        isDry: isDry(textOf(metric["name"])) ?? false,
        kept: kept(textOf(metric["name"])) ?? 0,
      })
    ),
  };
}

function withoutSecrets(args: readonly Fields[]): Fields[] {
  return args.map((argument) =>
    isSecret(argument) ? { ...argument, value: IN_PLACE_OF_SECRET } : argument
  );
}

/** True for an argument whose value is that of a secret. */
export function isSecret(argument: Fields | AnalysisArgument): boolean {
  const { value, valueFrom } = argument;
  return isUnset(value) && !isUnset(fieldsOf(valueFrom)["secretKeyRef"]);
}

function problemOf(spec: AnalysisRunSpec, metrics: readonly Fields[]): string | undefined {
  return [
    ...validateMetrics(metrics),
    ...validateRules("dryRun", listOf(spec?.dryRun), metrics),
    ...validateRules("measurementRetention", listOf(spec?.measurementRetention), metrics),
  ][0]?.text;
}

/** What the last rule about a metric says; undefined: there is none. */
function ruleOf<Value>(
  rules: unknown,
  valueOf: (rule: Fields) => Value,
): (metric: string) => Value | undefined {
  const matchers = listOf(rules).map(fieldsOf)
    .map((rule) => ({ rule, matches: metricMatcher(textOf(rule["metricName"])) }));
  return (metric) => {
    const found = matchers.findLast(({ matches }) => matches(metric));
    return found === undefined ? undefined : valueOf(found.rule);
  };
}

function factsOf(
  resolved: Fields,
  { metric, isDry, kept }: { metric: Fields; isDry: boolean; kept: number },
): MetricFacts {
  const count = wholeNumberOf(resolved["count"]);
  const errors = resolved["consecutiveErrorLimit"];
  return {
    name: textOf(resolved["name"]),
    metric,
    intervalMs: parseGoDuration(textOf(resolved["interval"])),
    initialDelayMs: parseGoDuration(textOf(resolved["initialDelay"])),
    count: isIndefinite(resolved) ? undefined : count === 0 ? 1 : count,
    failureLimit: wholeNumberOf(resolved["failureLimit"]),
    inconclusiveLimit: wholeNumberOf(resolved["inconclusiveLimit"]),
    consecutiveErrorLimit: isUnset(errors) ? ERROR_LIMIT : wholeNumberOf(errors),
    consecutiveSuccessLimit: wholeNumberOf(resolved["consecutiveSuccessLimit"]),
    isDry,
    kept: kept > 0 ? kept : MEASUREMENTS_KEPT,
  };
}
