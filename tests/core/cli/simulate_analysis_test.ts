/** Rehearsals with metrics: the example of the documentation, and what may be wrong with data. */
import assert from "node:assert/strict";
import data from "../../../docs/examples/analysis/data.yaml" with { type: "text" };
import example from "../../../docs/examples/analysis/web.yaml" with { type: "text" };
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { type Run, run } from "./fake_terminal.ts";

const UPDATE = ["--do", "10s: set image web web=registry.example/web:2"];

async function rehearse(
  options: readonly string[],
  { files = {}, columns }: { files?: Record<string, string>; columns?: number } = {},
): Promise<Run> {
  return await run(["simulate", "web.yaml", ...UPDATE, ...options], {
    files: { "web.yaml": example, "data.yaml": data, ...files },
    // Reading an answer loads a module, which the machine's clock waits for.
    clock: systemClock,
    ...(columns === undefined ? {} : { screen: { columns, rows: 40 } }),
  });
}

async function withData(text: string, ...options: string[]): Promise<Run> {
  return await rehearse(["--data", "data.yaml", ...options], { files: { "data.yaml": text } });
}

/** What is said at a time, without the columns before it. */
function whyAt(out: string, time: string): string[] {
  return out.split("\n").filter((line) => line.trimStart().startsWith(`${time} `))
    .map((line) => line.split(/ {2,}/).at(-1) ?? "");
}

Deno.test("a release whose metrics get bad is aborted, and WHY names the metric", async () => {
  const { code, out, err } = await rehearse(["--data", "data.yaml"]);
  assert.equal(err, "");
  assert.equal(code, 1);
  assert.deepEqual(whyAt(out, "3m11s"), [
    "paused until 2030-01-01T00:04:54Z; success-rate: failed 1 ([0.81])",
  ]);
  const [abort = ""] = whyAt(out, "4m11s");
  assert.ok(
    abort.includes('Metric "success-rate" assessed Failed due to failed (3) > failureLimit (2)'),
    abort,
  );
  assert.match(out, /α web-\w+-2 +AnalysisRun +✖ Failed +4m\S* +✔ 6,✖ 3/);
  assert.match(out, /α web-\w+-2-2 +AnalysisRun +✔ Successful +2m\S* +✔ 3/);
});

Deno.test("what is assumed needs no data", async () => {
  const good = await rehearse(["--assume", "all=successful"]);
  assert.equal(good.code, 0);
  assert.match(good.out, /^✔ Healthy since/m);
  const bad = await rehearse(["--assume", "all=successful", "--assume", "orders=failed"]);
  assert.equal(bad.code, 1);
  assert.match(bad.out, /RolloutAborted: .*Metric "orders" assessed Failed/);
  const silent = await rehearse(["--assume", "all=successful", "--assume", "orders=no-data"]);
  assert.match(silent.out, /no data returned from the metric provider/);
});

Deno.test("what is assumed of one metric comes before its data", async () => {
  const { code } = await rehearse(["--data", "data.yaml", "--assume", "success-rate=successful"]);
  assert.equal(code, 0);
});

Deno.test("without data the timeline says what would be measured, and the end what is missing", async () => {
  const { code, out, err } = await rehearse(["--assume", "success-rate=successful"]);
  assert.equal(code, 2);
  assert.match(
    out,
    /^ *2m12s \? no data: web-\w+-2-2 would measure orders: GET http:\/\/orders\.shop\/health$/m,
  );
  // Nothing but the missing data is waited for.
  assert.match(out, /since 2m12s of 2m12s simulated/);
  assert.equal(
    err,
    'Error: no data for metric "orders" of orders at 132s (GET http://orders.shop/health): ' +
      "give a series with --data, or --assume orders=successful\n",
  );
});

Deno.test("a query is shown with the values of its arguments, on one line", async () => {
  const { out } = await rehearse([]);
  const [line = ""] = out.split("\n").filter((each) => each.includes("would measure"));
  assert.ok(
    line.endsWith(
      'would measure success-rate: sum(rate(http_requests_total{service="web",code!~"5.."}[1m])) ' +
        '/ sum(rate(http_requests_total{service="web"}[1m]))',
    ),
    line,
  );
});

Deno.test("missing data, and the runs of each entry, are part of the JSON", async () => {
  const { out, code } = await rehearse(["-o", "json"]);
  assert.equal(code, 2);
  const { missing, timeline } = JSON.parse(out);
  assert.deepEqual(
    missing.map(({ template, metric }: { template: string; metric: string }) => [template, metric]),
    [["success-rate", "success-rate"], ["orders", "orders"]],
  );
  assert.match(missing[0].run, /^web-\w+-2$/);
  assert.equal(timeline.at(-1).runs[0].type, "Background");
});

Deno.test("the JSON says how each metric stands", async () => {
  const { out } = await rehearse(["--data", "data.yaml", "-o", "json"]);
  const { timeline } = JSON.parse(out);
  const [background] = timeline.at(-1).runs;
  assert.equal(background.phase, "Failed");
  assert.equal(
    background.message,
    'Metric "success-rate" assessed Failed due to failed (3) > failureLimit (2)',
  );
  assert.deepEqual(background.metrics, [{
    name: "success-rate",
    phase: "Failed",
    dryRun: false,
    successful: 6,
    failed: 3,
    inconclusive: 0,
    error: 0,
    last: { phase: "Failed", value: "[0.81]", message: "" },
  }]);
});

Deno.test("on a terminal of 80 columns no line of the timeline is wider", async () => {
  const { out } = await rehearse(["--data", "data.yaml"], { columns: 80 });
  const [timeline = ""] = out.split("\n\n");
  assert.deepEqual(timeline.split("\n").filter((line) => [...line].length > 80), []);
  assert.ok(timeline.includes("success-rate: failed 1 ([0.81])"));
});

const ANSWER = JSON.stringify({
  status: "success",
  data: { resultType: "vector", result: [{ metric: {}, value: [1, "0.5"] }] },
});

Deno.test("a recorded answer is read as the provider reads it", async () => {
  const entries = `[{ answer: ${JSON.stringify(ANSWER)} }]`;
  const { out, code } = await withData(`success-rate: { success-rate: ${entries} }\n`);
  assert.equal(code, 1);
  assert.match(out, /success-rate: failed 1 \(\[0\.5\]\)/);
});

Deno.test("a status of the source is an error in the provider's words", async () => {
  const { out } = await withData("success-rate: { success-rate: [{ status: 500 }] }\n");
  assert.match(out, /success-rate: error 1 \(.*500/);
});

const WRONG: readonly [text: string, message: string][] = [
  ["success-rate:\n  success-rate: 0.9\n", "data.yaml:2:17: a series is a list of entries"],
  [
    "success-rate:\n  success-rate:\n    - { at: soon, value: 1 }\n",
    "data.yaml:3:13: ",
  ],
  ["success-rate:\n  success-rate:\n    - { valu: 1 }\n", 'data.yaml:3:15: unknown field "valu"'],
  ["a: [\n", "data.yaml:"],
  ["a: {}\n---\nb: {}\n", "data.yaml:3:1: data of metrics is one document"],
];

for (const [text, message] of WRONG) {
  Deno.test(`the data ${JSON.stringify(text)} end with 2 and ${message}`, async () => {
    const { code, out, err } = await withData(text);
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.ok(err.includes(message), err);
  });
}

Deno.test("a series that nothing measures is told with its place, and harms nobody", async () => {
  const { code, err } = await withData(`succes-rate: { success-rate: [{ value: 1 }] }\n${data}`);
  assert.equal(code, 1);
  assert.equal(
    err,
    'warning: data.yaml:1:30: no template "succes-rate" has a metric "success-rate": ' +
      "nothing measures it\n",
  );
});

Deno.test("what is assumed of a metric that no template has is told, and harms nobody", async () => {
  const { code, err } = await rehearse(["--assume", "all=successful", "--assume", "order=failed"]);
  assert.equal(code, 0);
  assert.equal(err, 'warning: --assume: no template has a metric "order": nothing measures it\n');
});

Deno.test("--objects gives the templates too, so that explain reads what it needs", async () => {
  const args = ["--assume", "all=successful", "--until", "1m"];
  const { out } = await rehearse([...args, "-o", "json", "--objects"]);
  const { objects: items } = JSON.parse(out);
  const dump = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const { err } = await run(["explain", "web", "-f", "dump.json"], {
    files: { "dump.json": dump },
  });
  assert.equal(err, "");
});

Deno.test("an answer of a provider that this version has not is refused with its place", async () => {
  const manifest = example.replace("web:\n          url", "graphite:\n          address");
  const files = {
    "web.yaml": manifest.replace('jsonPath: "{$.lastMinute}"', "query: target=a"),
    "data.yaml": "orders:\n  orders:\n    - { answer: oops }\n",
  };
  const { code, err } = await rehearse(["--data", "data.yaml"], { files });
  assert.equal(code, 2);
  assert.match(err, /data\.yaml:3:7: no provider of this version reads such an answer/);
});

for (const assumption of ["orders", "orders=good", "=failed"]) {
  Deno.test(`--assume ${assumption} ends with 2`, async () => {
    const { code, err } = await rehearse(["--assume", assumption]);
    assert.equal(code, 2);
    assert.match(err, /--assume: "[^"]*" is not of the form METRIC=RESULT/);
  });
}

Deno.test("the same rehearsal gives the same bytes", async () => {
  const once = await rehearse(["--data", "data.yaml", "-o", "json"]);
  const again = await rehearse(["--data", "data.yaml", "-o", "json"]);
  assert.equal(once.out, again.out);
});
