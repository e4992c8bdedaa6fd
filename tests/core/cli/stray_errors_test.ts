import assert from "node:assert/strict";
import { parse } from "yaml";
import { LEASES, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { strayError } from "../../../core/cli/stray_errors.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { EmbeddedServer } from "./embedded_server.ts";
import { inFolder, PERMISSIONS } from "./process.ts";
import { web } from "./web_manifest.ts";

const LET_OUT = new URL("let_errors_out.ts", import.meta.url).pathname;

function isHealthy(server: EmbeddedServer, namespace: string): boolean {
  const [rollout] = server.cluster.objects(ROLLOUTS, { namespace }) as Rollout[];
  return rollout?.status?.phase === "Healthy";
}

interface Ended {
  readonly code: number;
  readonly text: string;
  /** What of it is JSON. */
  readonly lines: readonly Fields[];
  /** Of the Leases. */
  readonly holders: readonly unknown[];
}

/** How a controller ends, a process of its own, that lets errors out after its first Rollout. */
async function controllerWith(kinds: readonly string[]): Promise<Ended> {
  let result: Ended | undefined;
  await using server = new EmbeddedServer();
  await server.create(ROLLOUTS, parse(web({ namespace: "default" })) as KubeObject);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  try {
    await inFolder({ config: server.kubeconfig }, async (folder) => {
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--no-check", ...PERMISSIONS, LET_OUT],
          ...["controller", "--kubeconfig=config", "--log-format=json", "--healthzPort=0"],
          "--metricsPort=0",
        ],
        env: { INIT_CWD: folder, KUBECONFIG: "", STRAY_PORT: String(port) },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
      const ended = child.output();
      const asking = await listener.accept();
      const until = (isMet: () => boolean) => Promise.race([ended, server.until(isMet)]);
      await until(() => isHealthy(server, "default"));
      for (const kind of kinds) await asking.write(new TextEncoder().encode(`${kind}\n`));
      // The connection stays open, as one of a library may: it does not keep the process.
      if (kinds.every((kind) => kind === "socket")) {
        await server.create(ROLLOUTS, parse(web({ namespace: "kube-system" })) as KubeObject);
        await until(() => isHealthy(server, "kube-system"));
        child.kill("SIGTERM");
      }
      const { code, stderr } = await ended;
      const text = new TextDecoder().decode(stderr);
      const lines = text.trimEnd().split("\n").filter((line) => line.startsWith("{"))
        .map((line) => fieldsOf(JSON.parse(line)));
      const holders = server.cluster.objects(LEASES)
        .map(({ spec }) => fieldsOf(spec)["holderIdentity"] || "");
      asking.close();
      result = { code, text, lines, holders };
    });
    assert.ok(result);
    return result;
  } finally {
    listener.close();
  }
}

Deno.test("an error of a connection that nobody hears is one line of the log, and the controller goes on", async () => {
  const { code, lines, text } = await controllerWith(["socket", "socket"]);
  assert.equal(code, 0, text);
  const strays = lines.filter(({ msg }) => String(msg).includes("without hearing its error"));
  assert.equal(strays.length, 2, text);
  assert.equal(strays[0]?.["level"], "error");
  assert.match(String(strays[0]?.["error"]), /ECONNREFUSED/);
  assert.equal(lines.at(-1)?.["msg"], "controller stopped");
});

for (const kind of ["rejection", "error"]) {
  Deno.test(`any other ${kind} that nobody hears ends the controller in order, without its Lease`, async () => {
    const { code, lines, text, holders } = await controllerWith([kind]);
    assert.equal(code, 1, text);
    const reason = kind === "error" ? "nobody catches this" : "nobody waits for this";
    const [stray] = lines.filter(({ error }) => error === reason);
    assert.equal(stray?.["msg"], "an error that nobody heard: the controller ends in order");
    assert.match(String(stray?.["from"]), /let_errors_out\.ts:\d+/);
    assert.ok(lines.some(({ msg }) => msg === "controller is stopping"), text);
    assert.ok(text.endsWith(`Error: an error that nobody heard: ${reason}\n`), text);
    assert.deepEqual(holders, [""]);
  });
}

Deno.test("what is no error is told too, and what has no place has none", () => {
  const told: unknown[] = [];
  const write = (message: string, fields: unknown) => void told.push([message, fields]);
  const log = { debug: write, info: write, warn: write, error: write };
  assert.equal(strayError("a text", log), "an error that nobody heard: a text");
  const bare = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", stack: "" });
  assert.equal(strayError(bare, log), undefined);
  assert.deepEqual(told, [
    ["an error that nobody heard: the controller ends in order", {
      error: "a text",
      from: undefined,
    }],
    ["a library let go of a connection without hearing its error; all goes on", {
      error: "read ECONNRESET",
      from: undefined,
    }],
  ]);
});
