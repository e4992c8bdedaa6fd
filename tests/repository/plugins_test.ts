import assert from "node:assert/strict";
import { plugins } from "../../plugins/mod.ts";
import { importsOf, sourceFiles } from "./source_files.ts";

Deno.test("every folder of plugins/ is registered, and every registered plugin has its folder", () => {
  const folders = new Set(
    sourceFiles().flatMap(({ path }) => /^plugins\/(\w+\/\w+)\//.exec(path)?.[1] ?? []),
  );
  const kinds = {
    traffic: plugins.trafficRouters,
    metrics: plugins.metricProviders,
    notify: plugins.notifiers,
    step: plugins.stepPlugins,
  };
  const registered = Object.entries(kinds).flatMap(([kind, list]) =>
    // Of `vendor/name` the folder bears the name.
    list.map(({ name }) => `${kind}/${name.toLowerCase().replaceAll("-", "_").split("/").at(-1)}`)
  );
  assert.deepEqual(registered.sort(), [...folders].sort());
});

Deno.test("a plugin imports nothing of the core", () => {
  const wrong = sourceFiles()
    .filter(({ path }) => path.startsWith("plugins/"))
    .filter(({ text }) => importsOf(text).some((specifier) => specifier.includes("/core/")));
  assert.deepEqual(wrong.map(({ path }) => path), []);
});
