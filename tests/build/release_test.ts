/** What is written down in several places says the same everywhere. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { compileArguments, TARGETS } from "../../build/compile.ts";
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
