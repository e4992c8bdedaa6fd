import assert from "node:assert/strict";
import { HttpClient } from "../../../core/controller/http_client.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import type { HttpRequest } from "../../../sdk/ports.ts";
import { FakeServer } from "../cluster/kube/fake_server.ts";
import { ManualClock } from "../cluster/kube/manual_clock.ts";
import { PlainServer } from "./plain_server.ts";

const MIB = 1024 * 1024;
const SECRET = "s3cr3t-value";

/** Why a request has no answer. */
async function failure(
  request: HttpRequest,
  client = new HttpClient({ clock: systemClock }),
  signal?: AbortSignal,
): Promise<string> {
  try {
    const { status } = await client.send(request, signal);
    return `status ${status}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    client.close();
  }
}

function redirect(status: number, location: string): Response {
  return new Response(null, { status, headers: { location } });
}

/** Pieces of a mebibyte, and how many were asked for. */
function pieces(
  count: number,
): { body: ReadableStream<Uint8Array<ArrayBuffer>>; made: () => number } {
  const piece = new Uint8Array(MIB).fill(120);
  let made = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (made++ < count) controller.enqueue(piece);
      else controller.close();
    },
  }, { highWaterMark: 0 });
  return { body, made: () => made };
}

Deno.test("an answer is handed out with status, headers and body, whatever its status", async () => {
  await using server = new PlainServer(() =>
    new Response("busy ö", { status: 503, headers: { "Retry-After": "7" } })
  );
  const client = new HttpClient({ clock: systemClock });
  const answer = await client.send({
    method: "POST",
    url: `${server.url}/a?b=c`,
    headers: { "X-Team": "shop" },
    body: "asked",
  });
  assert.deepEqual([answer.status, answer.headers["retry-after"], answer.body], [
    503,
    "7",
    "busy ö",
  ]);
  const [asked] = server.asked;
  assert.deepEqual([asked?.method, asked?.path, asked?.body], ["POST", "/a?b=c", "asked"]);
  assert.equal(asked?.headers.get("x-team"), "shop");
});

Deno.test("name and password of a URL are sent as the header that they stand for", async () => {
  await using server = new PlainServer(() => new Response("ok"));
  const client = new HttpClient({ clock: systemClock });
  await client.send({ url: server.url.replace("//", "//me:p%40ss@") });
  assert.equal(server.asked[0]?.headers.get("authorization"), `Basic ${btoa("me:p@ss")}`);
});

for (const [name, announced] of [["of 200 MB", true], ["without an end", false]] as const) {
  Deno.test(`an answer ${name} is an error, and is not read to its end`, async () => {
    const { body, made } = pieces(announced ? 200 : Infinity);
    const headers = announced ? { "content-length": String(200 * MIB) } : {};
    await using server = new PlainServer(() => new Response(body, { headers }));
    const told = await failure({ url: server.url });
    assert.equal(told, `the answer of ${server.url} is longer than 10 MiB`);
    assert.ok(made() < 60, `${made()} pieces were sent`);
  });
}

Deno.test("a compressed answer counts as what it becomes", async () => {
  await using server = new PlainServer(() => {
    const small = pieces(50).body.pipeThrough(new CompressionStream("gzip"));
    return new Response(small, { headers: { "content-encoding": "gzip" } });
  });
  assert.match(await failure({ url: server.url, maxBytes: 2 * MIB }), /is longer than 2 MiB$/);
});

Deno.test("no answer, or half of one, in time is an error that names the time", async () => {
  const half = new ReadableStream({ start: (body) => body.enqueue(new Uint8Array(9)) });
  await using server = new PlainServer(({ path }) =>
    path === "/half" ? new Response(half) : new Promise<Response>(() => {})
  );
  for (const path of ["/half", "/none"]) {
    const told = await failure({ url: server.url + path, timeoutMs: 200 });
    assert.equal(told, `${server.url} did not answer within 0.2 s`);
  }
});

Deno.test("the signal ends a request that is under way, and one that waits for its turn", async () => {
  await using server = new PlainServer(() => new Promise<Response>(() => {}));
  const client = new HttpClient({ clock: new ManualClock(), requestsPerHost: 1 });
  const ends = [new AbortController(), new AbortController()];
  const all = ends.map(({ signal }) => failure({ url: server.url }, client, signal));
  for (const end of ends.toReversed()) end.abort(new Error("nobody waits any more"));
  assert.deepEqual(await Promise.all(all), ["nobody waits any more", "nobody waits any more"]);
  const gone = AbortSignal.abort(new Error("over already"));
  assert.equal(await failure({ url: server.url }, client, gone), "over already");
});

Deno.test("a host gets so many requests at once, others do not wait for it", async () => {
  let [underWay, most] = [0, 0];
  const { promise, resolve } = Promise.withResolvers<void>();
  await using slow = new PlainServer(async () => {
    most = Math.max(most, ++underWay);
    await promise;
    underWay--;
    return new Response("slow");
  });
  await using quick = new PlainServer(() => new Response("quick"));
  const client = new HttpClient({ clock: systemClock, requestsPerHost: 3 });
  const all = Array.from({ length: 10 }, () => client.send({ url: slow.url }));
  assert.equal((await client.send({ url: quick.url })).body, "quick");
  resolve();
  assert.deepEqual((await Promise.all(all)).map(({ status }) => status), Array(10).fill(200));
  assert.equal(most, 3);
});

Deno.test("connections are used again", async () => {
  await using server = new PlainServer(() => new Response("ok"));
  const client = new HttpClient({ clock: systemClock });
  for (let count = 0; count < 5; count++) await client.send({ url: server.url });
  assert.equal(server.clients.size, 1);
});

Deno.test("a redirect within the host is followed; what was posted stays with 307 and 308", async () => {
  for (const [status, method, body] of [[302, "GET", ""], [307, "POST", "asked"]] as const) {
    await using server = new PlainServer(({ path }) =>
      path === "/old" ? redirect(status, "/new") : new Response("ok")
    );
    const client = new HttpClient({ clock: systemClock });
    const request = { method: "POST", url: `${server.url}/old`, body: "asked" };
    assert.equal((await client.send(request)).body, "ok");
    assert.deepEqual([server.asked[1]?.method, server.asked[1]?.body], [method, body]);
  }
});

const ELSEWHERE = [
  "http://169.254.169.254/latest/meta-data",
  "http://localhost:9/",
  "http://[::1]/",
  "file:///etc/passwd",
  "http://127.0.0.1/another-port",
];

for (const location of ELSEWHERE) {
  Deno.test(`a redirect to ${location} is not followed`, async () => {
    await using server = new PlainServer(() => redirect(302, `${location}?token=${SECRET}`));
    const told = await failure({ url: server.url });
    const { protocol, host } = new URL(location);
    assert.equal(
      told,
      `${server.url} redirects to ${protocol}//${host}, which is not followed: it is another host`,
    );
  });
}

Deno.test("redirects in a circle end", async () => {
  await using server = new PlainServer(() => redirect(301, "/again"));
  assert.match(await failure({ url: server.url }), /redirects in a circle: stopped after 10/);
  assert.equal(server.asked.length, 11);
});

Deno.test("insecure takes any certificate, and without it the sentence says so", async () => {
  await using server = new FakeServer(({ path, body }) => new Response(`${path} ${body}`));
  const url = `${server.url}/a`;
  const client = new HttpClient({ clock: systemClock });
  const request = { method: "POST", url, body: "ö", insecure: true };
  assert.equal((await client.send(request)).body, "/a ö");
  assert.equal((await client.send(request)).status, 200);
  client.close();
  assert.equal(
    await failure({ url }),
    `Cannot trust ${server.url}: its certificate is of nobody known; ` +
      `"insecure: true" takes any certificate`,
  );
});

Deno.test("why there is no answer is told in one sentence, without what is secret in the URL", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closed = `127.0.0.1:${listener.addr.port}`;
  listener.close();
  await using server = new PlainServer(() => new Response("ok"));
  const plain = server.url.replace("http://", "");
  const rows = [
    [
      `http://user:${SECRET}@${closed}/${SECRET}?token=${SECRET}`,
      `Cannot reach http://${closed}: connection refused`,
    ],
    [
      `https://${plain}/?token=${SECRET}`,
      `Cannot reach https://${plain}: it does not speak TLS`,
    ],
    [`nonsense-${SECRET}`, "the address is no URL that begins with http:// or https://"],
    [`ftp://host/${SECRET}`, "the address is no URL that begins with http:// or https://"],
  ] as const;
  for (const [url, sentence] of rows) assert.equal(await failure({ url }), sentence);
});
