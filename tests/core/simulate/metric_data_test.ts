import assert from "node:assert/strict";
import {
  type Finding,
  MetricData,
  parseAssumptions,
  parseSeries,
} from "../../../core/simulate/metric_data.ts";
import { ScriptError } from "../../../core/simulate/script_error.ts";

const FINDINGS: readonly [entry: Record<string, unknown>, finding: Finding][] = [
  [{ value: 0.97 }, { is: "value", value: 0.97 }],
  [{ value: [1, 2] }, { is: "value", value: [1, 2] }],
  [{ value: "NaN" }, { is: "value", value: "NaN" }],
  [{ value: null }, { is: "value", value: null }],
  [{ value: { ok: true } }, { is: "value", value: { ok: true } }],
  [{ error: "no route to host" }, { is: "error", message: "no route to host" }],
  [{ status: "Failed" }, { is: "verdict", phase: "Failed" }],
  [{ status: 503 }, { is: "answer", status: 503, body: "" }],
  [{ empty: true }, { is: "empty" }],
  [{ answer: { data: [] } }, { is: "answer", status: 200, body: '{"data":[]}' }],
  [{ answer: "oops", status: 500 }, { is: "answer", status: 500, body: "oops" }],
];

for (const [entry, finding] of FINDINGS) {
  Deno.test(`${JSON.stringify(entry)} is read as ${JSON.stringify(finding)}`, () => {
    assert.deepEqual(parseSeries({ rate: { success: [{ at: "1m", ...entry }] } }), [
      { template: "rate", metric: "success", entries: [{ atMs: 60_000, finding }] },
    ]);
  });
}

const WRONG: readonly [what: unknown, path: (string | number)[], message: RegExp][] = [
  [[], [], /mapping: template, then metric/],
  ["no data", [], /mapping: template, then metric/],
  [{ rate: [] }, ["rate"], /mapping of its metrics/],
  [{ rate: { ok: 0.9 } }, ["rate", "ok"], /list of entries/],
  [{ rate: { ok: [] } }, ["rate", "ok"], /list of entries/],
  [{ rate: { ok: [0.9] } }, ["rate", "ok", 0], /of the form/],
  [{ rate: { ok: [{ at: "1m" }] } }, ["rate", "ok", 0], /one of value, error/],
  [{ rate: { ok: [{ value: 1, empty: true }] } }, ["rate", "ok", 0], /one of value, error/],
  [{ rate: { ok: [{ valu: 1 }] } }, ["rate", "ok", 0, "valu"], /unknown field "valu"; use at/],
  [{ rate: { ok: [{ at: "soon", value: 1 }] } }, ["rate", "ok", 0, "at"], /soon/],
  [{ rate: { ok: [{ at: true, value: 1 }] } }, ["rate", "ok", 0, "at"], /such as 90s/],
  [
    { rate: { ok: [{ at: "1m", value: 1 }, { at: "60s", value: 2 }] } },
    ["rate", "ok", 1, "at"],
    /not after/,
  ],
  [{ rate: { ok: [{ error: "" }] } }, ["rate", "ok", 0, "error"], /message/],
  [{ rate: { ok: [{ empty: false }] } }, ["rate", "ok", 0, "empty"], /is true/],
  [{ rate: { ok: [{ status: "Bad" }] } }, ["rate", "ok", 0, "status"], /Successful, Failed/],
  [{ rate: { ok: [{ status: 42 }] } }, ["rate", "ok", 0, "status"], /such as 200/],
  [
    { rate: { ok: [{ answer: "", status: "Failed" }] } },
    ["rate", "ok", 0, "status"],
    /such as 200/,
  ],
];

for (const [what, path, message] of WRONG) {
  Deno.test(`the data ${JSON.stringify(what)} is refused at ${JSON.stringify(path)}`, () => {
    assert.throws(() => parseSeries(what), (error) => {
      assert.ok(error instanceof ScriptError);
      assert.match(error.message, message);
      assert.deepEqual(error.path, path);
      return true;
    });
  });
}

const SERIES = parseSeries({
  rate: { success: [{ at: "1m", value: 1 }, { at: "2m", value: 2 }] },
  other: { success: [{ value: 3 }] },
});

function valueAt(data: MetricData, atMs: number, templates = ["rate"]): unknown {
  const finding = data.find({ templates, metric: "success", atMs });
  return finding?.is === "value" ? finding.value : finding;
}

Deno.test("an entry holds from its time on, until the next one does", () => {
  const data = new MetricData(SERIES);
  const values = [0, 59_999, 60_000, 119_999, 120_000, 10 ** 9].map((atMs) => valueAt(data, atMs));
  assert.deepEqual(values, [undefined, undefined, 1, 1, 2, 2]);
});

Deno.test("the templates of a run tell which of two series of one name is meant", () => {
  const data = new MetricData(SERIES);
  assert.equal(valueAt(data, 60_000, ["other"]), 3);
  assert.equal(valueAt(data, 60_000, ["third"]), undefined);
});

Deno.test("what is assumed of a metric comes before its series, what is assumed of all after", () => {
  const all = new MetricData(SERIES, parseAssumptions(["all=failed"]));
  assert.deepEqual(valueAt(all, 0), { is: "verdict", phase: "Failed" });
  assert.equal(valueAt(all, 60_000), 1);
  const one = new MetricData(SERIES, parseAssumptions(["success=no-data", "all=failed"]));
  assert.deepEqual(valueAt(one, 60_000), { is: "empty" });
});

for (const text of ["success", "=failed", "success=good", "success=", ""]) {
  Deno.test(`the assumption "${text}" is refused`, () => {
    assert.throws(() => parseAssumptions([text]), ScriptError);
  });
}

Deno.test("a metric is assumed once, and its name may hold an equals sign", () => {
  assert.throws(() => parseAssumptions(["a=failed", "a=error"]), /"a" is given twice/);
  assert.deepEqual([...parseAssumptions(["a=b=error"])], [["a=b", "error"]]);
});
