import assert from "node:assert/strict";
import { inClusterCredentials } from "../../../../core/cluster/kube/mod.ts";
import { ManualClock } from "./manual_clock.ts";

async function mount(files: Record<string, string>) {
  const path = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

const files = { "token": "one\n", "ca.crt": "authority", "namespace": "demo\n" };

Deno.test("a pod finds its server, its namespace and whom to trust", async () => {
  await using folder = await mount(files);
  const clock = new ManualClock();
  const account = { host: "10.96.0.1", port: "443", clock, directory: folder.path };
  const { headers, renew: _, ...rest } = await inClusterCredentials(account);
  assert.deepEqual(rest, {
    server: "https://10.96.0.1:443",
    namespace: "demo",
    caPem: "authority",
  });
  assert.deepEqual(await headers(), { Authorization: "Bearer one" });
  const other = await inClusterCredentials({ ...account, host: "fd00::1" });
  assert.equal(other.server, "https://[fd00::1]:443");
});

Deno.test("a token is read again after a minute, and kept while the file is away", async () => {
  await using folder = await mount(files);
  const clock = new ManualClock();
  const account = { host: "10.96.0.1", port: "443", clock, directory: folder.path };
  const { headers } = await inClusterCredentials(account);
  await Deno.writeTextFile(`${folder.path}/token`, "two");
  clock.advance(59_999);
  assert.deepEqual(await headers(), { Authorization: "Bearer one" });
  clock.advance(1);
  assert.deepEqual(await headers(), { Authorization: "Bearer two" });
  await Deno.remove(`${folder.path}/token`);
  clock.advance(60_000);
  assert.deepEqual(await headers(), { Authorization: "Bearer two" });
  await Deno.writeTextFile(`${folder.path}/token`, "three");
  assert.deepEqual(await headers(), { Authorization: "Bearer three" });
});

Deno.test("a token that the server does not accept is read again at once", async () => {
  await using folder = await mount(files);
  const account = { host: "10.96.0.1", port: "443", clock: new ManualClock() };
  const { headers, renew } = await inClusterCredentials({ ...account, directory: folder.path });
  await Deno.writeTextFile(`${folder.path}/token`, "two");
  renew?.();
  assert.deepEqual(await headers(), { Authorization: "Bearer two" });
  await Deno.remove(`${folder.path}/token`);
  renew?.();
  assert.deepEqual(await headers(), { Authorization: "Bearer two" }, "it is the best there is");
});

Deno.test("outside of a pod, it is told what is missing", async () => {
  const clock = new ManualClock();
  const doing = "Cannot use the service account of this pod";
  await assert.rejects(inClusterCredentials({ host: "", port: "443", clock, directory: "/none" }), {
    message: `${doing}: the host or the port of the API server is not known`,
  });
  await using folder = await mount({ "ca.crt": "authority", namespace: "demo" });
  const account = { host: "10.96.0.1", port: "443", clock, directory: folder.path };
  await assert.rejects(inClusterCredentials(account), {
    message: `${doing}: there is no file "${folder.path}/token"`,
  });
  await Deno.writeTextFile(`${folder.path}/token`, "\n");
  await assert.rejects(inClusterCredentials(account), {
    message: `${doing}: the token file "${folder.path}/token" is empty`,
  });
});
