/** What a value that was measured comes to, by the conditions of its metric. */
import type { MetricValue } from "../../sdk/metric_provider.ts";
import { type Fields, isUnset, textOf } from "../../sdk/wire/json.ts";
import { type Condition, ConditionError, parseCondition } from "./condition/mod.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

/** Expressions that are kept in their parsed form. */
const PARSED_MAX = 1_000;

type ConditionField = "successCondition" | "failureCondition";

/** Judges values; each expression is parsed once. */
export class Judge {
  readonly #parsed = new Map<string, Condition>();

  /**
   * By the conditions of a metric in which arguments have their values.
   * @throws {Error} when a condition is wrong, or cannot be evaluated for this value
   */
  judge(
    metric: Fields,
    value: MetricValue,
    nowMs: () => number,
  ): "Successful" | "Failed" | "Inconclusive" {
    const isSuccess = this.#isMet(metric, "successCondition", { value, nowMs });
    const isFailure = this.#isMet(metric, "failureCondition", { value, nowMs });
    if (isFailure === true) return "Failed";
    if (isSuccess === undefined || isSuccess) return "Successful";
    // Neither was met: only where both are asked is that no answer.
    return isFailure === undefined ? "Failed" : "Inconclusive";
  }

  /** Undefined: the metric has no such condition. */
  #isMet(
    metric: Fields,
    field: ConditionField,
    { value, nowMs }: { value: MetricValue; nowMs: () => number },
  ): boolean | undefined {
    const source = textOf(metric[field]);
    if (source === "") return undefined;
    try {
      return this.#conditionOf(source).isMet(value, { nowMs });
    } catch (error) {
      const cause = errorText(error);
      const why = isNothing(value) && error instanceof ConditionError
        ? "metric result is nil or empty: no data returned from the metric provider"
        : cause;
      throw new Error(`could not evaluate ${field} "${source}": ${why}`);
    }
  }

  #conditionOf(source: string): Condition {
    const known = this.#parsed.get(source);
    if (known !== undefined) return known;
    const condition = parseCondition(source);
    const [oldest] = this.#parsed.keys();
    if (this.#parsed.size >= PARSED_MAX && oldest !== undefined) this.#parsed.delete(oldest);
    this.#parsed.set(source, condition);
    return condition;
  }
}

/** True for nil, and for a list without entries. */
function isNothing({ value }: MetricValue): boolean {
  return isUnset(value) || (Array.isArray(value) && value.length === 0);
}
