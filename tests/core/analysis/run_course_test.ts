import assert from "node:assert/strict";
import type { Measurement } from "../../../sdk/api/analysis.ts";
import { lettersOf, metric, runWorld, secondsOf } from "./run_world.ts";

function measurementsOf(world: ReturnType<typeof runWorld>, name: string): Measurement[] {
  const result = world.run()?.status?.metricResults?.find((each) => each.name === name);
  return result?.measurements ?? [];
}

Deno.test("a run's status, events and writes are those that Argo leaves", async () => {
  const rate = metric("rate", { count: 3, interval: "30s", failureLimit: 1 });
  const world = runWorld([rate], { rate: "FSF" });
  await world.begin();
  await world.untilSeconds(1);
  assert.deepEqual(world.run()?.status, {
    phase: "Running",
    startedAt: "2030-01-01T00:00:00Z",
    runSummary: { count: 1 },
    dryRunSummary: {},
    metricResults: [{
      name: "rate",
      phase: "Running",
      count: 1,
      failed: 1,
      measurements: [{
        phase: "Failed",
        value: "F",
        startedAt: "2030-01-01T00:00:00Z",
        finishedAt: "2030-01-01T00:00:00Z",
      }],
    }],
  });
  await world.untilSeconds(3_600);
  const { measurements, ...result } = world.run()?.status?.metricResults?.[0] ?? {};
  assert.deepEqual(result, { name: "rate", phase: "Failed", count: 3, failed: 2, successful: 1 });
  assert.deepEqual(measurements?.map(({ startedAt }) => secondsOf(world, startedAt)), [0, 30, 60]);
  const { metricResults: _, ...status } = world.run()?.status ?? {};
  assert.deepEqual(status, {
    phase: "Failed",
    message: 'Metric "rate" assessed Failed due to failed (2) > failureLimit (1)',
    startedAt: "2030-01-01T00:00:00Z",
    completedAt: "2030-01-01T00:01:00Z",
    runSummary: { count: 1, failed: 1 },
    dryRunSummary: {},
  });
  assert.deepEqual(world.events, [
    "Warning MetricFailed: Metric 'rate' Completed. Result: Failed",
    "Warning AnalysisRunFailed: Analysis Completed. Result: Failed",
  ]);
  assert.equal(world.writes, 3, "one write for each measurement, and none afterwards");
});

Deno.test("all metrics that are due are measured together, and recorded in one write", async () => {
  const names = ["b", "a", "c"];
  const world = runWorld(names.map((name) => metric(name, { count: 2, interval: "10s" })), {});
  await world.begin();
  await world.untilSeconds(60);
  const { metricResults = [], runSummary } = world.run()?.status ?? {};
  assert.deepEqual(metricResults.map(({ name }) => name), names);
  assert.deepEqual(runSummary, { count: 3, successful: 3 });
  assert.equal(world.writes, 2);
  assert.equal(world.events.length, 4);
});

Deno.test("measurements begin after the delay, and follow the end of the one before", async () => {
  const rows: [Parameters<typeof metric>[1], string, number[]][] = [
    [{ count: 3, interval: "30s" }, "SSS", [0, 30, 60]],
    [{ count: 2, interval: "30s", initialDelay: "1m" }, "SS", [60, 90]],
    [{ initialDelay: "1m" }, "S", [60]],
    // Errors are tried again after ten seconds, whatever the interval is.
    [{ count: 2, interval: "1m" }, "ESES", [0, 10, 70, 80]],
    [{ count: 2, interval: "2s" }, "ESS", [0, 10, 12]],
    [{}, "EES", [0, 10, 20]],
    // A measurement that goes on is no reason to begin another.
    [{ count: 2, interval: "30s" }, "RRSS", [0, 10, 20, 50]],
    // What is shorter than a second would be measured without a pause.
    [{ count: 3, interval: "1ms" }, "SSS", [0, 1, 2]],
    [{ count: 3, interval: "-5s" }, "SSS", [0, 1, 2]],
    // A source that asks for time is asked again then, and nothing is counted.
    [{ count: 2, interval: "30s" }, "LLSS", [0, 20, 40, 70]],
  ];
  for (const [fields, letters, seconds] of rows) {
    const world = runWorld([metric("m", fields)], { m: letters });
    await world.begin();
    await world.untilSeconds(600);
    const text = JSON.stringify(fields);
    assert.deepEqual(
      world.findings.map(({ atSeconds }) => atSeconds - world.startMs / 1000),
      seconds,
      text,
    );
    assert.equal(world.run()?.status?.phase, "Successful", text);
  }
});

Deno.test("a measurement that goes on shows what it is, and keeps its number and its start", async () => {
  const world = runWorld([metric("m")], { m: "RRS" });
  await world.begin();
  await world.untilSeconds(1);
  assert.deepEqual(measurementsOf(world, "m"), [{
    phase: "Running",
    startedAt: "2030-01-01T00:00:00Z",
    resumeAt: "2030-01-01T00:00:10Z",
    metadata: { "job-name": "j" },
  }]);
  assert.equal(world.run()?.status?.phase, "Running");
  await world.untilSeconds(60);
  assert.deepEqual(measurementsOf(world, "m"), [{
    phase: "Successful",
    value: "S",
    startedAt: "2030-01-01T00:00:00Z",
    finishedAt: "2030-01-01T00:00:20Z",
    metadata: { "job-name": "j" },
  }]);
  assert.deepEqual(world.findings.map(({ number }) => number), [1, 1, 1]);
});

Deno.test("a source that asks for time without end is an error after ten minutes", async () => {
  const world = runWorld([metric("m", { consecutiveErrorLimit: 1 })], { m: "L" });
  await world.begin();
  await world.untilSeconds(599);
  assert.equal(world.run()?.status?.phase, "Running");
  assert.equal(measurementsOf(world, "m").at(-1)?.phase, "Pending");
  await world.untilSeconds(601);
  assert.deepEqual(measurementsOf(world, "m"), [{
    phase: "Error",
    message: "busy, over 10 minutes in all",
    startedAt: "2030-01-01T00:00:00Z",
    finishedAt: "2030-01-01T00:10:00Z",
  }]);
  await world.untilSeconds(1_300);
  const { phase, message } = world.run()?.status ?? {};
  assert.equal(phase, "Error");
  assert.equal(
    message,
    'Metric "m" assessed Error due to consecutiveErrors (2) > consecutiveErrorLimit (1): ' +
      '"Error Message: busy, over 10 minutes in all"',
  );
});

Deno.test("a source that has no data may be waited for as long as the template says", async () => {
  const annotations = { "sluice.dev/on-no-data": "wait" };
  const world = runWorld([metric("m")], { m: `${"N".repeat(200)}LS` }, { annotations });
  await world.begin();
  await world.untilSeconds(1_900);
  assert.equal(measurementsOf(world, "m").at(-1)?.phase, "Pending");
  await world.untilSeconds(2_100);
  assert.equal(world.run()?.status?.phase, "Successful");
});

Deno.test("a measurement that was put off says until when, and why", async () => {
  const world = runWorld([metric("m")], { m: "LS" });
  await world.begin();
  await world.untilSeconds(1);
  assert.deepEqual(measurementsOf(world, "m"), [{
    phase: "Pending",
    message: "busy",
    startedAt: "2030-01-01T00:00:00Z",
    resumeAt: "2030-01-01T00:00:20Z",
  }]);
  await world.patch({ spec: { terminate: true } });
  await world.untilSeconds(60);
  const { phase, metricResults } = world.run()?.status ?? {};
  assert.equal(phase, "Successful");
  assert.equal(metricResults, undefined, "it was never measured");
  assert.equal(world.findings.length, 1);
});

Deno.test("a failure ends what goes on: what runs is terminated before the run is over", async () => {
  const metrics = [metric("fails"), metric("runs"), metric("waits", { initialDelay: "1h" })];
  const world = runWorld(metrics, { fails: "F", runs: "R" });
  await world.begin();
  await world.untilSeconds(5);
  const { phase, message } = world.run()?.status ?? {};
  assert.equal(phase, "Failed");
  assert.equal(message, 'Metric "fails" assessed Failed due to failed (1) > failureLimit (0)');
  assert.deepEqual(measurementsOf(world, "runs").map((each) => [each.phase, each.message]), [
    ["Inconclusive", "Metric Terminated"],
  ]);
  assert.deepEqual(world.findings.map(({ letter }) => letter), ["F", "R", "terminated"]);
  assert.deepEqual(world.events, [
    "Warning MetricFailed: Metric 'fails' Completed. Result: Failed",
    "Normal MetricInconclusive: Metric 'runs' Completed. Result: Inconclusive",
    "Warning AnalysisRunFailed: Analysis Completed. Result: Failed",
  ]);
});

Deno.test("a run keeps ten measurements of a metric, or as many as its rule says", async () => {
  const fields = { count: 14, interval: "1s", failureLimit: 14 };
  const world = runWorld([metric("some", fields), metric("few", fields), metric("more", fields)], {
    some: "FSFSFSFSFSFSFS",
  }, {
    spec: {
      measurementRetention: [
        { metricName: "few|more", limit: 2 },
        { metricName: "more", limit: 12 },
        { metricName: "some", limit: 0 },
      ],
    },
  });
  await world.begin();
  await world.untilSeconds(60);
  assert.equal(lettersOf(world.run(), "some"), "FSFSFSFSFS");
  assert.equal(lettersOf(world.run(), "few"), "SS");
  assert.equal(lettersOf(world.run(), "more").length, 12);
  const keeping = (limit: number) =>
    world.collected.filter((said) => said === `run keeps ${limit}`).length;
  assert.deepEqual([keeping(10), keeping(2), keeping(12)], [4, 12, 2], "once for each beyond");
  const [some] = world.run()?.status?.metricResults ?? [];
  assert.deepEqual([some?.count, some?.failed, some?.successful], [14, 7, 7]);
});

Deno.test("a dry metric says for itself what it came to", async () => {
  const world = runWorld([metric("dry"), metric("wet")], { dry: "F" }, {
    spec: { dryRun: [{ metricName: "dry" }] },
  });
  await world.begin();
  await world.untilSeconds(5);
  const [dry, wet] = world.run()?.status?.metricResults ?? [];
  assert.equal(dry?.dryRun, true);
  assert.equal(dry?.message, "Metric assessed Failed due to failed (1) > failureLimit (0)");
  assert.equal(wet?.dryRun, undefined);
  const { phase, message, runSummary, dryRunSummary } = world.run()?.status ?? {};
  assert.deepEqual([phase, message], ["Successful", undefined]);
  assert.deepEqual([runSummary, dryRunSummary], [
    { count: 1, successful: 1 },
    { count: 1, failed: 1 },
  ]);
});

Deno.test("a run that cannot be measured is an error at once, with Argo's words", async () => {
  const rows: [Parameters<typeof metric>[1], object, string][] = [
    [
      { interval: "{{args.a}}" },
      {},
      "Unable to resolve metric arguments: failed to resolve {{args.a}}",
    ],
    [
      {},
      { args: [{ name: "a" }] },
      'Unable to resolve metric arguments: argument "a" was not supplied',
    ],
    [
      {},
      { args: [{ name: "a", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
      'Unable to resolve metric arguments: argument "a" was not supplied',
    ],
    [
      { count: 2 },
      {},
      "Analysis spec invalid: metrics[0]: interval must be specified when count > 1",
    ],
    [
      {},
      { dryRun: [{ metricName: "x" }] },
      "Analysis spec invalid: dryRun[0]: Rule didn't match any metric name(s)",
    ],
    [
      {},
      { measurementRetention: [{ metricName: "m", limit: 1 }, { metricName: "x", limit: 1 }] },
      "Analysis spec invalid: measurementRetention[1]: Rule didn't match any metric name(s)",
    ],
    [{}, { metrics: [] }, "Analysis spec invalid: no metrics specified"],
  ];
  for (const [fields, spec, message] of rows) {
    const world = runWorld([metric("m", fields)], {}, { spec });
    await world.begin();
    await world.untilSeconds(600);
    assert.deepEqual(world.run()?.status, { phase: "Error", message }, message);
    assert.deepEqual(world.events, ["Warning AnalysisRunError: Analysis Completed. Result: Error"]);
    assert.equal(world.findings.length, 0);
  }
});

Deno.test("arguments reach names, intervals, limits and conditions", async () => {
  const fields = {
    interval: "{{args.every}}",
    count: "{{ args.count }}",
    failureLimit: "{{args.limit}}",
    successCondition: 'result == "{{args.good}}"',
    failureCondition: "",
  };
  const world = runWorld([metric("{{args.name}}", fields)], { rate: "FSF" }, {
    spec: {
      args: [
        { name: "name", value: "rate" },
        { name: "every", value: "5s" },
        { name: "count", value: "3" },
        { name: "limit", value: "2" },
        { name: "good", value: "S" },
      ],
      dryRun: [],
    },
  });
  await world.begin();
  await world.untilSeconds(60);
  const { phase, metricResults = [] } = world.run()?.status ?? {};
  assert.equal(phase, "Successful");
  assert.deepEqual(metricResults.map(({ name, count, failed }) => [name, count, failed]), [
    ["rate", 3, 2],
  ]);
  assert.deepEqual(measurementsOf(world, "rate").map((each) => secondsOf(world, each.startedAt)), [
    0,
    5,
    10,
  ]);
});

Deno.test("a run that is over is deleted when its time to live is", async () => {
  const rows: [string, object, number | undefined][] = [
    ["S", { secondsAfterCompletion: 60 }, 61],
    ["F", { secondsAfterCompletion: 60 }, 61],
    ["S", { secondsAfterCompletion: 60, secondsAfterSuccess: 5 }, 6],
    ["F", { secondsAfterCompletion: 60, secondsAfterFailure: 5, secondsAfterSuccess: 7 }, 6],
    ["S", { secondsAfterCompletion: 60, secondsAfterFailure: 5 }, 61],
    ["?", { secondsAfterCompletion: 60, secondsAfterFailure: 5, secondsAfterSuccess: 5 }, 61],
    ["?", { secondsAfterFailure: 5, secondsAfterSuccess: 5 }, undefined],
    ["S", { secondsAfterSuccess: 0 }, 1],
    ["S", {}, undefined],
  ];
  for (const [letter, ttlStrategy, goneAtSeconds] of rows) {
    const world = runWorld([metric("m")], { m: letter }, { spec: { ttlStrategy } });
    await world.begin();
    await world.untilSeconds(goneAtSeconds === undefined ? 7_200 : goneAtSeconds - 0.5);
    const text = `${letter} ${JSON.stringify(ttlStrategy)}`;
    assert.notEqual(world.run(), undefined, text);
    if (goneAtSeconds === undefined) continue;
    await world.untilSeconds(goneAtSeconds);
    assert.equal(world.run(), undefined, text);
  }
});

Deno.test("missing data is judged as Argo does, or as its template says", async () => {
  const rows: [string | undefined, string, string, string?][] = [
    [
      undefined,
      "NS",
      "Successful",
      'could not evaluate successCondition "result[0] == 1": metric result is nil or empty: ' +
      "no data returned from the metric provider",
    ],
    ["inconclusive", "NS", "Inconclusive", "no data returned from the metric provider"],
    ["fail", "NS", "Failed", "no data returned from the metric provider"],
  ];
  for (const [policy, letters, phase, message] of rows) {
    const fields = { successCondition: "result[0] == 1", failureCondition: "" };
    const world = runWorld([metric("m", fields)], { m: letters }, {
      annotations: policy === undefined ? {} : { "sluice.dev/on-no-data": policy },
    });
    await world.begin();
    await world.untilSeconds(1);
    assert.equal(measurementsOf(world, "m")[0]?.message, message, `${policy}`);
    assert.equal(measurementsOf(world, "m")[0]?.phase, policy === undefined ? "Error" : phase);
  }
  const world = runWorld([metric("m", { count: 2, interval: "30s" })], { m: "NNSNS" }, {
    annotations: { "sluice.dev/on-no-data": '{"m":"wait"}' },
  });
  await world.begin();
  await world.untilSeconds(600);
  assert.equal(world.run()?.status?.phase, "Successful");
  assert.deepEqual(
    measurementsOf(world, "m").map(({ phase, startedAt }) => [phase, secondsOf(world, startedAt)]),
    [["Successful", 60], ["Successful", 120]],
    "silence is waited for, and counts for nothing",
  );
});
