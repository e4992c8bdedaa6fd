import assert from "node:assert/strict";
import type { WebConfig } from "../../../plugins/metrics/web/config.ts";
import { web } from "../../../plugins/metrics/web/mod.ts";
import type { HttpResponse } from "../../../sdk/ports.ts";
import { callOf, fakePorts, NOW_MS, outcomeOf } from "./fake_ports.ts";

const URL_OF_SERVICE = "https://checks.example.com/v1?service=web";

async function asked(config: WebConfig, answer: Partial<HttpResponse> = { body: "{}" }) {
  const ports = fakePorts({ answer: () => answer });
  const call = callOf({ url: URL_OF_SERVICE, ...config });
  const said = await outcomeOf(() => web.run(call, ports));
  return { said, asked: ports.asked };
}

async function read(body: string, jsonPath?: string): Promise<unknown> {
  return (await asked(jsonPath === undefined ? {} : { jsonPath }, { body })).said;
}

Deno.test("the value is what the path finds first, its text is JSON as Go writes it", async () => {
  const body = '{"data": {"ok": true, "rate": 0.95, "list": [2, 1], "none": null, "text": "a<b"}}';
  const rows: [string | undefined, unknown, string][] = [
    ["{$.data.ok}", true, "true"],
    ["{$.data.rate}", 0.95, "0.95"],
    ["{$.data.list}", [2, 1], "[2,1]"],
    ["{$.data.list[*]}", 2, "2"],
    ["{$.data.none}", null, "null"],
    ["{$.data.text}", "a<b", String.raw`"a\u003cb"`],
    ["{.data.ok} {.data.rate}", true, "true"],
    ["$.data.ok", "$.data.ok", '"$.data.ok"'],
    ["{12}", 12, "12"],
    [
      undefined,
      JSON.parse(body),
      String.raw`{"data":{"list":[2,1],"none":null,"ok":true,"rate":0.95,"text":"a\u003cb"}}`,
    ],
  ];
  for (const [path, value, text] of rows) {
    assert.deepEqual(await read(body, path), {
      is: "value",
      value: { shape: "json", value },
      text,
    });
  }
});

Deno.test("a body that is null alone is a null", async () => {
  const value = { shape: "json", value: null };
  assert.deepEqual(await read("null"), { is: "value", value, text: "null" });
});

Deno.test("the largest numbers are JSON, and what only looks too large", async () => {
  for (
    const body of ["1.7976931348623157e+308", '"1e400"', '{"1e999":1}', `"${"1".repeat(400)}"`]
  ) {
    const { value } = await read(body) as { value: { value: unknown } };
    assert.deepEqual(value.value, JSON.parse(body));
  }
});

Deno.test("keys are sorted by their bytes, numbers among them", async () => {
  const body = '{"b":1,"10":2,"9":3,"é":4,"😀":5,"\\uffff":6,"a":{"d":1e21,"c":1e-7}}';
  assert.equal(
    (await read(body) as { text: string }).text,
    '{"10":2,"9":3,"a":{"c":1e-7,"d":1e+21},"b":1,"é":4,"\uffff":6,"😀":5}',
  );
});

Deno.test("a body that is no JSON is a text, with all that is in it", async () => {
  const digits = "1".repeat(400);
  for (const body of ["ok\n", "", "{broken", '{"a":[1e400]}', `[-${digits}]`, "-1E+999"]) {
    assert.deepEqual(await read(body, "{$.a}"), {
      is: "value",
      value: { shape: "json", value: body },
      text: body,
    });
  }
});

Deno.test("what the path does not find is an error, and no zero", async () => {
  assert.equal(await read("{}", "{$.a}"), "Could not find JSONPath in body: a is not found");
  assert.equal(await read("[]", "{$[*]}"), "result of web metric produced no value");
  assert.equal(await read("{}", "{$.a"), "unclosed action");
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  assert.equal(await read(deep), "the body is nested too deeply");
});

Deno.test("an answer outside of 200 to 299 is an error; a busy source is asked again", async () => {
  for (const status of [199, 304, 404, 500, 503]) {
    const { said } = await asked({}, { status, body: "secret" });
    assert.equal(said, `received non 2xx response code: ${status}`);
  }
  const busy = await asked({}, { status: 503, headers: { "retry-after": "5" } });
  assert.deepEqual(busy.said, {
    is: "later",
    retryAtMs: NOW_MS + 5_000,
    message: "the source is busy (status 503): asked again in 5 s",
  });
});

Deno.test("it asks by GET, and waits for 10 seconds", async () => {
  const plain = { url: URL_OF_SERVICE, method: "GET", headers: {}, insecure: false };
  for (const timeoutSeconds of [undefined, 0, -3]) {
    const config = timeoutSeconds === undefined ? {} : { timeoutSeconds };
    assert.deepEqual((await asked(config)).asked, [{ ...plain, timeoutMs: 10_000 }]);
  }
});

Deno.test("method, headers, bodies, time and insecure are those of the metric", async () => {
  const headers = [{ key: "X-Team", value: "shop" }, { key: "Content-Type", value: "text/plain" }];
  const config = { headers, timeoutSeconds: 3, insecure: true };
  const text = await asked({ ...config, method: "PUT", body: "a=b" });
  assert.deepEqual(text.asked, [{
    url: URL_OF_SERVICE,
    method: "PUT",
    headers: { "x-team": "shop", "content-type": "text/plain" },
    timeoutMs: 3_000,
    insecure: true,
    body: "a=b",
  }]);
  const json = await asked({ ...config, method: "POST", jsonBody: { b: [1], a: "x" } });
  assert.equal(json.asked[0]?.body, '{"a":"x","b":[1]}');
  assert.equal(json.asked[0]?.headers?.["content-type"], "application/json");
});

Deno.test("bodies go with POST and PUT, one at a time", async () => {
  const both = "use either Body or JSONBody; both cannot exists for WebMetric payload";
  const method = "Body/JSONBody can only be used with POST or PUT WebMetric Method types";
  const rows: [WebConfig, string[]][] = [
    [{ method: "POST", body: "a", jsonBody: {} }, [both]],
    [{ body: "a" }, [method]],
    [{ method: "GET", jsonBody: {} }, [method]],
    [{ method: "PUT", jsonBody: {} }, []],
    [{ authentication: { oauth2: { tokenUrl: "https://t" } } }, [
      "missing mandatory parameter in metric for OAuth2 setup",
    ]],
  ];
  for (const [config, problems] of rows) {
    assert.deepEqual(web.problems?.(config), problems);
    const { said, asked: requests } = await asked(config);
    if (problems.length > 0) assert.deepEqual([said, requests], [problems[0], []]);
    else assert.equal(requests.length, 1);
  }
});

Deno.test("a path that is none, or is a text alone, is told before anybody is asked", () => {
  const rows: [jsonPath: string, problems: string[]][] = [
    ["{$.a", ['jsonPath "{$.a" is no JSONPath: unclosed action']],
    ["$.a", [
      'jsonPath "$.a" has no braces: the value is this text, whatever the service says',
    ]],
    ["{$.a}", []],
    ["text {$.a}", []],
    ["", []],
  ];
  for (const [jsonPath, problems] of rows) {
    assert.deepEqual(web.problems?.({ jsonPath }), problems);
  }
});

Deno.test("a measurement may take as long as its requests", () => {
  for (const [seconds, ms] of [[undefined, 60_000], [5, 60_000], [120, 480_000]] as const) {
    const config = seconds === undefined ? {} : { timeoutSeconds: seconds };
    assert.equal(web.deadlineMs?.(config), ms);
  }
});

Deno.test("a token is asked for with the metric's time and trust", async () => {
  const oauth2 = { tokenUrl: "https://tokens.example.com", clientId: "a", clientSecret: "b" };
  const ports = fakePorts({
    answer: ({ url }) => ({ body: url === oauth2.tokenUrl ? '{"access_token": "t"}' : "1" }),
  });
  const config = { url: URL_OF_SERVICE, authentication: { oauth2 }, insecure: true };
  await web.run(callOf(config), ports);
  const [token, request] = ports.asked;
  assert.deepEqual([token?.insecure, token?.timeoutMs], [true, 10_000]);
  assert.equal(request?.headers?.["authorization"], "Bearer t");
});
