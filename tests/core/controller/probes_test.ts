import assert from "node:assert/strict";
import { openServer, type Route } from "../../../core/cluster/system/mod.ts";
import { VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { Operations } from "../../../core/controller/mod.ts";
import { healthz, readyz } from "../../../core/controller/probes.ts";
import { Reachability } from "../../../core/controller/reachability.ts";
import type { Readiness } from "../../../core/controller/readiness.ts";
import { silentLog as log, UnreachableError } from "../../../core/ports/mod.ts";

const READY: Readiness = { isReady: true, waitingFor: [], goingOnWithout: [] };
const WAITING: Readiness = { ...READY, isReady: false, waitingFor: [{ what: "x", why: "y" }] };

async function served(
  routes: Record<string, Route>,
  use: (ask: (path: string, init?: RequestInit) => Promise<[number, string]>) => Promise<void>,
): Promise<void> {
  const server = openServer({ hostname: "127.0.0.1", port: 0, log, routes });
  try {
    await use(async (path, init) => {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
      return [response.status, await response.text()];
    });
  } finally {
    await server.close();
  }
}

Deno.test("/healthz says ok as Argo Rollouts does; /readyz is 503 as long as something is missing", async () => {
  let present = WAITING;
  await served({ "/healthz": healthz, "/readyz": readyz(() => present) }, async (ask) => {
    assert.deepEqual(await ask("/healthz"), [200, "ok"]);
    assert.deepEqual(await ask("/readyz"), [503, "not ready\nwaiting for x: y\n"]);
    const [code, json] = await ask("/readyz", { headers: { Accept: "application/json" } });
    assert.deepEqual([code, JSON.parse(json).ready], [503, false]);
    assert.deepEqual(await ask("/readyz?format=json"), [503, json]);
    present = READY;
    assert.deepEqual(await ask("/readyz"), [200, "ready\n"]);
    assert.deepEqual(await ask("/"), [404, "not found\n"]);
    assert.deepEqual(await ask("/healthz", { method: "POST" }), [405, "only GET\n"]);
    assert.deepEqual(await ask("/healthz", { method: "HEAD" }), [200, ""]);
  });
});

Deno.test("a route that fails is answered with 500, and the server goes on", async () => {
  const broken = () => {
    throw new Error("secret");
  };
  await served({ "/broken": broken, "/healthz": healthz }, async (ask) => {
    assert.deepEqual(await ask("/broken"), [500, "internal error\n"]);
    assert.deepEqual(await ask("/healthz"), [200, "ok"]);
  });
});

Deno.test("a client that never reads its answer does not keep a server from closing", async () => {
  let isCancelled = false;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => void (isCancelled = true),
      }),
    );
  const server = openServer({ hostname: "127.0.0.1", port: 0, log, routes: { "/": endless } });
  const client = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await client.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  await client.read(new Uint8Array(10));
  await server.close();
  assert.equal(isCancelled, false, "it is given up, and not waited for");
  client.close();
});

Deno.test("a port that is taken is one sentence", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  assert.throws(() => openServer({ hostname: "127.0.0.1", port, log, routes: {} }), {
    message: `Cannot listen on 127.0.0.1:${port}: another program listens there`,
  });
  listener.close();
  await Promise.resolve();
});

Deno.test("an outage begins with the first request that fails and ends with the first answer", () => {
  const clock = new VirtualClock(1_000);
  const reachability = new Reachability(clock);
  assert.equal(reachability.outage, undefined);
  reachability.failed(undefined, { error: new UnreachableError("refused") });
  clock.advanceTo(5_000);
  reachability.failed(undefined, { error: new UnreachableError("silent") });
  assert.deepEqual(reachability.outage, { sinceMs: 1_000, why: "silent" });
  reachability.answered(undefined, { status: 404 });
  assert.equal(reachability.outage, undefined);
});

Deno.test("a server that does not accept who we are is waited for like one that is away", () => {
  const reachability = new Reachability(new VirtualClock(1_000));
  reachability.answered(undefined, { status: 401 });
  const why = "it does not accept who we are (401 Unauthorized)";
  assert.deepEqual(reachability.outage, { sinceMs: 1_000, why });
  reachability.answered(undefined, { status: 200 });
  assert.equal(reachability.outage, undefined);
});

Deno.test("/readyz of a controller that cannot have the Lease says why, until another one leads, or it does", async () => {
  const clock = new VirtualClock(0);
  const build = { platform: "linux", runtime: "deno" };
  const usage = () => ({ cpuSeconds: 0, residentBytes: 0, startedAtSeconds: 0 } as never);
  const operations = new Operations({ build, clock, log, server: "", version: "1", usage });
  const ready = async () => {
    const route = operations.routes.healthzPort["/readyz"];
    const response = await route?.(new Request("http://localhost/readyz"));
    return [response?.status, await response?.text()];
  };
  const term = () => undefined;
  operations.election = { holder: undefined, trouble: "Cannot get leadership: forbidden", term };
  assert.deepEqual(await ready(), [
    503,
    "not ready\nstanding by: nobody leads yet\n" +
    "waiting for leadership: Cannot get leadership: forbidden\n",
  ]);
  operations.election = { holder: "web-1", trouble: undefined, term };
  assert.deepEqual(await ready(), [200, "ready\nstanding by: web-1 leads\n"]);
  operations.election = { holder: "web-2", trouble: "Cannot renew leadership: x", term: () => 1 };
  assert.deepEqual(await ready(), [200, "ready\n"]);
});
