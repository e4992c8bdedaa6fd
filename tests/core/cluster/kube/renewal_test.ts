import assert from "node:assert/strict";
import { PODS } from "../../../../core/api/names/resources.ts";
import { kubeconfigCredentials } from "../../../../core/cluster/kube/mod.ts";
import { ApiError, isGone } from "../../../../core/ports/mod.ts";
import { FakeServer, json, refusal, TestCluster } from "./fake_server.ts";
import { ManualClock } from "./manual_clock.ts";
import { RecordingSink } from "./recording_sink.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web" } };
const ref = { namespace: "demo", name: "web" };
const patch = { type: "merge", body: {} } as const;

/** A server that takes one token, and credentials that come to it after so many renewals. */
function tokens(accepted: string) {
  let renewals = 0;
  const server = new FakeServer(({ headers }) =>
    headers.get("Authorization") === accepted ? json(pod) : refusal(401, "Unauthorized")
  );
  const change = {
    headers: () => Promise.resolve({ Authorization: `token ${renewals}` }),
    renew: () => void renewals++,
  };
  return { server, change };
}

Deno.test("a request whose token is not accepted is sent again with a new one, a write too", async () => {
  const { server, change } = tokens("token 1");
  await using _server = server;
  await using cluster = new TestCluster(server.url, {}, change);
  await cluster.patch(PODS, ref, patch);
  assert.equal(server.seen.length, 2);
  await cluster.get(PODS, ref);
  assert.equal(server.seen.length, 3);
});

Deno.test("a second refusal is passed on", async () => {
  const { server, change } = tokens("token 2");
  await using _server = server;
  await using cluster = new TestCluster(server.url, {}, change);
  const error = await cluster.get(PODS, ref).catch((error: unknown) => error);
  assert.deepEqual([(error as ApiError).code, server.seen.length], [401, 2]);
});

Deno.test("without other credentials nothing is sent again", async () => {
  const { server, change: { headers } } = tokens("token 1");
  await using _server = server;
  await using cluster = new TestCluster(server.url, {}, { headers });
  const error = await cluster.get(PODS, ref).catch((error: unknown) => error);
  assert.deepEqual([(error as ApiError).code, server.seen.length], [401, 1]);
});

Deno.test("a watch whose token is not accepted ends, and the next has a new one", async () => {
  const { server, change } = tokens("token 1");
  await using _server = server;
  await using cluster = new TestCluster(server.url, {}, change);
  const sink = new RecordingSink();
  cluster.watch(PODS, { namespace: "demo", resourceVersion: "1" }, sink);
  const error = await sink.ended;
  assert.deepEqual([(error as ApiError).code, isGone(error)], [401, false]);
  await cluster.get(PODS, ref);
  assert.equal(server.seen.length, 2);
});

Deno.test("an exec plug-in is run again for a token that is not accepted, at most every 10 s", async () => {
  const folder = await Deno.makeTempDir({ prefix: "sluice-" });
  try {
    await Deno.writeTextFile(`${folder}/token`, "one");
    const script = `const token = Deno.readTextFileSync(${JSON.stringify(`${folder}/token`)});` +
      'const expirationTimestamp = "2999-01-01T00:00:00Z";' +
      "console.log(JSON.stringify({ status: { token, expirationTimestamp } }))";
    const args = ["run", "--no-config", "--allow-read", `${folder}/plugin.js`];
    await Deno.writeTextFile(`${folder}/plugin.js`, script);
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: Deno.execPath(), args };
    await Deno.writeTextFile(
      `${folder}/config`,
      JSON.stringify({
        "current-context": "test",
        clusters: [{ name: "test", cluster: { server: "https://server.test" } }],
        users: [{ name: "test", user: { exec } }],
        contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      }),
    );
    const clock = new ManualClock();
    const { headers, renew } = await kubeconfigCredentials({ paths: [`${folder}/config`], clock });
    const token = async () => (await headers())["Authorization"];
    await Deno.writeTextFile(`${folder}/token`, "two");
    assert.equal(await token(), "Bearer one", "it is good for long");
    renew?.();
    assert.equal(await token(), "Bearer one", "it is new");
    clock.advance(10_000);
    renew?.();
    assert.equal(await token(), "Bearer two");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
