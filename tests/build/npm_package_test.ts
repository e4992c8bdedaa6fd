/** The npm package, as somebody has it who has nothing else. */
import assert from "node:assert/strict";
import { run } from "../../build/commands.ts";
import { packNpm } from "../../build/npm.ts";
import { VERSION } from "../../core/cli/version.ts";
import { web } from "../core/cli/web_manifest.ts";

/** A kubeconfig for a port at which nobody listens. */
const NOBODY = JSON.stringify({
  "current-context": "none",
  clusters: [{ name: "none", cluster: { server: "http://127.0.0.1:1" } }],
  contexts: [{ name: "none", context: { cluster: "none", user: "none" } }],
  users: [{ name: "none", user: {} }],
});

Deno.test("the npm package runs from its tarball in an empty folder", async (test) => {
  const folder = await Deno.makeTempDir({ prefix: "sluice-npm-user-" });
  try {
    const tarball = await packNpm(folder);
    // A folder that is not to be mistaken for a project of Deno.
    await Deno.writeTextFile(`${folder}/web.yaml`, web());
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline"];
    await run("npm", ["install", ...quiet, tarball], { cwd: folder });
    const bin = `${folder}/node_modules/.bin`;
    const call = (name: string, ...args: string[]) => run(`${bin}/${name}`, args, { cwd: folder });
    await test.step("sluice version", async () => {
      const out = await call("sluice", "version");
      assert.match(out, new RegExp(`^sluice: v${VERSION}\n`));
      assert.match(out, new RegExp(`^  Runtime: deno ${Deno.version.deno}$`, "m"));
    });
    await test.step("npx sluice", async () => {
      const out = await run("npx", ["--no-install", "sluice", "version", "--short"], {
        cwd: folder,
      });
      assert.equal(out, `sluice: v${VERSION}\n`);
    });
    await test.step("a plugin of kubectl", async () => {
      assert.equal(
        await call("kubectl-argo-rollouts", "version", "--short"),
        `kubectl-argo-rollouts: v${VERSION}\n`,
      );
      const completed = await call("kubectl_complete-argo-rollouts", "prom");
      assert.match(completed, /^promote\b/);
    });
    await test.step("a link of the user's own says which plugin it is", async () => {
      await Deno.mkdir(`${folder}/links`);
      const link = `${folder}/links/kubectl-argo-rollouts`;
      await Deno.symlink(`${bin}/sluice`, link);
      const out = await run(link, ["version", "--short"], { cwd: folder });
      assert.equal(out, `kubectl-argo-rollouts: v${VERSION}\n`);
    });
    await test.step("who reads one line alone gets it, and no complaint", async () => {
      const first = "set -o pipefail; node_modules/.bin/sluice demo --fast | head -1";
      const { code, stdout, stderr } = await new Deno.Command("bash", {
        args: ["-c", first],
        cwd: folder,
        stdin: "null",
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assert.deepEqual([code, err], [0, ""]);
      assert.match(out ?? "", /^ +0s {2}The first deployment .+\n$/);
    });
    await test.step("simulate, with a file of the folder, and its exit code", async () => {
      const out = await call("sluice", "simulate", "web.yaml");
      assert.match(out, /✔ Healthy since 1\.2s/);
      const update = ["--do", "5s: set image web web=registry/web:2"];
      const { code } = await new Deno.Command(`${bin}/sluice`, {
        args: ["simulate", "web.yaml", ...update],
        cwd: folder,
        stdout: "null",
      }).output();
      assert.equal(code, 3);
    });
    await test.step("what is sent to it reaches the program, which ends in order", async () => {
      // It keeps trying, until it is told to stop.
      await Deno.writeTextFile(`${folder}/config`, NOBODY);
      const child = new Deno.Command(`${bin}/sluice`, {
        args: [
          ...["controller", "--kubeconfig=config", "--leader-elect=false", "--log-format=json"],
          ...["--healthzPort=0", "--metricsPort=0"],
        ],
        cwd: folder,
        stdout: "null",
        stderr: "piped",
      }).spawn();
      const log = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
      let { value: text = "" } = await log.read();
      child.kill("SIGTERM");
      const { code } = await child.status;
      assert.equal(code, 0, text);
      for (let more = await log.read(); !more.done; more = await log.read()) text += more.value;
      assert.match(text, /"msg":"controller stopped"/);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
