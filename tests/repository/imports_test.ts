import assert from "node:assert/strict";
import { relative } from "node:path";
import { importsOf, rootDirectory, sourceFiles } from "./source_files.ts";

/** Rooms in the order in which they may be imported: each by itself and by those after it. */
const ORDER = [
  "sdk",
  "core/api",
  "core/ports",
  "core/engine",
  "core/sets",
  "core/analysis",
  "core/experiment",
  "core/rollout",
  "core/notify",
  "core/command",
  "core/lint",
  "core/view",
  "core/cluster",
  "core/simulate",
  "core/controller",
  "core/cli",
  "plugins",
  "main.ts",
];

function roomOf(path: string): string | undefined {
  return ORDER.find((room) => path === room || path.startsWith(`${room}/`));
}

function mayImport(from: string, to: string): boolean {
  if (from === "plugins") return to === "sdk" || to === "plugins";
  return ORDER.indexOf(to) <= ORDER.indexOf(from);
}

Deno.test("every room imports only itself and the rooms before it", () => {
  const wrong: string[] = [];
  for (const { path, text } of sourceFiles()) {
    const room = roomOf(path);
    if (room === undefined) continue;
    for (const specifier of importsOf(text)) {
      if (!specifier.startsWith(".")) continue;
      const url = new URL(specifier, `file://${rootDirectory}/${path}`);
      const target = relative(rootDirectory, url.pathname);
      const targetRoom = roomOf(target);
      if (targetRoom === undefined || !mayImport(room, targetRoom)) {
        wrong.push(`${path} imports ${target}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("no library is loaded lazily by its own name: the bundle would lose its exports", () => {
  const wrong = sourceFiles().flatMap(({ path, text }) =>
    [...text.matchAll(/\bimport\("([^"]+)"/g)]
      .filter(([, specifier = ""]) => !/^(\.|node:)/.test(specifier))
      .map(([call]) => `${path}: ${call}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("the two clusters do not know each other", () => {
  const rooms = ["core/cluster/embedded", "core/cluster/kube", "core/cluster/system"];
  const wrong = sourceFiles().flatMap(({ path, text }) => {
    const room = rooms.find((name) => path.startsWith(`${name}/`));
    if (room === undefined) return [];
    return importsOf(text)
      .map((specifier) => new URL(specifier, `file://${rootDirectory}/${path}`).pathname)
      .map((target) => relative(rootDirectory, target))
      .filter((target) =>
        target.startsWith("core/cluster/") && !target.startsWith(`${room}/`) &&
        !target.startsWith("core/cluster/system/")
      )
      .map((target) => `${path} imports ${target}`);
  });
  assert.deepEqual(wrong, []);
});

/** A language's evaluator and its functions call one another by nature. */
const MAY_BE_MUTUAL = ["core/analysis/condition/"];

Deno.test("no files import one another in a circle", () => {
  const imports = new Map(
    sourceFiles().map(({ path, text }) => [
      path,
      importsOf(text)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => new URL(specifier, `file://${rootDirectory}/${path}`).pathname)
        .map((target) => relative(rootDirectory, target))
        .filter((target) => !MAY_BE_MUTUAL.some((room) => target.startsWith(room))),
    ]),
  );
  // What imports nothing that is left can be in no circle.
  for (;;) {
    const done = [...imports].filter(([, targets]) => !targets.some((each) => imports.has(each)));
    if (done.length === 0) break;
    for (const [path] of done) imports.delete(path);
  }
  // What is imported by nothing that is left only leads to one.
  for (;;) {
    const used = new Set([...imports.values()].flat());
    const loose = [...imports.keys()].filter((path) => !used.has(path));
    if (loose.length === 0) break;
    for (const path of loose) imports.delete(path);
  }
  assert.deepEqual([...imports.keys()], []);
});
