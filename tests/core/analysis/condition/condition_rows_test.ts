import assert from "node:assert/strict";
import text from "../../../fixtures/vectors/condition.jsonl" with { type: "text" };
import { ConditionError, parseCondition } from "../../../../core/analysis/condition/mod.ts";
import type { MetricValue } from "../../../../sdk/metric_provider.ts";
import { GoTime } from "../../../../core/analysis/condition/go_time.ts";
import {
  floatText,
  isDict,
  List,
  nameOfValue,
  textOf,
  type Value,
} from "../../../../core/analysis/condition/values.ts";

interface Row {
  readonly expr: string;
  readonly shape?: "scalar" | "vector";
  readonly result?: unknown;
  readonly type?: string;
  readonly value?: unknown;
  readonly compile?: string;
  readonly run?: string;
}

const rows: Row[] = text.trim().split("\n").map((line) => JSON.parse(line));

/** Rows that come out otherwise here, by what differs. Whether it is an error never does. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  "an element of a string is an int, in Go a uint8": [
    "result.s[0]",
    "filter(result.s, true)",
    "groupBy(result.s, #)",
  ],
  "lists of pairs and of groups are named as other lists": [
    "groupBy(result.m.y, .n)",
    "groupBy(result.l, # > 1)",
    "groupBy([1,2,3],# % 2)",
    "groupBy(result.l, #)",
    "toPairs({a:1})",
    "fromPairs([['a',1]])",
    "result.m | toPairs()",
  ],
  "the last digit of a power": ["result ** result"],
  "another sentence, or the other of two faults": [
    "int(result.n)",
    "fromPairs(result.a)",
    "join(1..3)",
    "count(+result.m)",
    "result.m.y matches 'str'",
    "first([[1],[2]]) == 1..3 + [1,2,3] ?? sum(result.m, [{a:1},{a:2}])",
    "sortBy(result?.q, 0.5 + result.l) < result.n",
    "result.s[1..3:result]",
    "1..3 <= first(result.l[result.s])",
    "result.t endsWith result.m.x matches first(result.l[0])",
    "result.s[result.n ? {a:1} : result.m.x:filter(result.m, {[1,2,3]})] | type()",
    "(sum(result.n, result.l[0]) <= (false))",
    "result | median() ? 0.5 % result : findLast({a:1}, {#})",
  ],
};

/** Rows about what is refused here: a predicate over a map, the largest of a map. */
const REFUSED = ["all(result.m, true)", "max(result.m)"];
/** A row that is refused there: an empty list has no type of elements here. */
const ACCEPTED = ["map([], #index) != mean(0.5)"];

function numberOf(value: unknown): number {
  return value === "+Inf" ? Infinity : value === "-Inf" ? -Infinity : Number(value);
}

function resultOf({ shape, result }: Row): MetricValue {
  if (shape === "scalar") return { shape, value: numberOf(result) };
  if (shape === "vector") return { shape, value: (result as unknown[]).map(numberOf) };
  return { shape: "json", value: result ?? null };
}

/** A value as the rows show it. */
function shown(value: Value): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : floatText(value);
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) {
    return [...value].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  if (value instanceof List) {
    if (value.element === "int") return value.items.map(Number);
    if (value.element === "float64") return value.items.map(shown);
    if (value.element === "string") return textOf(value);
    return value.items.map(typed);
  }
  if (isDict(value)) {
    return Object.fromEntries([...value].map(([key, each]) => [textOf(key), typed(each)]));
  }
  return value instanceof GoTime ? value.toRfc3339() : String(value);
}

function typed(value: Value): unknown {
  return { t: nameOfValue(value), v: shown(value) };
}

type Outcome = { readonly error: string } | { readonly type: string; readonly value: unknown };

function outcomeOf(row: Row): Outcome {
  try {
    const condition = parseCondition(row.expr);
    const { value, type } = condition.valueOf(resultOf(row), { nowMs: () => 0 });
    return { type, value: shown(value) ?? undefined };
  } catch (error) {
    if (error instanceof ConditionError) return { error: error.message };
    throw error;
  }
}

/** Lists and maps are named by what they hold; only their content is compared. */
function wantedOf({ type = "", value, compile, run }: Row): Outcome {
  const error = compile ?? run;
  return error === undefined ? { type, value } : { error };
}

function isSame(row: Row): boolean {
  const [got, wanted] = [outcomeOf(row), wantedOf(row)];
  if ("error" in got || "error" in wanted) {
    return "error" in got && "error" in wanted && got.error === wanted.error;
  }
  const isNamed = !/map\[|\[\]|nil/.test(wanted.type);
  if (isNamed && got.type !== wanted.type) return false;
  try {
    assert.deepEqual(got.value, wanted.value);
    return true;
  } catch {
    return false;
  }
}

Deno.test("expressions are what expr-lang 1.17.8 makes of them: values, types, errors, places", () => {
  assert.ok(rows.length >= 1900, `${rows.length} rows`);
  const known = new Set([...Object.values(KNOWN).flat(), ...REFUSED, ...ACCEPTED]);
  const wrong = rows.filter((row) => !known.has(row.expr) && !isSame(row))
    .map((row) => ({ expr: row.expr, got: outcomeOf(row), wanted: wantedOf(row) }));
  assert.deepEqual(wrong, []);
});

Deno.test("what differs on purpose differs in words only", () => {
  for (const expr of Object.values(KNOWN).flat()) {
    const row = rows.find((each) => each.expr === expr);
    assert.ok(row !== undefined, expr);
    assert.ok(!isSame(row), `${expr} differs no more`);
    assert.equal("error" in outcomeOf(row), "error" in wantedOf(row), expr);
  }
  for (const expr of REFUSED) {
    const row = rows.find((each) => each.expr === expr) as Row;
    assert.ok("error" in outcomeOf(row) && !("error" in wantedOf(row)), expr);
  }
  for (const expr of ACCEPTED) {
    const row = rows.find((each) => each.expr === expr) as Row;
    assert.ok(!("error" in outcomeOf(row)) && "error" in wantedOf(row), expr);
  }
});
