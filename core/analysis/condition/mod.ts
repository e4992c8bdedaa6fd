/**
 * The condition language: what `successCondition` and its like are written in, compatible with
 * expr-lang 1.17. An expression is parsed and checked once, with the type of `result` where that is
 * known, and then evaluated. It reaches nothing but the names handed in; steps, memory, depth and
 * regular expressions are bounded.
 *
 * Start with `condition.ts`. Deliberately absent: what a verdict means (that is the analysis').
 *
 * @module
 */
export { Budget } from "./budget.ts";
export { ConditionError } from "./condition_error.ts";
export { type Condition, type ConditionPorts, parseCondition } from "./condition.ts";
export { parseRangeTime } from "./condition.ts";
export { type Expression, parseExpression, type Variable } from "./expression.ts";
export { floatText, shownValue } from "./values.ts";
