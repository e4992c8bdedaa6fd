/** `sluice analysis test`: one template, its measurements and its verdict, without a cluster. */
import assert from "node:assert/strict";
import data from "../../../docs/examples/analysis/data.yaml" with { type: "text" };
import example from "../../../docs/examples/analysis/web.yaml" with { type: "text" };
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { type Run, run } from "./fake_terminal.ts";

const QUERY = 'sum(rate(http_requests_total{service="web",code!~"5.."}[1m])) / ' +
  'sum(rate(http_requests_total{service="web"}[1m]))';
const RATE = ["--template", "success-rate", "--arg", "service=web"];

/** A test of templates in `t.yaml`; by default those of the example. */
async function test(
  options: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Run> {
  return await run(["analysis", "test", "t.yaml", ...options], {
    files: { "t.yaml": example, "data.yaml": data, ...files },
    clock: systemClock,
  });
}

/** A template with one web metric. */
function template(metric: string, name = "rate"): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: ${name} }
spec:
  metrics:
    - name: ok
      provider: { web: { url: "http://a.example" } }
      ${metric}
`;
}

Deno.test("a template is measured with data until it fails: text", async () => {
  assert.deepEqual(await test([...RATE, "--data", "data.yaml"]), {
    code: 1,
    err: "",
    out: `success-rate: ${QUERY}

 TIME  METRIC        RESULT        VALUE
   0s  success-rate  ✔ Successful  [0.99]
  30s  success-rate  ✔ Successful  [0.99]
  60s  success-rate  ✔ Successful  [0.99]
  90s  success-rate  ✔ Successful  [0.99]
 2m0s  success-rate  ✔ Successful  [0.99]
2m30s  success-rate  ✔ Successful  [0.99]
 3m0s  success-rate  ✖ Failed      [0.81]
3m30s  success-rate  ✖ Failed      [0.81]
 4m0s  success-rate  ✖ Failed      [0.81]

✖ Failed after 4m0s: Metric "success-rate" assessed Failed due to failed (3) > failureLimit (2)
`,
  });
});

Deno.test("a template is measured with data until it succeeds: JSON", async () => {
  const { code, out } = await test([
    ...["--template", "orders", "--data", "data.yaml", "-o", "json"],
  ]);
  assert.equal(code, 0);
  const measurement = { phase: "Successful", value: '{"placed":12,"failed":0}', message: "" };
  assert.deepEqual(JSON.parse(out), {
    startedAt: "2030-01-01T00:00:00Z",
    phase: "Successful",
    message: "",
    endSeconds: 40,
    isEnded: false,
    metrics: [{
      name: "orders",
      query: "GET http://orders.shop/health",
      phase: "Successful",
      message: "",
      dryRun: false,
      successful: 3,
      failed: 0,
      inconclusive: 0,
      error: 0,
      measurements: [0, 20, 40].map((atSeconds) => ({ atSeconds, ...measurement })),
    }],
    missing: [],
  });
});

Deno.test("without data it says what it would ask, and ends with 2", async () => {
  const { code, out, err } = await test(RATE);
  assert.equal(code, 2);
  assert.ok(out.includes("Nothing was measured."));
  assert.ok(out.includes(`? no data at 0s: success-rate would measure ${QUERY}`));
  assert.match(err, /^Error: no data for metric "success-rate" of success-rate at 0s /);
});

const VERDICTS: readonly [metric: string, assumed: string, code: number, last: RegExp][] = [
  ["count: 1", "successful", 0, /^✔ Successful after 0s$/],
  ["count: 1", "failed", 1, /^✖ Failed after 0s: Metric "ok" assessed Failed/],
  ["count: 1", "error", 1, /^⚠ Error after 40s: .*consecutiveErrors \(5\)/],
  ["interval: 10s", "successful", 0, /^✔ Successful; it would go on, and was ended after 0s$/],
];

for (const [metric, assumed, code, last] of VERDICTS) {
  Deno.test(`a metric with ${metric} that is ${assumed} ends with ${code}`, async () => {
    const run = await test(["--assume", `ok=${assumed}`], { "t.yaml": template(metric) });
    assert.equal(run.code, code);
    assert.match(run.out.trimEnd().split("\n").at(-1) ?? "", last);
  });
}

Deno.test("what is neither good nor bad ends with 3", async () => {
  const conditions = 'successCondition: "result > 5"\n      failureCondition: "result < 1"';
  const { code, out } = await test(["--data", "data.yaml"], {
    "t.yaml": template(conditions),
    "data.yaml": "rate: { ok: [{ value: 3 }] }\n",
  });
  assert.equal(code, 3);
  assert.match(out, /\? Inconclusive after 0s: Metric "ok" assessed Inconclusive/);
});

Deno.test("a long analysis shows all of its measurements, and ends after --for", async () => {
  const { out } = await test(["--data", "data.yaml", "--for", "5m"], {
    "t.yaml": template("interval: 10s\n      successCondition: result > 0"),
    "data.yaml": "rate: { ok: [{ at: 0s, value: 1 }, { at: 1h, value: 0 }] }\n",
  });
  assert.equal(out.split("\n").filter((line) => line.includes("✔ Successful  1")).length, 31);
  assert.match(out, /✔ Successful; it would go on, and was ended after 5m0s$/m);
});

Deno.test("metrics of a dry run are marked, and count for nothing", async () => {
  const dry = template("count: 1") + '  dryRun: [{ metricName: "ok" }]\n';
  const { code, out } = await test(["--assume", "all=failed"], { "t.yaml": dry });
  assert.equal(code, 0);
  assert.match(out, /0s +ok \(dry run\) +✖ Failed/);
});

Deno.test("a template brings those along that it names", async () => {
  const outer = `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: all }
spec:
  templates: [{ templateName: rate }]
`;
  const both = await test(["--assume", "all=successful"], {
    "t.yaml": `${outer}---\n${template("count: 1")}`,
  });
  assert.equal(both.code, 0);
  assert.match(both.out, /0s +ok +✔ Successful/);
  const alone = await test(["--assume", "all=successful"], { "t.yaml": outer });
  assert.deepEqual([alone.code, alone.err], [
    2,
    'Error: AnalysisTemplate "rate" is named, and in none of the files\n',
  ]);
});

const WRONG: readonly [options: readonly string[], err: RegExp][] = [
  [["--template", "success-rate"], /args\.service was not resolved: pass --arg service=VALUE/],
  [[], /several templates: choose one with --template NAME: success-rate, orders/],
  [["--template", "rat"], /no template "rat"; there are: success-rate, orders/],
  [
    [...RATE, "--arg", "servce=web"],
    /--arg servce: no template declares it; did you mean "service"/,
  ],
  [[...RATE, "--arg", "x=1"], /--arg x: no template declares it; they declare: service$/m],
  [["--template", "orders", "--arg", "service"], /arguments must be in the form NAME=VALUE/],
  [["--at", "2026-03-01T09:30:00Z"], /--at needs --prometheus/],
  [[...RATE, "--step", "10ms"], /--step: "10ms" is less than a second/],
  [[...RATE, "--for", "long"], /--for: .*long/],
  [[...RATE, "--prometheus", "localhost"], /--prometheus: "localhost" is not an address/],
  [[...RATE, "--prometheus", "http://a", "--at", "now"], /--at: "now" is not a time such as/],
  [[...RATE, "--prometheus", "http://a", "--at", "2999-01-01T00:00:00Z"], /is yet to come/],
  [["--template", "orders", "--data", "none.yaml"], /none\.yaml/],
];

for (const [options, err] of WRONG) {
  Deno.test(`analysis test ${options.join(" ")} ends with 2 and ${err}`, async () => {
    const found = await test(options);
    assert.equal(found.code, 2);
    assert.equal(found.out, "");
    assert.match(found.err, err);
    assert.equal(found.err.trimEnd().split("\n").length <= 2, true);
  });
}

Deno.test("a file without a template is refused", async () => {
  const { code, err } = await test([], {
    "t.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n",
  });
  assert.equal(code, 2);
  assert.match(err, /Error: no AnalysisTemplate in t\.yaml/);
});

/** A Prometheus that answers every query by its time. */
async function withPrometheus(
  valueAt: (seconds: number) => string,
  work: (address: string, asked: readonly { query: string; time: number }[]) => Promise<void>,
): Promise<void> {
  const asked: { query: string; time: number }[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const form = new URLSearchParams(await request.text());
      const time = Number(form.get("time"));
      asked.push({ query: form.get("query") ?? "", time });
      const result = [{ metric: {}, value: [time, valueAt(time)] }];
      return Response.json({ status: "success", data: { resultType: "vector", result } });
    },
  );
  try {
    await work(`http://127.0.0.1:${server.addr.port}`, asked);
  } finally {
    await server.shutdown();
  }
}

const AT = Date.UTC(2026, 2, 1, 9, 30) / 1000;

Deno.test("a backtest asks a server at the times of the past, and judges as a run would", async () => {
  await withPrometheus((time) => time < AT + 60 ? "0.99" : "0.5", async (address, asked) => {
    const { code, out, err } = await test([
      ...RATE,
      ...["--prometheus", address, "--at", "2026-03-01T09:30:00Z"],
    ]);
    assert.equal(err, "");
    assert.equal(code, 1);
    assert.deepEqual(asked.map(({ time }) => time - AT), [0, 30, 60, 90, 120]);
    assert.equal(asked[0]?.query.replaceAll(/\s+/g, " ").trim(), QUERY);
    assert.match(out, /^2026-03-01T09:30:30Z +success-rate +✔ Successful +\[0\.99\]$/m);
    assert.match(out, /^✖ Failed after 2m0s: .*failed \(3\) > failureLimit \(2\)$/m);
  });
});

Deno.test("--step and --for say how often and how long a server is asked", async () => {
  await withPrometheus(() => "1", async (address, asked) => {
    const { code } = await test([
      ...[...RATE, "--prometheus", address, "--at", "2026-03-01T09:30:00Z"],
      ...["--step", "10m", "--for", "1h"],
    ]);
    assert.equal(code, 0);
    assert.deepEqual(asked.map(({ time }) => (time - AT) / 60), [0, 10, 20, 30, 40, 50, 60]);
  });
});

Deno.test("without --at the past ends now", async () => {
  await withPrometheus(() => "1", async (address, asked) => {
    const nowMs = Date.now();
    const { code } = await test([...RATE, "--prometheus", address, "--for", "2m", "--step", "1m"]);
    assert.equal(code, 0);
    assert.equal(asked.length, 3);
    const last = asked.at(-1)?.time ?? 0;
    assert.ok(Math.abs(last - nowMs / 1000) < 60, `${last}`);
  });
});

Deno.test("what is no Prometheus metric takes its data from the file, also beside a server", async () => {
  await withPrometheus(() => "1", async (address, asked) => {
    const at = ["--prometheus", address, "--at", "2026-03-01T09:30:00Z"];
    const { code } = await test(["--template", "orders", "--data", "data.yaml", ...at]);
    assert.equal(code, 0);
    assert.deepEqual(asked, []);
  });
});

Deno.test("a server that never answers is bad input, told in one line", async () => {
  let address = "";
  await withPrometheus(() => "1", (free) => {
    address = free;
    return Promise.resolve();
  });
  const { code, out, err } = await test([
    ...RATE,
    "--prometheus",
    address,
    "--at",
    "2026-03-01T09:30:00Z",
  ]);
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /^Error: --prometheus: no server answers at http:\/\/127\.0\.0\.1:\d+: .*\n$/);
});

Deno.test("the help of analysis test has examples and exit codes", async () => {
  const { code, out } = await run(["analysis", "test", "--help"]);
  assert.equal(code, 0);
  for (const part of ["Examples:", "--prometheus", "--at", "--step", "--data", "Exit codes: 0"]) {
    assert.ok(out.includes(part), part);
  }
});
