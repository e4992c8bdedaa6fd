import assert from "node:assert/strict";
import { run } from "./fake_terminal.ts";

const evaluate = (...args: string[]) => run(["analysis", "eval", ...args]);

Deno.test("analysis eval prints the value of a condition as JSON", async () => {
  const met = await evaluate("result[0] >= 0.95", "--result", "[0.97]", "--type", "vector");
  assert.deepEqual(met, { code: 0, out: "true\n", err: "" });
  const scaled = await evaluate("map(result, # * 100)", "--result=[0.25, 0.5]");
  assert.deepEqual(scaled, { code: 0, out: "[25, 50]\n", err: "" });
  const missing = await evaluate("result?.errors", "--result", "{}");
  assert.deepEqual(missing, { code: 0, out: "null\n", err: "" });
});

Deno.test("analysis eval reads the numbers that Prometheus has and JSON has not", async () => {
  const scalar = await evaluate("isNaN(result)", "--result", "NaN", "--type", "scalar");
  assert.deepEqual(scalar, { code: 0, out: "true\n", err: "" });
  const vector = await evaluate("result", "--result", '[1, "+Inf", "NaN"]', "--type", "vector");
  assert.deepEqual(vector, { code: 0, out: '[1, "+Inf", "NaN"]\n', err: "" });
});

Deno.test("analysis eval says what is wrong with an expression, and where", async () => {
  const unknown = await evaluate("result[0] > 1 && reslut", "--result", "[2]", "--type", "vector");
  const pointer = `${".".repeat(17)}^`;
  assert.deepEqual(unknown, {
    code: 2,
    out: "",
    err: `Error: unknown name reslut (1:18)\n | result[0] > 1 && reslut\n | ${pointer}\n`,
  });
  const outside = await evaluate("result[3]", "--result", "[1]", "--type", "vector");
  assert.match(outside.err, /^Error: index out of range: 3 \(array length is 1\) \(1:7\)/);
  assert.equal(outside.code, 2);
});

Deno.test("analysis eval refuses what is no result, in one sentence", async () => {
  const rows: [string[], RegExp][] = [
    [["--result", "{a"], /^Error: --result must be JSON, .*: \{a\n$/],
    [["--result", "1", "--type", "vector"], /^Error: --result must be a list of numbers .* 1\n$/],
    [["--result", '["x"]', "--type", "vector"], /^Error: --result must hold numbers, .*"x"\n$/],
    [["--type", "table"], /one of scalar, vector, json/],
  ];
  for (const [args, message] of rows) {
    const { code, out, err } = await evaluate("true", ...args);
    assert.match(err, message);
    assert.deepEqual([code, out], [2, ""]);
  }
});
