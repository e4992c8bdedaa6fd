import assert from "node:assert/strict";
import type { AnalysisArgument } from "../../../sdk/api/analysis.ts";
import type { MetricPorts, MetricProvider, Reading } from "../../../sdk/mod.ts";
import {
  MEASURE,
  measureAnswerer,
  type MeasureQuestion,
  type Providers,
} from "../../../core/analysis/mod.ts";
import type { Measured } from "../../../core/analysis/record.ts";

const SECRETS: Readonly<Record<string, string>> = {
  "shop/tokens/web": 's3cret "quoted"&more',
  "controller/tokens/web": "of-the-controller",
};

function portsOf(
  scope: { namespace: string; signal: AbortSignal },
  logged: string[],
): Omit<MetricPorts, "conceal"> {
  const refuse = () => Promise.reject(new Error("not here"));
  return {
    now: () => Date.parse("2030-01-01T00:00:05.500Z"),
    fetch: refuse,
    log: (_level, message) => logged.push(message),
    signal: scope.signal,
    secret(place, name, key) {
      const value = SECRETS[`${place === "run" ? scope.namespace : place}/${name}/${key}`];
      return value === undefined
        ? Promise.reject(new Error(`key '${key}' does not exist in secret '${name}'`))
        : Promise.resolve(value);
    },
    setting: () => undefined,
    settingFile: () => Promise.resolve(undefined),
    evaluateTime: () => 0,
    cluster: { get: refuse, list: refuse, create: refuse, delete: refuse },
  };
}

interface Asked {
  readonly args?: readonly AnalysisArgument[];
  readonly metric?: Readonly<Record<string, unknown>>;
  readonly question?: Partial<MeasureQuestion>;
  readonly signal?: AbortSignal;
  readonly logged?: string[];
}

async function measured(
  provider: Partial<MetricProvider>,
  { args = [], metric = {}, question = {}, signal, logged = [] }: Asked = {},
): Promise<Measured> {
  const providers: Providers = [{ name: "test", run: () => value(1), ...provider }];
  const answerer = measureAnswerer({ providers, ports: (scope) => portsOf(scope, logged) });
  const asked: MeasureQuestion = {
    kind: MEASURE,
    call: "run",
    id: "u/m/1",
    run: { namespace: "shop", name: "run", uid: "u" },
    metricName: "m",
    metric: { name: "m", provider: { test: {} }, ...metric },
    args,
    number: 1,
    ...question,
  };
  return await answerer.answer(asked, signal ?? new AbortController().signal) as Measured;
}

function value(scalar: number, text = String(scalar)): Promise<Reading> {
  return Promise.resolve({ is: "value", value: { shape: "scalar", value: scalar }, text });
}

Deno.test("conditions decide what a value comes to", async () => {
  const rows: [string | undefined, string | undefined, string][] = [
    [undefined, undefined, "Successful"],
    ["", "", "Successful"],
    ["result > 0", undefined, "Successful"],
    ["result > 1", undefined, "Failed"],
    [undefined, "result > 0", "Failed"],
    [undefined, "result > 1", "Successful"],
    ["result > 0", "result > 0", "Failed"],
    ["result > 0", "result > 1", "Successful"],
    ["result > 1", "result > 0", "Failed"],
    ["result > 1", "result > 1", "Inconclusive"],
  ];
  for (const [successCondition, failureCondition, phase] of rows) {
    const { measurement } = await measured({}, { metric: { successCondition, failureCondition } });
    assert.deepEqual(measurement, {
      phase,
      value: "1",
      startedAt: "2030-01-01T00:00:05Z",
      finishedAt: "2030-01-01T00:00:05Z",
    });
  }
});

Deno.test("a condition that is wrong or gives no answer is an error of the measurement", async () => {
  const vector = (list: number[]): Promise<Reading> =>
    Promise.resolve({ is: "value", value: { shape: "vector", value: list }, text: "[]" });
  const rows: [Record<string, string>, () => Promise<Reading>, string][] = [
    [
      { successCondition: "result" },
      () => value(1),
      'could not evaluate successCondition "result": expected bool, but got float64',
    ],
    [
      { successCondition: "true", failureCondition: "result >" },
      () => value(1),
      'could not evaluate failureCondition "result >": unexpected token EOF (1:8)\n' +
      " | result >\n | .......^",
    ],
    [
      { successCondition: "result[0] > 1" },
      () => vector([]),
      'could not evaluate successCondition "result[0] > 1": metric result is nil or empty: ' +
      "no data returned from the metric provider",
    ],
  ];
  for (const [metric, run, message] of rows) {
    const { measurement } = await measured({ run }, { metric });
    assert.deepEqual([measurement.phase, measurement.message], ["Error", message]);
  }
  const guarded = { successCondition: "len(result) == 0 || result[0] > 1" };
  const { measurement } = await measured({ run: () => vector([]) }, { metric: guarded });
  assert.equal(measurement.phase, "Successful");
});

Deno.test("each kind of reading becomes a measurement", async () => {
  const rows: [Reading, Record<string, unknown>][] = [
    [{ is: "verdict", phase: "Failed", message: "the job failed" }, {
      phase: "Failed",
      message: "the job failed",
      finishedAt: "2030-01-01T00:00:05Z",
    }],
    [{ is: "running", resumeAtMs: Date.parse("2030-01-01T00:00:09.900Z"), metadata: { a: "b" } }, {
      phase: "Running",
      resumeAt: "2030-01-01T00:00:09Z",
      metadata: { a: "b" },
    }],
    [{ is: "later", retryAtMs: Date.parse("2030-01-01T00:00:09.100Z"), message: "busy" }, {
      phase: "Pending",
      message: "busy",
      resumeAt: "2030-01-01T00:00:10Z",
    }],
    [{ is: "later", retryAtMs: 0, message: "busy" }, {
      phase: "Pending",
      message: "busy",
      resumeAt: "2030-01-01T00:00:07Z",
    }],
  ];
  for (const [reading, expected] of rows) {
    const { measurement } = await measured({ run: () => Promise.resolve(reading) });
    assert.deepEqual(measurement, { startedAt: "2030-01-01T00:00:05Z", ...expected });
  }
});

Deno.test("a provider gets the metric with all values, and secrets of the run's namespace", async () => {
  const seen: unknown[] = [];
  await measured({
    run(call) {
      seen.push(call);
      return value(1);
    },
  }, {
    args: [
      { name: "service", value: "web" },
      { name: "token", valueFrom: { secretKeyRef: { name: "tokens", key: "web" } } },
    ],
    metric: { provider: { test: { url: "http://{{args.service}}", token: "{{ args.token }}" } } },
    question: { intervalMs: 30_000 },
  });
  assert.deepEqual(seen, [{
    id: "u/m/1",
    run: { namespace: "shop", name: "run", uid: "u" },
    metric: "m",
    number: 1,
    intervalMs: 30_000,
    config: { url: "http://web", token: 's3cret "quoted"&more' },
  }]);
});

Deno.test("no value of a secret comes back, in whatever form it is said", async () => {
  const logged: string[] = [];
  const token = { name: "token", valueFrom: { secretKeyRef: { name: "tokens", key: "web" } } };
  const metric = {
    provider: { test: { token: "{{args.token}}" } },
    successCondition: 'result == "{{args.token}}" &&',
  };
  const forms = (secret: string) =>
    `${secret} ${encodeURIComponent(secret)} ${JSON.stringify(secret)} `;
  const everything: Partial<MetricProvider> = {
    metadata: ({ config }) => ({ query: forms(String(config["token"])) }),
    async run({ config }, ports) {
      const other = await ports.secret("controller", "tokens", "web");
      const text = forms(String(config["token"])) + forms(other);
      ports.log("info", text);
      return {
        is: "value",
        value: { shape: "json", value: text },
        text,
        metadata: { warnings: text },
      };
    },
  };
  const outcomes = [
    await measured(everything, { args: [token], metric, logged }),
    await measured({
      run: ({ config }) => Promise.reject(new Error(`refused: ${config["token"]}`)),
    }, { args: [token], metric }),
    await measured({
      run: ({ config }) =>
        Promise.resolve({
          is: "verdict",
          phase: "Failed",
          message: forms(String(config["token"])),
        }),
    }, { args: [token], metric }),
  ];
  assert.equal(outcomes[1]?.measurement.message, "refused: *****");
  const said = JSON.stringify([outcomes, logged]);
  assert.ok(said.includes("*****"));
  for (const part of ["s3cret", "quoted", "more", "of-the-controller"]) {
    assert.ok(!said.includes(part), `${part} in ${said}`);
  }
});

Deno.test("whatever goes wrong on the way is an error with its cause", async () => {
  const missing = { name: "token", valueFrom: { secretKeyRef: { name: "tokens", key: "none" } } };
  const rows: [Asked, string][] = [
    [{ args: [missing] }, "key 'none' does not exist in secret 'tokens'"],
    [{ metric: { successCondition: "{{args.x}}" } }, "failed to resolve {{args.x}}"],
    [{ metric: { provider: {} } }, "no valid provider in metric 'm'"],
    [{ metric: { provider: { datadog: {} } } }, 'no metric provider "datadog" is registered'],
    [{ metric: { provider: { plugin: { "a/b": {} } } } }, 'no metric provider "a/b" is registered'],
    [{ metric: { provider: { plugin: { test: {} } } } }, 'no metric provider "test" is registered'],
  ];
  for (const [asked, message] of rows) {
    const { measurement } = await measured({}, asked);
    assert.deepEqual([measurement.phase, measurement.message], ["Error", message]);
    assert.equal(measurement.finishedAt, "2030-01-01T00:00:05Z");
  }
});

Deno.test("what begins when nobody waits for it any more is ended", async () => {
  const abort = new AbortController();
  const ended: string[] = [];
  const outcome = measured({
    run() {
      abort.abort(new Error("too late"));
      return Promise.resolve({ is: "running", resumeAtMs: 0, metadata: { "job-name": "j" } });
    },
    terminate({ metadata }, { signal }) {
      assert.equal(signal.aborted, false);
      ended.push(metadata["job-name"] ?? "");
      return Promise.resolve({ is: "verdict", phase: "Inconclusive" });
    },
  }, { signal: abort.signal });
  await assert.rejects(outcome);
  assert.deepEqual(ended, ["j"]);
});

Deno.test("a running measurement is resumed and terminated with what it said", async () => {
  const measurement = {
    phase: "Running",
    startedAt: "2030-01-01T00:00:01Z",
    metadata: { "job-name": "j" },
  } as const;
  const seen: unknown[] = [];
  const look = ({ startedAtMs, metadata }: { startedAtMs: number; metadata: unknown }) => {
    seen.push([startedAtMs, metadata]);
    return Promise.resolve({ is: "running", resumeAtMs: Date.parse("2030-01-01T00:00:20Z") });
  };
  const provider = { resume: look, terminate: look } as unknown as Partial<MetricProvider>;
  for (const call of ["resume", "terminate"] as const) {
    const outcome = await measured(provider, { question: { call, measurement } });
    assert.deepEqual(outcome.measurement, { ...measurement, resumeAt: "2030-01-01T00:00:20Z" });
    // One that cannot be ended stays what it is.
    const without = await measured({}, { question: { call, measurement } });
    assert.deepEqual(without.measurement, measurement);
  }
  const call = [Date.parse("2030-01-01T00:00:01Z"), { "job-name": "j" }];
  assert.deepEqual(seen, [call, call]);
});

Deno.test("a provider is told how many measurements stay", async () => {
  const seen: unknown[] = [];
  const provider: Partial<MetricProvider> = {
    collect({ run, limit }) {
      seen.push([run.name, limit]);
      return Promise.resolve();
    },
  };
  await measured(provider, { question: { call: "collect", limit: 10 } });
  assert.deepEqual(seen, [["run", 10]]);
});
