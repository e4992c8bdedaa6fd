/** What is wrong with the metrics of an analysis. */
import { goDurationProblem } from "../values/durations.ts";
import { type Fields, fieldsOf, isUnset, textOf } from "../../../sdk/wire/json.ts";

/** One problem of a list of metrics or rules. */
export interface MetricProblem {
  /** As a run says it: `metrics[0]: no provider specified`. */
  readonly text: string;
  /** The text without the place. */
  readonly detail: string;
  /** From the list on: `[0, "interval"]`. */
  readonly location: readonly (string | number)[];
  /** The fields of the metric that the problem follows from. */
  readonly fields: readonly string[];
}

/** Everything wrong with the metrics of a run; a run reports the first. */
export function validateMetrics(metrics: readonly unknown[]): MetricProblem[] {
  if (metrics.length === 0) {
    const text = "no metrics specified";
    return [{ text, detail: text, location: [], fields: [] }];
  }
  const names = new Set<string>();
  return metrics.flatMap((metric, index) => {
    const fields = fieldsOf(metric);
    const name = textOf(fields["name"]);
    const twin: Finding[] = names.has(name) ? [[`duplicate name '${name}'`, "name"]] : [];
    names.add(name);
    return [...twin, ...metricFindings(fields)].map(([detail, field, ...others]) => ({
      text: `metrics[${index}]: ${detail}`,
      detail,
      location: [index, field],
      fields: [field, ...others],
    }));
  });
}

/** A text, the field that it is about, and others that it follows from. */
type Finding = readonly [detail: string, field: string, ...others: string[]];

const FAILURES = "failureLimit";
const SUCCESSES = "consecutiveSuccessLimit";

function metricFindings(metric: Fields): Finding[] {
  return [
    ...limitFindings(metric),
    ...countFindings(metric),
    ...durationFinding(metric, "interval", "invalid interval string"),
    ...durationFinding(metric, "initialDelay", "invalid startDelay string"),
    ...providerFindings(metric["provider"]),
  ];
}

function limitFindings(metric: Fields): Finding[] {
  const failures = wholeNumberOf(metric[FAILURES]);
  const successes = wholeNumberOf(metric[SUCCESSES]);
  const findings: Finding[] = [];
  if (successes < 0) findings.push([`${SUCCESSES} must be >= 0`, SUCCESSES]);
  if (failures < -1) {
    findings.push([`${FAILURES} must be >= 0, or -1 to be disabled`, FAILURES]);
  }
  if (failures === -1 && successes === 0) {
    const text = `${FAILURES} and ${SUCCESSES} cannot both be disabled`;
    findings.push([text, FAILURES, SUCCESSES]);
  }
  for (const limit of ["inconclusiveLimit", "consecutiveErrorLimit"]) {
    if (wholeNumberOf(metric[limit]) < 0) findings.push([`${limit} must be >= 0`, limit]);
  }
  return findings;
}

function countFindings(metric: Fields): Finding[] {
  const count = wholeNumberOf(metric["count"]);
  const failures = wholeNumberOf(metric[FAILURES]);
  const successes = wholeNumberOf(metric[SUCCESSES]);
  const findings: Finding[] = [];
  if (count <= 0) return findings;
  if (failures >= 0 && successes >= 0 && count < failures + successes) {
    const text = `count (${count}) must be >= ${FAILURES} + ${SUCCESSES} ` +
      `(${failures} + ${successes}) if both >= 0`;
    findings.push([text, "count", FAILURES, SUCCESSES]);
  }
  if (count < successes) findings.push([`count must be >= ${SUCCESSES}`, "count", SUCCESSES]);
  if (count < wholeNumberOf(metric["inconclusiveLimit"])) {
    findings.push(["count must be >= inconclusiveLimit", "count", "inconclusiveLimit"]);
  }
  if (count > 1 && textOf(metric["interval"]) === "") {
    findings.push(["interval must be specified when count > 1", "interval", "count"]);
  }
  return findings;
}

function durationFinding(metric: Fields, field: string, text: string): Finding[] {
  const duration = textOf(metric[field]);
  const problem = duration === "" ? undefined : goDurationProblem(duration);
  return problem === undefined ? [] : [[`${text}: ${problem}`, field]];
}

/** The fields of `provider` that name one; plugins stand in `plugin`. */
export const PROVIDER_FIELDS = [
  "prometheus",
  "kayenta",
  "web",
  "datadog",
  "wavefront",
  "newRelic",
  "job",
  "cloudWatch",
  "graphite",
  "influxdb",
  "skywalking",
] as const;

function providerFindings(provider: unknown): Finding[] {
  const fields = fieldsOf(provider);
  const count = PROVIDER_FIELDS.filter((name) => !isUnset(fields[name])).length +
    Object.keys(fieldsOf(fields["plugin"])).length;
  if (count === 0) return [["no provider specified", "provider"]];
  return count > 1 ? [["multiple providers specified", "provider"]] : [];
}

/** A number, or digits in a text; a text that is no number counts as 0. */
export function wholeNumberOf(value: unknown): number {
  if (typeof value === "number") return value;
  const text = textOf(value);
  return /^[+-]?[0-9]+$/.test(text) ? Number(text) : 0;
}

/** True when a metric runs until it is stopped. */
export function isIndefinite(metric: Fields): boolean {
  return wholeNumberOf(metric["count"]) === 0 && textOf(metric["interval"]) !== "";
}
