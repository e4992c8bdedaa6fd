/** What one condition may cost: no expression of a stranger holds up the controller. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ConditionError, parseCondition } from "../../core/analysis/condition/mod.ts";
import type { MetricValue } from "../../sdk/metric_provider.ts";
import { CPU_MS, isLittle, leastCost } from "./cost.ts";
import { HEAVY_CONDITIONS, RESULT } from "./heavy_conditions.ts";

const RUNS = 50_000;
const NOW_MS = Date.UTC(2026, 10, 29);

/** @throws {Error} whatever is not an error of the language */
function evaluate(source: string, result: MetricValue): void {
  try {
    parseCondition(source).isMet(result, { nowMs: () => NOW_MS });
  } catch (error) {
    const isOwn = error instanceof ConditionError ||
      (error instanceof Error && /^expected bool, but got /.test(error.message));
    if (!isOwn) throw error;
  }
}

Deno.test(`a condition that does as much as it may takes less than ${CPU_MS} ms and 16 MiB`, () => {
  const result: MetricValue = { shape: "json", value: RESULT };
  const costs = HEAVY_CONDITIONS.map((source) => ({
    source: source.slice(0, 120),
    ...leastCost(() => evaluate(source, result)),
  }));
  assert.deepEqual(costs.filter((cost) => !isLittle(cost)), []);
});

const RESULTS: readonly MetricValue[] = [
  { shape: "vector", value: [1, NaN, 0.5] },
  { shape: "scalar", value: Infinity },
  { shape: "json", value: RESULT },
  { shape: "json", value: { a: [1, "b", null, { c: true }], n: 5, s: "abc" } },
  { shape: "json", value: null },
];

const OPERATORS = [
  ...["+", "-", "*", "/", "%", "**", "==", "!=", "<", ">=", "&&", "or", "in", "not in", "??", ".."],
  ...["matches", "contains", "startsWith", "endsWith"],
];
const FUNCTIONS = [
  ...["len", "string", "int", "float", "abs", "max", "min", "mean", "median", "sum", "toJSON"],
  ...["fromJSON", "trim", "upper", "split", "replace", "repeat", "join", "indexOf", "keys"],
  ...["values", "toPairs", "fromPairs", "reverse", "uniq", "concat", "flatten", "sort", "first"],
  ...["take", "get", "date", "duration", "timezone", "toBase64", "fromBase64", "type", "asInt"],
  ...["asFloat", "isNaN", "isNil", "default", "bitand", "bitshl", "lastIndexOf", "splitAfter"],
];
const WITH_PREDICATES = [
  ...["all", "any", "none", "one", "filter", "map", "count", "find", "findIndex", "groupBy"],
  ...["sortBy", "reduce", "sum"],
];
const LEAVES = [
  ...["result", "result.a", "result.numbers", "result.words", "result.dict", "result.text", "#"],
  ...["#index", "#acc", "0", "1", "-3", "0.5", "100000", "1e300", "'a'", "''", "'a+b*'", "true"],
  ...[
    "nil",
    "[1, 2]",
    "{a: 1}",
    "1..1000",
    "now()",
    "x",
    "'1h'",
    "'2026-01-01'",
    "'[1]'",
    "result[0]",
  ],
];

/** Expressions that hold together as a rule, and sometimes do not. */
const { expression } = fc.letrec<{ expression: string; part: string }>((tie) => {
  const part = tie("part");
  const joined = (...parts: fc.Arbitrary<string>[]) =>
    fc.tuple(...parts).map((texts) => texts.join(""));
  const constant = fc.constant;
  return {
    expression: fc.oneof(part, joined(part, constant(" > 0"))),
    part: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      fc.constantFrom(...LEAVES),
      joined(part, fc.constantFrom(...OPERATORS.map((operator) => ` ${operator} `)), part),
      joined(constant("("), part, constant(")")),
      joined(fc.constantFrom(...FUNCTIONS), constant("("), part, constant(")")),
      joined(
        fc.constantFrom(...FUNCTIONS),
        constant("("),
        part,
        constant(", "),
        part,
        constant(")"),
      ),
      joined(
        fc.constantFrom(...WITH_PREDICATES),
        constant("("),
        part,
        constant(", {"),
        part,
        constant("})"),
      ),
      joined(constant("["), part, constant(", "), part, constant("]")),
      joined(constant("{k: "), part, constant("}")),
      joined(constant("let x = "), part, constant("; "), part),
      joined(part, constant(" ? "), part, constant(" : "), part),
      joined(
        part,
        fc.constantFrom("[0]", "[1:]", ".a", "?.b", "[-1]", ".Hour()", " | len()", ")", "("),
      ),
    ),
  };
});

Deno.test(`${RUNS} expressions: nothing but an error of the language, under ${CPU_MS} ms and 16 MiB each`, () => {
  const property = fc.property(expression, fc.constantFrom(...RESULTS), (source, result) => {
    const cost = leastCost(() => evaluate(source, result));
    assert.ok(isLittle(cost), JSON.stringify(cost));
  });
  fc.assert(property, { numRuns: RUNS });
});
