import assert from "node:assert/strict";
import { inFolder, MAIN, PERMISSIONS, sluice } from "./process.ts";
import { web } from "./web_manifest.ts";

/** What a pipe holds before the writer has to wait. */
const PIPE_BYTES = 65_536;

Deno.test("paths are relative to where the user stands, and the exit code tells the end", async () => {
  await inFolder({ "web.yaml": web(), "bad.yaml": web({ replicas: "-1" }) }, async (folder) => {
    const update = ["--do", "5s: set image web web=registry/web:2"];
    const healthy = await sluice(["simulate", "web.yaml"], { folder });
    assert.deepEqual([healthy.code, healthy.err], [0, ""]);
    assert.match(healthy.out, /✔ Healthy since 1\.2s/);
    const paused = await sluice(["simulate", `${folder}/web.yaml`, ...update], { folder });
    assert.deepEqual([paused.code, paused.err], [3, ""]);
    const degraded = await sluice(["simulate", "bad.yaml"], { folder });
    assert.equal(degraded.code, 1);
    assert.match(degraded.err, /^bad\.yaml:6:13: spec\.replicas: Invalid value: -1: /);
  });
});

Deno.test("bad input ends with 2, one line, and no stack", async () => {
  await inFolder({ "broken.yaml": "a: [\n" }, async (folder) => {
    const rows: [path: string, error: RegExp][] = [
      ["broken.yaml", /^Error: broken\.yaml:2:1: is not valid YAML: [^\n]+\n$/],
      ["missing.yaml", /^Error: Cannot read "missing\.yaml": no such file\n$/],
      [".", /^Error: broken\.yaml:2:1: is not valid YAML: [^\n]+\n$/],
    ];
    for (const [path, error] of rows) {
      const { code, out, err } = await sluice(["simulate", path], { folder });
      assert.match(err, error);
      assert.deepEqual([code, out], [2, ""]);
    }
  });
});

Deno.test("- reads what is piped in", async () => {
  await inFolder({}, async (folder) => {
    const { code, out } = await sluice(["simulate", "-", "-ojson"], {
      folder,
      standardInput: web(),
    });
    assert.equal(code, 0);
    assert.equal(JSON.parse(out).result.phase, "Healthy");
  });
});

Deno.test("a reader that goes away is no error", async () => {
  const images = Array.from({ length: 80 }, (_, index) => index + 2);
  const script = images.map((tag) => `- {at: ${tag * 5}s, do: "set image web web=web:${tag}"}\n`);
  const files = { "web.yaml": web(), "script.yaml": script.join("") };
  await inFolder(files, async (folder) => {
    const command = ["simulate", "web.yaml", "--script", "script.yaml", "-ojson"];
    const whole = await sluice(command, { folder });
    assert.ok(whole.out.length > 2 * PIPE_BYTES, `only ${whole.out.length} bytes`);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", ...PERMISSIONS, MAIN, ...command],
      env: { INIT_CWD: folder },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    // As `| head` does: a part is read, then the pipe is closed, though more is to come.
    const reader = child.stdout.getReader();
    assert.ok(((await reader.read()).value?.length ?? 0) > 0);
    await reader.cancel();
    const [err] = await Promise.all([new Response(child.stderr).text(), child.status]);
    assert.equal(err, "");
  });
});

/** A kubeconfig whose user needs the library that most never load. */
const WITH_PLUGIN = JSON.stringify({
  "current-context": "x",
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "u", user: { exec: { command: "no-such-program-anywhere" } } }],
  contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
});

const STARTS: string[][] = [
  ["--version"],
  ["help", "simulate"],
  ["simulate", "web.yaml"],
  ["lint", "web.yaml"],
  ["demo", "--fast"],
  ["analysis", "eval", "result > 1", "--result=2"],
  ["manifests", "--crds"],
  ["controller", "--kubeconfig=none"],
  ["controller", "--kubeconfig=with-plugin"],
];

async function firstLine(connection: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(1_024);
  const count = await connection.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, count)).split("\r\n")[0] ?? "";
}

for (const args of STARTS) {
  Deno.test(`a start asks no package registry: ${args.join(" ")}`, async () => {
    // Whatever is to be fetched goes through this proxy, which lets nothing through.
    using proxy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const asked: string[] = [];
    const listening = (async () => {
      for await (const connection of proxy) {
        const line = await firstLine(connection);
        // Another test may look for nobody at a port that was free a moment ago.
        if (/^(CONNECT|GET) /.test(line) && !line.includes("127.0.0.1")) asked.push(line);
        connection.close();
      }
    })();
    const url = `http://127.0.0.1:${proxy.addr.port}`;
    const env = { HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: "" };
    await inFolder({ "web.yaml": web(), "with-plugin": WITH_PLUGIN }, async (folder) => {
      const { stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", ...PERMISSIONS, "--allow-run", MAIN, ...args],
        env: { ...env, INIT_CWD: folder },
        stdin: "null",
      }).output();
      assert.doesNotMatch(new TextDecoder().decode(stderr), /Download|cached-only|proxy/i);
    });
    proxy.close();
    await listening;
    assert.deepEqual(asked, []);
  });
}

for (
  const [name, calledAs] of [
    ["kubectl-argo-rollouts", "kubectl argo rollouts"],
    ["/usr/local/bin/kubectl-sluice", "kubectl sluice"],
    ["deno", "sluice"],
  ]
) {
  Deno.test(`a process that is called ${name} is ${calledAs}`, async () => {
    // A shell can start a program under any name, as a link to it does.
    const start = `"$1" run --quiet --allow-read --allow-env ${MAIN}`;
    for (
      const script of [
        `exec -a "$0" ${start} help promote`,
        // As the scripts of deno install do, which start deno itself.
        `exec ${start} --called-as "$0" help promote`,
      ]
    ) {
      const { code, stdout } = await new Deno.Command("bash", {
        args: ["-c", script, name ?? "", Deno.execPath()],
      }).output();
      assert.equal(code, 0);
      assert.match(new TextDecoder().decode(stdout), new RegExp(`^Usage: ${calledAs} promote `));
    }
  });
}
