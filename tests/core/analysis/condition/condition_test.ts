import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ConditionError,
  parseCondition,
  parseRangeTime,
} from "../../../../core/analysis/condition/mod.ts";
import type { MetricValue } from "../../../../sdk/metric_provider.ts";

const ports = { nowMs: () => Date.UTC(2026, 10, 29, 3, 0, 0) };
const json = (value: unknown): MetricValue => ({ shape: "json", value });
const vector = (...value: number[]): MetricValue => ({ shape: "vector", value });
const scalar = (value: number): MetricValue => ({ shape: "scalar", value });

function isMet(source: string, result: MetricValue): boolean {
  return parseCondition(source).isMet(result, ports);
}

function messageOf(source: string, result: MetricValue): string {
  try {
    isMet(source, result);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

Deno.test("the conditions that people write", () => {
  assert.equal(isMet("result[0] >= 0.95", vector(0.97)), true);
  assert.equal(isMet("result[0] >= 0.95", vector(0.5)), false);
  assert.equal(isMet("all(result, # < 500)", vector(12, 480)), true);
  assert.equal(isMet("isNaN(result[0]) || result[0] < 1", vector(NaN)), true);
  assert.equal(isMet("len(result) == 0 || result[0] > 1", vector()), true);
  assert.equal(isMet("default(result, 0) < 0.05", json(null)), true);
  assert.equal(isMet("isNil(result)", json(null)), true);
  assert.equal(isMet("result.ok && result.score > 0.9", json({ ok: true, score: 0.95 })), true);
  assert.equal(isMet("asInt(result) >= 100", json("120")), true);
  assert.equal(isMet("result == 'healthy'", json("healthy")), true);
  assert.equal(isMet('result.status matches "^2..$"', json({ status: "204" })), true);
  assert.equal(isMet("result > 1", scalar(2)), true);
});

Deno.test("a condition that gives no bool says what it gives", () => {
  assert.equal(messageOf("result[0]", vector(1)), "expected bool, but got float64");
  assert.equal(messageOf("len(result)", vector(1)), "expected bool, but got int");
  assert.equal(messageOf("asInt('1')", vector(1)), "expected bool, but got int64");
  assert.equal(messageOf("result.x", json({})), "expected bool, but got <nil>");
});

Deno.test("an error says where it is, also in an expression of several lines", () => {
  const condition = "result[0] > 1 &&\n  reslut[0] < 2";
  const message = "unknown name reslut (2:3)\n |   reslut[0] < 2\n | ..^";
  assert.equal(messageOf(condition, vector(1)), message);
  assert.throws(() => parseCondition(condition).check("vector"), (error) => {
    assert.ok(error instanceof ConditionError);
    assert.deepEqual([error.reason, error.line, error.column], ["unknown name reslut", 2, 3]);
    return true;
  });
});

Deno.test("what cannot be right for a provider's results is found before there is one", () => {
  assert.throws(() => parseCondition("result > 1").check("vector"), /mismatched types \[\]float64/);
  assert.throws(() => parseCondition("result[0] > 1").check("scalar"), /float64\[int\]/);
  assert.equal(parseCondition("result.a > 1").check("json"), "bool");
  assert.equal(parseCondition("result[0] > 1").check("unknown"), "bool");
  assert.equal(parseCondition("result[0]").check("vector"), "float64");
});

Deno.test("no name of a result reaches what it is made of", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "items", "size"]) {
    assert.equal(isMet(`result.${name} == nil`, json({})), true, name);
    assert.equal(isMet(`result["${name}"] == nil`, json({})), true, name);
    assert.match(messageOf(`result[0].${name}`, vector(1)), /has no field/);
  }
  assert.match(messageOf("__proto__", json({})), /unknown name __proto__/);
  assert.match(messageOf("$env.constructor", json({})), /unknown name constructor/);
  assert.match(messageOf("constructor()", json({})), /unknown name constructor/);
  assert.equal(isMet("'__proto__' in {a: 1}", json({})), false);
});

Deno.test("what would take for ever, or all memory, ends with an error", () => {
  const endless = [
    "len(1..100000000) > 0",
    "len(repeat('a', 100000000)) > 0",
    "len(map(1..1000, map(1..1000, #))) > 0",
    "len(map(1..900, {repeat('ab', 1000)})) > 0",
    "all(1..900, all(1..900, all(1..900, true)))",
    "'a' * 2",
  ];
  for (const source of endless) {
    const message = messageOf(source, json(null));
    assert.match(message, /memory budget exceeded|too many steps|mismatched/, source);
  }
  assert.match(messageOf(`${"(".repeat(5_000)}1${")".repeat(5_000)}`, json(null)), /nested/);
  assert.match(messageOf(`${"!".repeat(5_000)}true`, json(null)), /nested/);
  assert.match(messageOf(`[${"1,".repeat(20_000)}1] == nil`, json(null)), /nodes/);
  assert.match(messageOf(`'a' matches '${"(a*)*".repeat(300)}'`, json(null)), /too long/);
  const text = "a".repeat(30_000);
  assert.equal(isMet("result matches '^(a+)+$'", json(`${text}!`)), false);
});

Deno.test("Quirk(is-nil-ignores-its-argument): isNil looks at the result, whatever is asked", () => {
  assert.equal(isMet("isNil(result.a)", json({ a: null })), false);
  assert.equal(isMet("isNil(1)", json(null)), true);
});

Deno.test("Quirk(unknown-slice-unchecked): bounds of what is not known are not checked before", () => {
  assert.equal(parseCondition("result.a['x':reslut]").check("json"), "unknown");
  assert.throws(() => parseCondition("result['x':1]").check("vector"), /non-integer slice index/);
});

Deno.test("a range query's start and end are times", () => {
  const at = (source: string) => new Date(parseRangeTime(source)(ports)).toISOString();
  assert.equal(at("now()"), "2026-11-29T03:00:00.000Z");
  assert.equal(at('now() - duration("1h30m")'), "2026-11-29T01:30:00.000Z");
  assert.equal(at('date("2026-11-28 10:00:00")'), "2026-11-28T10:00:00.000Z");
  const zurich = 'date("2026-07-01 12:00:00", "2006-01-02 15:04:05", "Europe/Zurich")';
  assert.equal(at(zurich), "2026-07-01T10:00:00.000Z");
  assert.throws(() => parseRangeTime("1")(ports), /^Error: expected time.Time, but got int$/);
  assert.throws(() => parseRangeTime("result"), /unknown name result/);
});

const PIECES = [
  ..."()[]{}#.,:;?|+-*/%<>=!&'\"`\\",
  ...["&&", "||", "**", "..", "?.", "??", "==", "not", "in", "let x =", "if", "else", "matches"],
  ...[
    "result",
    "result.a",
    "result[0]",
    "1",
    "0x1f",
    "1.5e3",
    "'a'",
    "true",
    "nil",
    "$env",
    "len(",
  ],
  ...[
    "all(",
    "map(",
    "reduce(",
    "sortBy(",
    "date(",
    "now()",
    "duration('1h')",
    " ",
    "\n",
    "ä",
    "😀",
  ],
];
const RESULTS: readonly MetricValue[] = [
  vector(1, NaN),
  scalar(Infinity),
  json({ a: [1, "b", null, { c: true }] }),
  json(null),
  json("text"),
];

Deno.test("whatever is written, nothing but an error of the language comes of it", () => {
  const property = fc.property(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }),
    fc.constantFrom(...RESULTS),
    (pieces, result) => {
      try {
        isMet(pieces.join(""), result);
      } catch (error) {
        const isOwn = error instanceof ConditionError ||
          (error instanceof Error && /^expected bool, but got /.test(error.message));
        if (!isOwn) throw error;
      }
    },
  );
  fc.assert(property, { numRuns: 5_000 });
});
