import assert from "node:assert/strict";
import { measureAnswerer, type MeasureQuestion } from "../../../core/analysis/mod.ts";
import type { Measured } from "../../../core/analysis/record.ts";
import { HttpClient } from "../../../core/controller/http_client.ts";
import { metricPorts, NO_SETTINGS } from "../../../core/controller/metric_ports.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { ApiError, type Cluster, type Log } from "../../../core/ports/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { FakeServer } from "../cluster/kube/fake_server.ts";
import { PlainServer } from "./plain_server.ts";

/** With characters that URLs, JSON and forms write in other ways. */
const SECRET = 's3cr3t/"value"&more';
const FORMS = [SECRET, encodeURIComponent(SECRET), JSON.stringify(SECRET).slice(1, -1)];
const ARGS = [{
  name: "token",
  valueFrom: { secretKeyRef: { name: "keys", key: "token" } },
}];

const cluster = {
  get(_type: unknown, { name }: { name: string }) {
    const missing = { code: 404, reason: "NotFound", message: `secrets "${name}" not found` };
    if (name !== "keys") return Promise.reject(new ApiError(missing));
    const metadata = { name, namespace: "shop" };
    return Promise.resolve({
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      data: {
        token: btoa(SECRET),
      },
    });
  },
} as unknown as Cluster;

const logged: string[] = [];
const note = (message: string, fields: unknown) =>
  void logged.push(message + JSON.stringify(fields));
const log: Log = { debug: note, info: note, warn: note, error: note };

const { promise: silence } = Promise.withResolvers<Response>();

function endless(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const piece = new Uint8Array(1024 * 1024).fill(120);
  return new ReadableStream({ pull: (body) => body.enqueue(piece) }, { highWaterMark: 0 });
}

/** A source with a path for each kind of trouble. */
const SOURCE: Readonly<Record<string, (sent: string) => Response | Promise<Response>>> = {
  "/nonsense": () => new Response("<html>"),
  "/half": () => new Response('{"status":"success","data":{"resultType":"vector","resu'),
  "/refused": (sent) => new Response(sent, { status: 401 }),
  "/broken": (sent) => new Response(sent, { status: 500 }),
  "/repeating": (sent) => new Response(sent),
  "/endless": () => new Response(endless()),
  "/silent": () => silence,
  "/metadata": () => away("http://169.254.169.254/latest/meta-data/"),
  "/loopback": () => away("http://127.0.0.1:1/admin"),
  "/localhost": () => away("http://localhost/admin"),
  "/bad-query": (sent) => {
    const error = { status: "error", errorType: "bad_data", error: `cannot parse ${sent}` };
    return new Response(JSON.stringify(error), { status: 400 });
  },
};

function away(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

async function measured(provider: object, args: readonly object[] = ARGS): Promise<Measured> {
  const clock = systemClock;
  const http = new HttpClient({ clock });
  const answerer = measureAnswerer({
    providers: plugins.metricProviders,
    ports: metricPorts({ clock, log, http, cluster, settings: NO_SETTINGS }),
  });
  const question = {
    kind: "measure",
    call: "run",
    id: "uid/rate/1",
    run: { namespace: "shop", name: "run", uid: "uid" },
    metricName: "rate",
    metric: { name: "rate", provider, successCondition: "result[0] == '{{args.token}}'" },
    args,
    number: 1,
  } as MeasureQuestion;
  return await answerer.answer(question, new AbortController().signal) as Measured;
}

/** What a metric over HTTP may hold of a secret. */
function metricOf(kind: string, address: string, more: object = {}): object {
  const headers = [{ key: "X-Token", value: "{{args.token}}" }];
  if (kind === "web") {
    const url = `${address}?token={{args.token}}`;
    return { web: { url, method: "POST", body: "{{args.token}}", headers, ...more } };
  }
  const basicAuth = { username: "me", password: "{{args.token}}" };
  const authentication = { basicAuth };
  return { prometheus: { address, query: "{{args.token}}", headers, authentication, ...more } };
}

/** Kind, path of the source, and the sentence in the status; `ORIGIN` is where the source is. */
const ROWS: readonly (readonly [kind: string, path: string, message: string, more?: object])[] = [
  ["web", "/refused", "received non 2xx response code: 401"],
  ["web", "/broken", "received non 2xx response code: 500"],
  ["web", "/endless", "the answer of ORIGIN is longer than 10 MiB"],
  ["web", "/silent", "ORIGIN did not answer within 1 s", { timeoutSeconds: 1 }],
  [
    "web",
    "/metadata",
    "ORIGIN redirects to http://169.254.169.254, which is not followed: " +
    "it is another host",
  ],
  [
    "web",
    "/loopback",
    "ORIGIN redirects to http://127.0.0.1:1, which is not followed: " +
    "it is another host",
  ],
  [
    "web",
    "/localhost",
    "ORIGIN redirects to http://localhost, which is not followed: " +
    "it is another host",
  ],
  [
    "prometheus",
    "/nonsense",
    "bad_response: the answer is no JSON object: " +
    "is this address a Prometheus?",
  ],
  [
    "prometheus",
    "/half",
    "bad_response: the answer is no JSON object: " +
    "is this address a Prometheus?",
  ],
  ["prometheus", "/refused", "client_error: client error: 401"],
  ["prometheus", "/broken", "server_error: server error: 500"],
  ["prometheus", "/endless", "the answer of ORIGIN is longer than 10 MiB"],
  ["prometheus", "/silent", "ORIGIN did not answer within 1 s", { timeout: 1 }],
  [
    "prometheus",
    "/metadata",
    "ORIGIN redirects to http://169.254.169.254, which is not " +
    "followed: it is another host",
  ],
  ["prometheus", "/bad-query", "bad_data: cannot parse *****"],
];

/** Everything that came out: what is recorded, and what is logged. */
function mustKeepSecrets(outcome: Measured): void {
  const said = [JSON.stringify(outcome), ...logged].join("\n");
  for (const form of FORMS) assert.ok(!said.includes(form), `a secret stands in: ${said}`);
}

for (const [kind, path, message, more = {}] of ROWS) {
  Deno.test(`${kind}: of a source that is ${path.slice(1)} the status says one clear line`, async () => {
    await using server = new PlainServer(({ path: asked, body, headers }) => {
      const [name = ""] = /^\/[a-z-]+/.exec(asked) ?? [];
      const token = new URLSearchParams(body).get("query") ?? headers.get("x-token") ?? "";
      return SOURCE[name]?.(token) ?? new Response("", { status: 404 });
    });
    const outcome = await measured(metricOf(kind, server.url + path, more));
    assert.equal(outcome.measurement.phase, "Error");
    assert.equal(outcome.measurement.message, message.replace("ORIGIN", server.url));
    mustKeepSecrets(outcome);
  });
}

Deno.test("a source that repeats what it was sent shows no secret in the value", async () => {
  await using server = new PlainServer(({ body }) => new Response(body));
  const outcome = await measured(metricOf("web", server.url));
  assert.equal(outcome.measurement.value, "*****");
  mustKeepSecrets(outcome);
});

Deno.test("a source that repeats the token it was sent shows none in the value", async () => {
  const token = "t0ken-of-the-server";
  await using server = new PlainServer(({ path, headers }) =>
    new Response(path === "/token" ? `{"access_token":"${token}"}` : headers.get("authorization"))
  );
  const oauth2 = {
    tokenUrl: `${server.url}/token`,
    clientId: "me",
    clientSecret: "{{args.token}}",
  };
  const outcome = await measured(metricOf("web", server.url, { authentication: { oauth2 } }));
  assert.equal(outcome.measurement.value, "Bearer *****");
  assert.ok(!logged.join().includes(token));
  mustKeepSecrets(outcome);
});

Deno.test("a source that nobody reaches, or trusts, is one clear line", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closed = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  await using server = new FakeServer(() => new Response("1"));
  for (const kind of ["web", "prometheus"]) {
    const rows = [
      [closed, `Cannot reach ${closed}: connection refused`],
      [
        server.url,
        `Cannot trust ${server.url}: its certificate is of nobody known; ` +
        `"insecure: true" takes any certificate`,
      ],
    ] as const;
    for (const [address, message] of rows) {
      const outcome = await measured(metricOf(kind, address));
      assert.deepEqual([outcome.measurement.phase, outcome.measurement.message], [
        "Error",
        message,
      ]);
      mustKeepSecrets(outcome);
    }
  }
});

Deno.test("a token that is refused is one clear line", async () => {
  await using server = new PlainServer(({ body }) => new Response(body, { status: 403 }));
  const oauth2 = { tokenUrl: server.url, clientId: "me", clientSecret: "{{args.token}}" };
  const authentication = { oauth2 };
  const outcome = await measured(metricOf("web", server.url, { authentication }));
  assert.equal(outcome.measurement.message, "oauth2: cannot fetch token: status 403");
  mustKeepSecrets(outcome);
});

Deno.test("a Secret that is missing, or lacks the key, is told by name", async () => {
  const secretOf = (name: string, key: string) => [{
    name: "token",
    valueFrom: { secretKeyRef: { name, key } },
  }];
  const metric = metricOf("web", "http://127.0.0.1:1");
  const none = await measured(metric, secretOf("lost", "token"));
  assert.equal(none.measurement.message, 'secrets "lost" not found');
  const other = await measured(metric, secretOf("keys", "other"));
  assert.equal(other.measurement.message, "key 'other' does not exist in secret 'keys'");
  for (const outcome of [none, other]) mustKeepSecrets(outcome);
});
