/** The program as a few small files: it does what the source does, and starts fast. */
import assert from "node:assert/strict";
import { bundle } from "../../build/mod.ts";
import { run } from "../../build/commands.ts";
import { ROOT } from "../../build/paths.ts";
import { RUNTIME_PERMISSIONS } from "../../build/permissions.ts";
import { VERSION } from "../../core/cli/version.ts";

/** All that is read before a verb is known. */
const START_BYTES_MAX = 40_000;

interface Module {
  readonly specifier: string;
  readonly kind: string;
  readonly size?: number;
}

Deno.test("the bundle", async (test) => {
  const folder = await Deno.makeTempDir({ prefix: "sluice-bundle-" });
  const start = (main: string, args: readonly string[], ...flags: string[]) =>
    run(Deno.execPath(), ["run", "--quiet", ...flags, ...RUNTIME_PERMISSIONS, main, ...args], {
      cwd: ROOT,
    });
  try {
    await bundle({ folder });
    await test.step("no file of a verb is read at the start, and nothing of Node", async () => {
      const { modules } = JSON.parse(
        await run(Deno.execPath(), ["info", "--json", "--no-config", `${folder}/main.js`]),
      ) as { modules: readonly Module[] };
      const read = modules.filter(({ kind }) => kind === "esm");
      assert.ok(read.length > 0);
      const bytes = read.reduce((sum, { size = 0 }) => sum + size, 0);
      assert.ok(bytes < START_BYTES_MAX, `${bytes} bytes in ${read.length} files`);
      for (const { specifier } of read) {
        assert.doesNotMatch(Deno.readTextFileSync(new URL(specifier)), /from ?"node:/, specifier);
      }
    });
    const update = ["--do", "10s: set image web web=web:2", "--do", "1m: promote web"];
    const commands = [
      ["manifests"],
      ["version", "--licenses"],
      ["help"],
      ["lint", "-f", "docs/examples/web.yaml"],
      ["simulate", "docs/examples/web.yaml", ...update],
      ["analysis", "eval", "--help"],
    ];
    for (const command of commands) {
      await test.step(`it prints as the source: ${command.slice(0, 2).join(" ")}`, async () => {
        const [expected, printed] = await Promise.all([
          start(`${ROOT}/main.ts`, command),
          start(`${folder}/main.js`, command, "--no-config"),
        ]);
        assert.equal(printed, expected);
      });
    }
    await test.step("it knows the name that it is called by", async () => {
      const called = ["--called-as", "kubectl-argo-rollouts", "version", "--short"];
      assert.equal(
        await start(`${folder}/main.js`, called, "--no-config"),
        `kubectl-argo-rollouts: v${VERSION}\n`,
      );
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
