/** What is written down in several places says the same everywhere. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { compileArguments, TARGETS } from "../../build/compile.ts";
import { run } from "../../build/commands.ts";
import { CONTROLLER_FLAGS } from "../../build/controller_flags.ts";
import { launcher } from "../../build/npm.ts";
import { ROOT } from "../../build/paths.ts";
import { RUNTIME_PERMISSIONS } from "../../build/permissions.ts";
import { DEFAULT_IMAGE } from "../../core/cli/install/image.ts";
import configuration from "../../deno.json" with { type: "json" };

const read = (path: string) => Deno.readTextFileSync(`${ROOT}/${path}`);
const permissionsIn = (text: string) => text.match(/--allow-[a-z]+(=\S+)?/g) ?? [];

Deno.test("the program is started with the same permissions everywhere", () => {
  const expected = [...RUNTIME_PERMISSIONS].sort();
  assert.deepEqual(permissionsIn(configuration.tasks.sluice.command).sort(), expected);
  for (const [name, target] of Object.entries(TARGETS)) {
    const args = compileArguments(name, target);
    assert.deepEqual(permissionsIn(args.join(" ")).sort(), expected);
    assert.ok(args.includes("--no-prompt"));
    assert.ok(args.includes(target));
  }
  const installs = read("README.md").match(/deno install -g(.|\n)*?dist\/main\.js/g) ?? [];
  assert.ok(installs.length > 0);
  for (const text of installs) assert.deepEqual(permissionsIn(text).sort(), expected);
});

Deno.test("the image is not root's, and starts as that of Argo Rollouts", () => {
  const dockerfile = read("Dockerfile");
  assert.match(dockerfile, /^USER 65532:65532$/m);
  assert.match(dockerfile, /^ENTRYPOINT \["\/bin\/rollouts-controller"\]$/m);
  const ignored = read(".dockerignore").split("\n");
  assert.equal(ignored[0], "*");
  for (const [, from = ""] of dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm)) {
    for (const path of from.split(" ")) assert.ok(ignored.includes(`!${path}`), path);
  }
});

Deno.test("releases are made by tasks that there are, on the runtime of the tests", () => {
  const text = read(".github/workflows/release.yml");
  const { jobs: { release } } = parse(text);
  const tasks = [...text.matchAll(/deno task (?:-q )?([\w:]+)/g)].map(([, task = ""]) => task);
  assert.ok(tasks.includes("compile"));
  for (const task of tasks) assert.ok(Object.hasOwn(configuration.tasks, task), task);
  const setup = release.steps.find(({ uses }: { uses?: string }) => uses?.includes("setup-deno"));
  assert.equal(setup.with["deno-version"], Deno.version.deno);
  assert.match(DEFAULT_IMAGE, /^ghcr\.io\/[a-z-]+\/[a-z-]+:v\d/);
});

Deno.test("the controller is started with the same flags of the runtime everywhere", async () => {
  const isSaving = (args: readonly string[]) =>
    CONTROLLER_FLAGS.every((flag) => args.includes(flag));
  const compiled = Object.entries(TARGETS)
    .map(([name, target]) => [name, isSaving(compileArguments(name, target))]);
  const inImage = Object.keys(TARGETS).filter((name) => name.startsWith("controller-"));
  assert.deepEqual(compiled.filter(([, saves]) => saves).map(([name]) => name), inImage);
  // What the image takes is what was compiled for it, and nothing else.
  const pattern = read("Dockerfile").match(/^COPY release\/(\S+)\*/m)?.[1] ?? "";
  const taken = Object.keys(TARGETS).filter((name) => `sluice-${name}`.startsWith(pattern));
  assert.deepEqual(taken, inImage);
  assert.deepEqual(
    [await argumentsOfNpm("controller"), await argumentsOfNpm("simulate")].map(isSaving),
    [true, false],
  );
});

/** With what the npm package starts the runtime. */
async function argumentsOfNpm(verb: string): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "sluice-npm-launcher-" });
  try {
    const home = `${folder}/node_modules/deno`;
    await Deno.mkdir(home, { recursive: true });
    await Deno.writeTextFile(`${home}/package.json`, "{}");
    const echo = '#!/bin/sh\nprintf "%s\\n" "$@"\n';
    await Deno.writeTextFile(`${home}/deno`, echo, { mode: 0o755 });
    await Deno.mkdir(`${folder}/bin`);
    await Deno.writeTextFile(`${folder}/bin/sluice.cjs`, await launcher());
    return (await run("node", [`${folder}/bin/sluice.cjs`, verb])).split("\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
