import assert from "node:assert/strict";
import type { PrometheusConfig } from "../../../plugins/metrics/prometheus/config.ts";
import { prometheus } from "../../../plugins/metrics/prometheus/mod.ts";
import type { HttpResponse } from "../../../sdk/ports.ts";
import { callOf, fakePorts, type FakeWorld, NOW_MS, outcomeOf } from "./fake_ports.ts";

const ADDRESS = "http://prometheus.example.com:9090";

function answerOf(resultType: string, result: unknown, more: object = {}): Partial<HttpResponse> {
  return { body: JSON.stringify({ status: "success", data: { resultType, result }, ...more }) };
}

const SCALAR = answerOf("scalar", [1, "0.95"]);

async function measured(answer: Partial<HttpResponse>, config: PrometheusConfig = {}) {
  const ports = fakePorts({ answer: () => answer, evaluateTime: () => NOW_MS });
  const call = callOf({ address: ADDRESS, query: "up", ...config });
  return await outcomeOf(() => prometheus.run(call, ports));
}

async function requests(config: PrometheusConfig, world: FakeWorld = {}) {
  const ports = fakePorts({ answer: () => SCALAR, ...world });
  const said = await outcomeOf(() => prometheus.run(callOf(config), ports));
  return { said, asked: ports.asked };
}

const sample = (value: string) => ({ metric: {}, value: [1, value] });

Deno.test("scalars, vectors and matrices are read as numbers", async () => {
  const rows: [Partial<HttpResponse>, string, unknown][] = [
    [SCALAR, "0.95", 0.95],
    [answerOf("scalar", [1, "NaN"]), "NaN", NaN],
    [answerOf("scalar", [1, "1e+21"]), "1000000000000000000000", 1e21],
    [answerOf("vector", [sample("0.9"), sample("1")]), "[0.9,1]", [0.9, 1]],
    [
      answerOf("vector", [sample("NaN"), sample("+Inf"), sample("-Inf"), sample("1e-07")]),
      "[NaN,+Inf,-Inf,0.0000001]",
      [NaN, Infinity, -Infinity, 1e-7],
    ],
    [
      answerOf("matrix", [
        { metric: { a: "1" }, values: [[1, "1"], [2, "2"]] },
        { metric: { a: "2" }, values: [[1, "3.5"]] },
      ]),
      "[1,2,3.5]",
      [1, 2, 3.5],
    ],
  ];
  for (const [answer, text, value] of rows) {
    const shape = Array.isArray(value) ? "vector" : "scalar";
    assert.deepEqual(await measured(answer), { is: "value", value: { shape, value }, text });
  }
});

Deno.test("no series is no data, and no zero", async () => {
  const empty = { is: "empty", value: { shape: "vector", value: [] }, text: "[]" };
  assert.deepEqual(await measured(answerOf("vector", [])), empty);
  assert.deepEqual(await measured(answerOf("matrix", [])), empty);
});

Deno.test("warnings are kept with the measurement", async () => {
  const answer = answerOf("scalar", [1, "1"], { warnings: ["w1", 'a "w2"'] });
  assert.deepEqual(await measured(answer), {
    is: "value",
    value: { shape: "scalar", value: 1 },
    text: "1",
    metadata: { warnings: String.raw`"w1", "a \"w2\""` },
  });
});

Deno.test("what is no number is an error", async () => {
  const histogram = { metric: {}, histogram: [1, { count: "1", sum: "1" }] };
  const histograms = { metric: {}, histograms: [[1, {}]] };
  for (
    const answer of [
      answerOf("string", [1, "text"]),
      answerOf("vector", [histogram]),
      answerOf("matrix", [histograms]),
      answerOf("scalar", []),
      answerOf("scalar", [1, "many"]),
      answerOf("scalar", [1, ""]),
    ]
  ) assert.equal(await measured(answer), "Prometheus metric type not supported");
});

Deno.test("what Prometheus refuses is told as it says it", async () => {
  const error = { status: "error", errorType: "bad_data", error: "1:1: parse error" };
  const rows: [Partial<HttpResponse>, string][] = [
    [{ status: 400, body: JSON.stringify(error) }, "bad_data: 1:1: parse error"],
    [
      { status: 422, body: JSON.stringify({ ...error, errorType: "execution" }) },
      "execution: 1:1: parse error",
    ],
    [{ status: 200, body: JSON.stringify(error) }, "bad_data: 1:1: parse error"],
    [
      { status: 400, body: "<html>" },
      "bad_response: the answer is no JSON object: is this address a Prometheus?",
    ],
    [{ ...SCALAR, status: 400 }, "bad_response: inconsistent body for response code"],
    [{ status: 401 }, "client_error: client error: 401"],
    [{ status: 503 }, "server_error: server error: 503"],
    [{ status: 302 }, "bad_response: bad response code 302"],
    [
      { body: "nonsense" },
      "bad_response: the answer is no JSON object: is this address a Prometheus?",
    ],
  ];
  for (const [answer, message] of rows) assert.equal(await measured(answer), message);
});

Deno.test("a busy source is asked again when it says, ten minutes later at the most", async () => {
  const rows: [string, number][] = [
    ["30", 30_000],
    ["Mon, 01 Jun 2026 12:01:00 GMT", 59_750],
    ["Mon, 01 Jun 2026 11:00:00 GMT", 0],
    ["86400", 600_000],
  ];
  for (const [text, delayMs] of rows) {
    for (const status of [429, 503]) {
      const seconds = Math.ceil(delayMs / 1000);
      assert.deepEqual(await measured({ status, headers: { "retry-after": text } }), {
        is: "later",
        retryAtMs: NOW_MS + delayMs,
        message: `the source is busy (status ${status}): asked again in ${seconds} s`,
      });
    }
  }
  const unclear = { status: 429, headers: { "retry-after": "soon" } };
  assert.equal(await measured(unclear), "client_error: client error: 429");
});

Deno.test("a query for a moment is posted as a form", async () => {
  const query = 'sum(rate(a{b="c d"}[1m])) >= 1 & é';
  const { asked } = await requests({ address: `${ADDRESS}/prefix/`, query });
  assert.equal(asked.length, 1);
  const { url, method, body, timeoutMs, insecure } = asked[0]!;
  assert.deepEqual({ url, method, timeoutMs, insecure }, {
    url: `${ADDRESS}/prefix/api/v1/query`,
    method: "POST",
    timeoutMs: 30_000,
    insecure: false,
  });
  assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), {
    query,
    time: "1780315200.25",
  });
});

Deno.test("a query over a range has start, end and step", async () => {
  const times: Record<string, number> = { past: NOW_MS - 3_600_000, "now()": NOW_MS };
  const rangeQuery = { start: "past", end: "now()", step: "1m30s" };
  const { asked } = await requests({ address: ADDRESS, query: "up", rangeQuery }, {
    evaluateTime: (expression) => times[expression] ?? NaN,
  });
  assert.equal(asked[0]?.url, `${ADDRESS}/api/v1/query_range`);
  assert.equal(asked[0]?.body, "end=1780315200.25&query=up&start=1780311600.25&step=90");
});

Deno.test("times and steps that are none are told by name", async () => {
  const evaluateTime = (expression: string) => {
    if (expression === "now()") return NOW_MS;
    throw new Error(`"${expression}" is no time`);
  };
  const said = async (rangeQuery: object) =>
    (await requests({ address: ADDRESS, rangeQuery }, { evaluateTime })).said;
  const now = { start: "now()", end: "now()", step: "1m" };
  assert.equal(
    await said({ ...now, start: "x" }),
    'failed to parse rangeQuery.start as time: "x" is no time',
  );
  assert.equal(
    await said({ ...now, end: "y" }),
    'failed to parse rangeQuery.end as time: "y" is no time',
  );
  assert.equal(
    await said({ ...now, step: "5" }),
    'failed to parse rangeQuery.step as duration: time: missing unit in duration "5"',
  );
});

Deno.test("a server that takes no POST is asked by GET", async () => {
  const { said, asked } = await requests({ address: ADDRESS, query: "a b" }, {
    answer: ({ method }) => method === "POST" ? { status: 405 } : SCALAR,
  });
  assert.equal((said as { text: string }).text, "0.95");
  const { method, url, body } = asked[1]!;
  assert.deepEqual([method, body], ["GET", undefined]);
  assert.equal(url, `${ADDRESS}/api/v1/query?query=a+b&time=1780315200.25`);
});

Deno.test("the address is the metric's, or that of the setting", async () => {
  const settings = { ARGO_ROLLOUTS_PROMETHEUS_ADDRESS: "https://other" };
  const own = await requests({ address: ADDRESS }, { settings });
  assert.equal(own.asked[0]?.url, `${ADDRESS}/api/v1/query`);
  const set = await requests({}, { settings });
  assert.equal(set.asked[0]?.url, "https://other/api/v1/query");
  assert.equal((await requests({})).said, "prometheus address is not configured");
  for (const address of ["nonsense", "localhost:9090", "/path"]) {
    assert.equal((await requests({ address })).said, "prometheus address is not is url format");
  }
});

Deno.test("timeout, insecure and headers are those of the metric", async () => {
  const headers = [{ key: "X-Scope-OrgID", value: "shop" }];
  const { asked } = await requests({ address: ADDRESS, timeout: 5, insecure: true, headers });
  const { timeoutMs, insecure, headers: sent } = asked[0]!;
  assert.deepEqual([timeoutMs, insecure, sent?.["x-scope-orgid"]], [5_000, true, "shop"]);
  const negative = await requests({ address: ADDRESS, timeout: -1 });
  assert.equal(negative.said, "prometheus timeout should not be negative");
  assert.deepEqual(negative.asked, []);
});

Deno.test("name and password need each other", async () => {
  const said = async (
    basicAuth: object,
  ) => (await requests({ address: ADDRESS, authentication: { basicAuth } }));
  const { asked } = await said({ username: "me", password: "p:ö" });
  const expected = new TextEncoder().encode("me:p:ö").toBase64();
  assert.equal(asked[0]?.headers?.["authorization"], `Basic ${expected}`);
  const text = "missing mandatory parameter in metric for basic auth setup: ";
  assert.equal((await said({ username: "me" })).said, `${text}password`);
  assert.equal((await said({ password: "p" })).said, `${text}username`);
});

Deno.test("what is wrong with a configuration by itself is told without asking anybody", () => {
  assert.deepEqual(prometheus.problems?.({ query: "up" }), []);
  assert.deepEqual(prometheus.problems?.({ timeout: -1, rangeQuery: { step: "1x" } }), [
    "prometheus timeout should not be negative",
    'failed to parse rangeQuery.step as duration: time: unknown unit "x" in duration "1x"',
  ]);
});

Deno.test("the query is told as it is sent", () => {
  const config = { query: "up" };
  assert.deepEqual(prometheus.metadata?.(callOf(config)), { ResolvedPrometheusQuery: "up" });
  assert.deepEqual(prometheus.shapeOf?.(config), ["scalar", "vector"]);
  assert.equal(prometheus.shapeOf?.({ rangeQuery: {} }), "vector");
});
