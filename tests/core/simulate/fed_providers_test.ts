import assert from "node:assert/strict";
import {
  fedProvider,
  NO_READER,
  type Provider,
  questionText,
} from "../../../core/simulate/fed_providers.ts";
import type { Finding } from "../../../core/simulate/metric_data.ts";
import type { MetricCall, MetricPorts, Reading } from "../../../sdk/metric_provider.ts";

const CALL: MetricCall = {
  id: "run/rate/1",
  run: { namespace: "shop", name: "web-1", uid: "run" },
  metric: "rate",
  number: 1,
  config: { query: "up", authentication: { oauth2: { tokenUrl: "https://id.example" } } },
};

const PORTS: MetricPorts = {
  now: () => 0,
  fetch: () => Promise.reject(new Error("nobody is asked")),
  log: () => {},
  signal: new AbortController().signal,
  secret: () => Promise.reject(new Error("no secrets")),
  conceal: () => {},
  setting: () => undefined,
  settingFile: () => Promise.resolve(undefined),
  evaluateTime: () => 0,
  cluster: {
    get: () => Promise.reject(new Error("no cluster")),
    list: () => Promise.reject(new Error("no cluster")),
    create: () => Promise.reject(new Error("no cluster")),
    delete: () => Promise.reject(new Error("no cluster")),
  },
};

/** A provider that reads an answer of its own, and nothing but one request. */
const READER: Provider = {
  name: "reader",
  metadata: ({ config }) => ({ asked: config.query }),
  run: async ({ config }, ports) => {
    assert.equal(config.authentication, undefined);
    const { status, body } = await ports.fetch({ url: ports.setting("ADDRESS") ?? "" });
    if (status !== 200) throw new Error(`the status was ${status}`);
    return { is: "value", value: { shape: "scalar", value: Number(body) }, text: body };
  },
};

const JSON_READER: Provider = { ...READER, name: "web", shapeOf: () => "json" };

async function reading(finding: Finding, real?: Provider): Promise<Reading> {
  return await fedProvider("fed", real, () => finding).run(CALL, PORTS);
}

const VALUES: readonly [what: string, value: unknown, real: Provider | undefined, Reading][] = [
  ["a number is a scalar", 0.5, READER, {
    is: "value",
    value: { shape: "scalar", value: 0.5 },
    text: "0.5",
  }],
  ["NaN is a number", "NaN", undefined, {
    is: "value",
    value: { shape: "scalar", value: NaN },
    text: "NaN",
  }],
  ["a list of numbers is a vector", [0.5, "+Inf"], READER, {
    is: "value",
    value: { shape: "vector", value: [0.5, Infinity] },
    text: "[0.5,+Inf]",
  }],
  ["a list of other things is JSON", [0.5, "a"], READER, {
    is: "value",
    value: { shape: "json", value: [0.5, "a"] },
    text: '[0.5,"a"]',
  }],
  ["where values are JSON, NaN is a text", "NaN", JSON_READER, {
    is: "value",
    value: { shape: "json", value: "NaN" },
    text: '"NaN"',
  }],
  ["where values are JSON, a number is one", 5, JSON_READER, {
    is: "value",
    value: { shape: "json", value: 5 },
    text: "5",
  }],
];

for (const [what, value, real, expected] of VALUES) {
  Deno.test(`of a value in the data, ${what}`, async () => {
    assert.deepEqual(await reading({ is: "value", value }, real), expected);
  });
}

Deno.test("no data is an empty vector, or nothing where values are JSON", async () => {
  assert.deepEqual(await reading({ is: "empty" }, READER), {
    is: "empty",
    value: { shape: "vector", value: [] },
    text: "[]",
  });
  assert.deepEqual(await reading({ is: "empty" }, JSON_READER), {
    is: "empty",
    value: { shape: "json", value: null },
    text: "null",
  });
});

Deno.test("a verdict is one, and an error has its message", async () => {
  assert.deepEqual(await reading({ is: "verdict", phase: "Failed" }), {
    is: "verdict",
    phase: "Failed",
  });
  await assert.rejects(reading({ is: "error", message: "no route" }), /^Error: no route$/);
});

Deno.test("an answer is read by the metric's own provider, which signs in nowhere", async () => {
  assert.deepEqual(await reading({ is: "answer", status: 200, body: "7" }, READER), {
    is: "value",
    value: { shape: "scalar", value: 7 },
    text: "7",
  });
  await assert.rejects(reading({ is: "answer", status: 503, body: "" }, READER), /status was 503/);
});

Deno.test("without a provider an answer cannot be read", async () => {
  await assert.rejects(reading({ is: "answer", status: 200, body: "7" }), { message: NO_READER });
});

Deno.test("what nothing is said of is put off, and names what would have been asked", async () => {
  const asked: string[] = [];
  const provider = fedProvider("fed", READER, (_, question) => {
    asked.push(question);
    return { laterMs: 99 };
  });
  assert.deepEqual(await provider.run(CALL, PORTS), {
    is: "later",
    retryAtMs: 99,
    message: "no data for up",
  });
  assert.deepEqual(asked, ["up"]);
  assert.deepEqual(provider.metadata?.(CALL), { asked: "up" });
});

const QUESTIONS: readonly [config: Record<string, unknown>, text: string][] = [
  [{ query: "scalar(\n  up\n)\n" }, "scalar( up )"],
  [{ url: "https://a.example/ok" }, "GET https://a.example/ok"],
  [{ url: "https://a.example/ok", method: "POST" }, "POST https://a.example/ok"],
  [{ spec: { backoffLimit: 1 } }, '{"spec":{"backoffLimit":1}}'],
];

for (const [config, text] of QUESTIONS) {
  Deno.test(`what ${JSON.stringify(config)} asks reads ${text}`, () => {
    assert.equal(questionText(config), text);
  });
}
