import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import caPem from "./certificates/ca.pem" with { type: "text" };
import certPem from "./certificates/client.pem" with { type: "text" };
import keyPem from "./certificates/client_key.pem" with { type: "text" };
import serverCert from "./certificates/server.pem" with { type: "text" };
import serverKey from "./certificates/server_key.pem" with { type: "text" };
import type { Credentials } from "../../../../core/cluster/kube/mod.ts";
import { openTransport } from "../../../../core/cluster/kube/open_transport.ts";
import { credentialsFor } from "./fake_server.ts";
import { ManualClock } from "./manual_clock.ts";

/** A server that takes nobody without a certificate, and says whom it saw. */
async function strictServer() {
  const tls = { cert: serverCert, key: serverKey, ca: caPem, requestCert: true };
  const server = createServer({ ...tls, rejectUnauthorized: true }, (request, answer) => {
    answer.end((request.socket as TLSSocket).getPeerCertificate().subject.CN);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function whoIs(url: string, change: Partial<Credentials>): Promise<string> {
  const transport = openTransport(credentialsFor(url, change), new ManualClock());
  try {
    const { signal } = new AbortController();
    const answer = await transport.send({ method: "GET", path: "/", headers: {}, signal });
    return await answer.text();
  } finally {
    transport.close();
  }
}

const kinds: [string, Partial<Credentials>][] = [
  ["fetch", {}],
  ["node:https", { tlsServerName: "kubernetes.test" }],
];
for (const [name, change] of kinds) {
  Deno.test(`a client certificate is shown over ${name}`, async () => {
    await using server = await strictServer();
    assert.equal(await whoIs(server.url, { ...change, certPem, keyPem }), "tester");
    await assert.rejects(whoIs(server.url, change));
  });
}

Deno.test("plain http goes through fetch, whatever is said of certificates", async () => {
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using server = Deno.serve(options, () => new Response("plain"));
  const url = `http://127.0.0.1:${server.addr.port}`;
  assert.equal(await whoIs(url, { insecureSkipTlsVerify: true }), "plain");
});
