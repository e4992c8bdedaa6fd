import assert from "node:assert/strict";
import type { AnalysisPhase, AnalysisRunSpec, Metric } from "../../../sdk/api/analysis.ts";
import { lettersOf, metric, runWorld, type Script } from "./run_world.ts";

/** A row of the table: a metric's fields, what is measured, and what the run comes to. */
interface Row {
  readonly fields: Partial<Metric>;
  /** Measured one after the other; then it is terminated, if a row says so. */
  readonly measured: string;
  readonly taken?: string;
  readonly phase: AnalysisPhase;
  readonly message?: string;
  readonly terminateAtSeconds?: number;
}

const EVERY = "30s";
const ERROR_MESSAGE = 'Metric "m" assessed Error due to consecutiveErrors (5) > ' +
  'consecutiveErrorLimit (4): "Error Message: the source is away"';

const ROWS: readonly Row[] = [
  { fields: { count: 3, interval: EVERY }, measured: "SSS", phase: "Successful" },
  {
    fields: { count: 3, interval: EVERY },
    measured: "SFS",
    taken: "SF",
    phase: "Failed",
    message: 'Metric "m" assessed Failed due to failed (1) > failureLimit (0)',
  },
  {
    fields: { count: 3, interval: EVERY, failureLimit: 1 },
    measured: "FSS",
    phase: "Successful",
  },
  {
    fields: { count: 3, interval: EVERY, failureLimit: 1 },
    measured: "FFS",
    taken: "FF",
    phase: "Failed",
    message: 'Metric "m" assessed Failed due to failed (2) > failureLimit (1)',
  },
  {
    fields: { interval: EVERY },
    measured: "SSSSSS",
    taken: "SS",
    terminateAtSeconds: 45,
    phase: "Successful",
    message: "Run Terminated",
  },
  {
    fields: { interval: EVERY, initialDelay: "60s" },
    measured: "S",
    taken: "",
    terminateAtSeconds: 45,
    phase: "Successful",
    message: "Run Terminated",
  },
  {
    fields: {},
    measured: "?",
    phase: "Inconclusive",
    message: 'Metric "m" assessed Inconclusive due to inconclusive (1) > inconclusiveLimit (0)',
  },
  {
    fields: { count: 3, interval: EVERY, inconclusiveLimit: 1 },
    measured: "?SS",
    phase: "Successful",
  },
  { fields: {}, measured: "EEEES", phase: "Successful" },
  { fields: {}, measured: "EEEEE", phase: "Error", message: ERROR_MESSAGE },
  { fields: { count: 2, interval: EVERY }, measured: "EEESEEEES", phase: "Successful" },
  {
    fields: { failureLimit: -1 },
    measured: "S",
    taken: "",
    phase: "Error",
    message: "Analysis spec invalid: metrics[0]: failureLimit and consecutiveSuccessLimit cannot " +
      "both be disabled",
  },
  {
    fields: { interval: EVERY, consecutiveSuccessLimit: 3 },
    measured: "FSSS",
    taken: "F",
    phase: "Failed",
    message: 'Metric "m" assessed Failed due to failed (1) > failureLimit (0)',
  },
  {
    fields: { interval: EVERY, consecutiveSuccessLimit: 3, failureLimit: -1 },
    measured: "FSFSSS",
    phase: "Successful",
  },
  {
    fields: { count: 5, interval: EVERY, consecutiveSuccessLimit: 3, failureLimit: -1 },
    measured: "SFSFS",
    phase: "Failed",
  },
  {
    fields: { count: 5, interval: EVERY, consecutiveSuccessLimit: 3, failureLimit: 2 },
    measured: "SFSFS",
    phase: "Inconclusive",
  },
  {
    fields: { count: "2", interval: EVERY, failureLimit: "1" },
    measured: "SF",
    phase: "Successful",
  },
];

Deno.test("a metric comes to what its measurements and limits say", async () => {
  for (const { fields, measured, taken = measured, ...expected } of ROWS) {
    const world = runWorld([metric("m", fields)], { m: measured });
    await world.begin();
    const { terminateAtSeconds } = expected;
    if (terminateAtSeconds !== undefined) {
      await world.untilSeconds(terminateAtSeconds);
      assert.equal(world.run()?.status?.phase, "Running");
      await world.patch({ spec: { terminate: true } });
    }
    await world.untilSeconds(3_600);
    const { phase, message } = world.run()?.status ?? {};
    const text = JSON.stringify({ fields, measured });
    assert.equal(phase, expected.phase, text);
    assert.equal(message, expected.message, text);
    const recorded = lettersOf(world.run(), "m");
    assert.equal(recorded, taken, text);
    assert.equal(world.findings.length, taken.length, "nothing is measured that does not count");
  }
});

/** A run of several metrics; `interval` and `count` of each stand in its name. */
interface RunRow {
  readonly metrics: Readonly<Record<string, Partial<Metric>>>;
  readonly script: Script;
  readonly spec?: Partial<AnalysisRunSpec>;
  readonly terminateAtSeconds?: number;
  readonly phase: AnalysisPhase;
  readonly metricPhases: Readonly<Record<string, AnalysisPhase>>;
  readonly dryPhases?: Readonly<Record<string, number>>;
}

const ENDLESS = { interval: EVERY };
const RUN_ROWS: readonly RunRow[] = [
  {
    metrics: { a: {}, b: {} },
    script: { a: "S", b: "S" },
    phase: "Successful",
    metricPhases: { a: "Successful", b: "Successful" },
  },
  {
    metrics: { a: {}, b: ENDLESS },
    script: { a: "F", b: "S" },
    phase: "Failed",
    metricPhases: { a: "Failed", b: "Successful" },
  },
  {
    metrics: { a: {}, b: {} },
    script: { a: "F", b: "R" },
    phase: "Failed",
    metricPhases: { a: "Failed", b: "Inconclusive" },
  },
  {
    metrics: { a: {}, b: {} },
    script: { a: "S", b: "?" },
    phase: "Inconclusive",
    metricPhases: { a: "Successful", b: "Inconclusive" },
  },
  {
    metrics: { a: { consecutiveErrorLimit: 0 }, b: {} },
    script: { a: "E", b: "F" },
    phase: "Failed",
    metricPhases: { a: "Error", b: "Failed" },
  },
  {
    metrics: { a: { consecutiveErrorLimit: 0 }, b: {} },
    script: { a: "E", b: "?" },
    phase: "Error",
    metricPhases: { a: "Error", b: "Inconclusive" },
  },
  {
    metrics: { a: {}, b: { initialDelay: "60s" } },
    script: { a: "S", b: "F" },
    terminateAtSeconds: 30,
    phase: "Successful",
    metricPhases: { a: "Successful" },
  },
  {
    metrics: { a: {}, b: {} },
    script: { a: "F", b: "F" },
    spec: { dryRun: [{ metricName: ".*" }] },
    phase: "Successful",
    metricPhases: { a: "Failed", b: "Failed" },
    dryPhases: { count: 2, failed: 2 },
  },
  {
    metrics: { a: {}, b: { count: 3, interval: EVERY } },
    script: { a: "F", b: "SSS" },
    spec: { dryRun: [{ metricName: "^a$" }] },
    phase: "Successful",
    metricPhases: { a: "Failed", b: "Successful" },
    dryPhases: { count: 1, failed: 1 },
  },
];

Deno.test("a run comes to the worst of its metrics that count", async () => {
  for (const row of RUN_ROWS) {
    const { metrics, script, spec = {}, terminateAtSeconds } = row;
    const list = Object.entries(metrics).map(([name, fields]) => metric(name, fields));
    const world = runWorld(list, script, { spec });
    await world.begin();
    if (terminateAtSeconds !== undefined) {
      await world.untilSeconds(terminateAtSeconds);
      await world.patch({ spec: { terminate: true } });
    }
    await world.untilSeconds(3_600);
    const { phase, metricResults = [], dryRunSummary } = world.run()?.status ?? {};
    const text = JSON.stringify(row);
    assert.equal(phase, row.phase, text);
    const phases = Object.fromEntries(metricResults.map((result) => [result.name, result.phase]));
    assert.deepEqual(phases, row.metricPhases, text);
    assert.deepEqual(dryRunSummary, row.dryPhases ?? {}, text);
  }
});

Deno.test("of several limits passed at once the last one counts", async () => {
  const status = {
    phase: "Running",
    startedAt: "2024-01-01T00:00:00Z",
    metricResults: [{
      name: "m",
      phase: "Running",
      count: 2,
      failed: 1,
      inconclusive: 1,
      error: 1,
      consecutiveError: 1,
      measurements: [{ phase: "Error", finishedAt: "2024-01-01T00:00:00Z" }],
    }],
  } as const;
  const limits = { count: 9, interval: EVERY };
  const rows: [Partial<Metric>, AnalysisPhase, string][] = [
    [{ consecutiveErrorLimit: 0 }, "Error", "consecutiveErrors (2) > consecutiveErrorLimit (0)"],
    [{ inconclusiveLimit: 0 }, "Inconclusive", "inconclusive (1) > inconclusiveLimit (0)"],
    [{ inconclusiveLimit: 1 }, "Failed", "failed (1) > failureLimit (0)"],
  ];
  for (const [fields, phase, why] of rows) {
    const adopted = structuredClone(status) as unknown as { phase: "Running" };
    const world = runWorld([metric("m", { ...limits, ...fields })], { m: "ES" }, {
      status: adopted,
    });
    await world.begin();
    await world.untilSeconds(1);
    assert.equal(world.run()?.status?.phase, phase);
    assert.equal(world.run()?.status?.message?.includes(why), true, why);
  }
});
