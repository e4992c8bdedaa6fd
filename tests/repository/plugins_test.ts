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

Deno.test("plugins that open connections themselves are tried against servers that break off", () => {
  // All others ask over their ports: one client, which is tried there too.
  const own = /^(node:(dgram|http|http2|https|net|tls)|nodemailer)$/;
  const openers = sourceFiles()
    .filter(({ path, text }) =>
      path.startsWith("plugins/") && importsOf(text).some((specifier) => own.test(specifier))
    )
    .map(({ path }) => path.split("/").slice(1, 3).join("/"));
  assert.deepEqual([...new Set(openers)].sort(), ["notify/email", "notify/nats"]);
});
