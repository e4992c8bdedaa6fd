/** `sluice analysis eval`: what metrics would decide, without a cluster. */
import type { MetricValue } from "../../sdk/metric_provider.ts";
import { CommandLineError } from "../command/command_line_error.ts";
import { programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

type ResultType = MetricValue["shape"];

interface EvalOptions {
  readonly result: string;
  readonly type: ResultType;
}

const NOTES = `
Examples:
  # What a Prometheus metric of one series is judged by
  sluice analysis eval 'result[0] >= 0.95' --result '[0.97]' --type vector

  # What a web metric is judged by
  sluice analysis eval 'result.ok && result.errors < 3' --result '{"ok": true, "errors": 1}'

  # Any value, to see what an expression gives
  sluice analysis eval 'map(result, # * 100)' --result '[0.25, 0.5]'

Exit codes: 0 evaluated; 2 the expression is wrong, or cannot be evaluated for this result.`;

export const ANALYSIS_EVAL = programVerb({
  usage: "analysis eval EXPRESSION [flags]",
  flags: {
    result: { value: "JSON", default: "null", about: "The measured result" },
    type: {
      value: "TYPE",
      default: "json",
      choices: ["scalar", "vector", "json"],
      about: "scalar or vector (numbers, as Prometheus gives them), or json",
    },
  },
  notes: NOTES,
  badInputCode: 2,
  async run(terminal, names, flags) {
    const [expression, ...more] = names;
    if (expression === undefined || more.length > 0) {
      throw new CommandLineError("one expression is needed; put it in quotes");
    }
    terminal.out(`${await valueText(expression, flags, terminal)}\n`);
    return 0;
  },
});

/** Loaded only here: no other verb reads conditions. */
async function valueText(
  expression: string,
  options: EvalOptions,
  { clock }: Terminal,
): Promise<string> {
  const { ConditionError, parseCondition, shownValue } = await import(
    "../analysis/condition/mod.ts"
  );
  const result = resultOf(options);
  try {
    const { value } = parseCondition(expression).valueOf(result, { nowMs: () => clock.now() });
    return shownValue(value);
  } catch (error) {
    if (error instanceof ConditionError) throw new UsageError(error.message);
    throw error;
  }
}

function resultOf({ result, type }: EvalOptions): MetricValue {
  const value = parsed(result);
  if (type === "json") return { shape: "json", value };
  if (type === "vector") {
    if (!Array.isArray(value)) {
      throw new UsageError(`--result must be a list of numbers for --type vector, not ${result}`);
    }
    return { shape: "vector", value: value.map(numberOf) };
  }
  return { shape: "scalar", value: numberOf(value) };
}

function parsed(text: string): unknown {
  // Numbers that JSON does not have, and Prometheus does.
  if (/^(NaN|[+-]?Inf)$/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--result must be JSON, for example '[0.97]' or '{"ok": true}': ${text}`);
  }
}

function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (value === "NaN") return NaN;
  if (value === "Inf" || value === "+Inf") return Infinity;
  if (value === "-Inf") return -Infinity;
  throw new UsageError(
    `--result must hold numbers, "NaN", "+Inf" or "-Inf", not ${JSON.stringify(value)}`,
  );
}
