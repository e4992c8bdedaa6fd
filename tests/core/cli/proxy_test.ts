/** Proxies that the environment names, as with kubectl and every controller in Go. */
import assert from "node:assert/strict";
import { EmbeddedServer } from "./embedded_server.ts";
import { inFolder, MAIN, PERMISSIONS } from "./process.ts";

/** A proxy that hangs up on everybody, and keeps what it was asked. */
class Proxy implements AsyncDisposable {
  readonly asked: string[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #serving = this.#serve();

  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) {
      const bytes = new Uint8Array(1_000);
      const length = await connection.read(bytes) ?? 0;
      const [line = ""] = new TextDecoder().decode(bytes.subarray(0, length)).split("\r\n");
      this.asked.push(line);
      connection.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
  }
}

async function sluice(args: readonly string[], environment: Record<string, string>) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", ...PERMISSIONS, MAIN, ...args],
    // The runtime may ask for its own updates, too.
    env: { NO_COLOR: "1", KUBECONFIG: "", DENO_NO_UPDATE_CHECK: "1", ...environment },
  }).output();
  return { code, err: new TextDecoder().decode(stderr) };
}

Deno.test("a proxy of the environment carries the requests, but for servers that NO_PROXY names", async () => {
  await using proxy = new Proxy();
  await using server = new EmbeddedServer();
  const environment = { HTTPS_PROXY: proxy.url, NO_PROXY: "127.0.0.0/8,localhost" };
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const list = ["list", "rollouts", "--kubeconfig", `${folder}/config`];
    const { code, err } = await sluice(list, environment);
    assert.deepEqual([code, proxy.asked], [0, []], err);
    const away = await sluice([...list, "--server", "https://api.test:6443"], environment);
    assert.equal(away.code, 1);
    assert.match(away.err, /^Error: Cannot reach the cluster at https:\/\/api\.test:6443: .*\n$/);
    assert.deepEqual(new Set(proxy.asked), new Set(["CONNECT api.test:6443 HTTP/1.1"]));
  });
});
