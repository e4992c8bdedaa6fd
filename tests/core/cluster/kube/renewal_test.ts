import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { PODS } from "../../../../core/api/names/resources.ts";
import { KubeCluster, kubeconfigCredentials } from "../../../../core/cluster/kube/mod.ts";
import { ApiError, isGone, silentLog } from "../../../../core/ports/mod.ts";
import caPem from "./certificates/ca.pem" with { type: "text" };
import clientCert from "./certificates/client.pem" with { type: "text" };
import clientKey from "./certificates/client_key.pem" with { type: "text" };
import serverCert from "./certificates/server.pem" with { type: "text" };
import serverKey from "./certificates/server_key.pem" with { type: "text" };
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

/** A kubeconfig that changes while it is used; `folder` goes with its scope. */
async function changingKubeconfig() {
  const folder = await Deno.makeTempDir({ prefix: "sluice-" });
  const path = `${folder}/config`;
  return {
    path,
    write: (server: string, user: object, current = "test") =>
      Deno.writeTextFile(
        path,
        JSON.stringify({
          "current-context": current,
          clusters: [
            { name: "test", cluster: { server, "certificate-authority-data": btoa(caPem) } },
            { name: "other", cluster: { server: "https://other.test" } },
          ],
          users: [{ name: "test", user }, { name: "other", user: { token: "of others" } }],
          contexts: ["test", "other"].map((name) => ({
            name,
            context: { cluster: name, user: name },
          })),
        }),
      ),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("a kubeconfig is read again when its token is not accepted, in the same context", async () => {
  const server = "https://server.test";
  await using file = await changingKubeconfig();
  await file.write(server, { token: "one" });
  const clock = new ManualClock();
  const { headers, renew } = await kubeconfigCredentials({ paths: [file.path], clock });
  const token = async () => (await headers())["Authorization"];
  await file.write(server, { token: "two" }, "other");
  assert.equal(await token(), "Bearer one", "it is good as long as it is accepted");
  renew?.();
  assert.equal(await token(), "Bearer two");
  await file.write("https://moved.test", { token: "three" });
  renew?.();
  assert.equal(await token(), "Bearer two", "no other server's token is shown to this one");
  await Deno.writeTextFile(file.path, "half a fi: {");
  assert.equal(await token(), "Bearer two");
  await file.write(server, { token: "four" });
  assert.equal(await token(), "Bearer four", "it is read until it can be read");
});

Deno.test("a certificate that is not accepted any more is read again, and shown", async () => {
  const settings = { cert: serverCert, key: serverKey, ca: caPem, requestCert: true };
  const server = createServer({ ...settings, rejectUnauthorized: false }, (request, answer) => {
    const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject;
    const body = CN === "tester" ? pod : { kind: "Status", message: "Unauthorized", code: 401 };
    answer.writeHead(CN === "tester" ? 200 : 401, { "content-type": "application/json" });
    answer.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const user = (cert: string, key: string) => ({
    "client-certificate-data": btoa(cert),
    "client-key-data": btoa(key),
  });
  try {
    await using file = await changingKubeconfig();
    await file.write(url, user(serverCert, serverKey));
    const clock = new ManualClock();
    const credentials = await kubeconfigCredentials({ paths: [file.path], clock });
    const ports = { clock, log: silentLog, random: { next: () => 0.5 } };
    const cluster = new KubeCluster(credentials, ports, { userAgent: "test" });
    try {
      await file.write(url, user(clientCert, clientKey));
      assert.equal((await cluster.get(PODS, ref)).kind, "Pod");
      assert.equal((await cluster.get(PODS, ref)).kind, "Pod");
    } finally {
      await cluster.close();
    }
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
