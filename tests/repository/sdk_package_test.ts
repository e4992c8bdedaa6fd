import assert from "node:assert/strict";
import { join } from "node:path";
import { VERSION } from "../../core/cli/mod.ts";
import configuration from "../../deno.json" with { type: "json" };
import { STEP_PLUGIN_LAWS } from "../../sdk/testing/step_plugin.ts";
import { METRIC_PROVIDER_LAWS } from "../../sdk/testing/metric_provider.ts";
import { TRAFFIC_ROUTER_LAWS } from "../../sdk/testing/traffic_router.ts";
import { rootDirectory } from "./source_files.ts";

/** A plugin of the guide, and a change after which it is none. */
interface Example {
  readonly folder: string;
  readonly code: string;
  readonly wrong: readonly [from: string, to: string];
}

const EXAMPLES: readonly Example[] = [
  {
    folder: "split-router",
    code: "split_router",
    wrong: ["{ writes: [] }", "{ writes: [{}] }"],
  },
  {
    folder: "change-ticket",
    code: "change_ticket",
    wrong: ['{ phase: "Successful", message: "the ticket', '{ phase: "Done", message: "the ticket'],
  },
  {
    folder: "stats-provider",
    code: "stats_provider",
    wrong: ['{ is, value: { shape: "scalar", value }', '{ is, value: { shape: "number", value }'],
  },
];
const LAWS = TRAFFIC_ROUTER_LAWS.length + METRIC_PROVIDER_LAWS.length + STEP_PLUGIN_LAWS.length;

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
  const manifest = { name: "plugins", type: "module", dependencies };
  await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify(manifest));
  await Deno.writeTextFile(join(folder, "deno.json"), '{ "nodeModulesDir": "manual" }');
  for (const { folder: name, code } of EXAMPLES) {
    await Deno.mkdir(join(folder, name));
    for (const file of [`${code}.ts`, "subject.ts", `${code}_test.ts`]) {
      const source = join(rootDirectory, "docs/examples", name, file);
      await Deno.copyFile(source, join(folder, name, file));
    }
  }
  return folder;
}

Deno.test("the package of the SDK has the version of the program", () => {
  assert.equal(configuration.version, VERSION);
});

Deno.test("who has nothing but the package can write plugins, with types, and try them", async () => {
  const output = await Deno.makeTempDir({ prefix: "package-" });
  const tarball = join(output, "sdk.tgz");
  await deno(rootDirectory, "task", "-q", "sdk:pack", "--output", tarball);
  const folder = await strangersFolder(tarball);
  const tests = EXAMPLES.map(({ folder: name, code }) => `${name}/${code}_test.ts`);
  await deno(folder, "check", ...tests);
  const said = await deno(folder, "test", "--no-check", ...tests);
  assert.match(said, new RegExp(`${LAWS} passed`));
  // The types are there and say something: what is no answer is refused.
  for (const { folder: name, code, wrong: [from, to] } of EXAMPLES) {
    const file = join(folder, name, `${code}.ts`);
    const text = await Deno.readTextFile(file);
    assert.ok(text.includes(from));
    await Deno.writeTextFile(file, text.replace(from, to));
  }
  await assert.rejects(() => deno(folder, "check", ...tests), (error: Error) => {
    assert.match(error.message, /TS2322/);
    return EXAMPLES.every(({ code }) => error.message.includes(`${code}.ts`));
  });
  await Promise.all([output, folder].map((path) => Deno.remove(path, { recursive: true })));
});
