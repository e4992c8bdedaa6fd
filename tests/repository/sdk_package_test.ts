import assert from "node:assert/strict";
import { join } from "node:path";
import { VERSION } from "../../core/cli/mod.ts";
import configuration from "../../deno.json" with { type: "json" };
import { rootDirectory } from "./source_files.ts";

const EXAMPLE = join(rootDirectory, "docs/examples/split-router");
const FILES = ["split_router.ts", "subject.ts", "split_router_test.ts"];

/** Runs Deno in a folder; fails with what it printed. */
async function deno(folder: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  assert.ok(success, `deno ${args.join(" ")}: ${text}`);
  return text;
}

/** A folder of somebody who has the package and nothing else of this repository. */
async function strangersFolder(tarball: string): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "stranger-" });
  const home = join(folder, "node_modules/@sluice/sdk");
  await Deno.mkdir(home, { recursive: true });
  const unpack = ["-xzf", tarball, "-C", home, "--strip-components=1"];
  const { success } = await new Deno.Command("tar", { args: unpack }).output();
  assert.ok(success);
  const dependencies = { "@sluice/sdk": VERSION };
  const manifest = { name: "split-router", type: "module", dependencies };
  await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify(manifest));
  await Deno.writeTextFile(join(folder, "deno.json"), '{ "nodeModulesDir": "manual" }');
  for (const file of FILES) await Deno.copyFile(join(EXAMPLE, file), join(folder, file));
  return folder;
}

Deno.test("the package of the SDK has the version of the program", () => {
  assert.equal(configuration.version, VERSION);
});

Deno.test("who has nothing but the package can write a router, with types, and try it", async () => {
  const output = await Deno.makeTempDir({ prefix: "package-" });
  const tarball = join(output, "sdk.tgz");
  await deno(rootDirectory, "task", "-q", "sdk:pack", "--output", tarball);
  const folder = await strangersFolder(tarball);
  await deno(folder, "check", "split_router_test.ts");
  assert.match(await deno(folder, "test", "--no-check", "split_router_test.ts"), /18 passed/);
  // The types are there and say something: a plan that is none is refused.
  const router = join(folder, "split_router.ts");
  const text = await Deno.readTextFile(router);
  await Deno.writeTextFile(router, text.replace("{ writes: [] }", "{ writes: [{}] }"));
  await assert.rejects(() => deno(folder, "check", "split_router_test.ts"), /TS2322/);
  await Promise.all([output, folder].map((path) => Deno.remove(path, { recursive: true })));
});
