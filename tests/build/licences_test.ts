import assert from "node:assert/strict";
import { licencesText, packagesInside, sbom } from "../../build/mod.ts";
import { bundle } from "../../build/bundle.ts";
import configuration from "../../deno.json" with { type: "json" };
import { run } from "../core/cli/fake_terminal.ts";

/** Packages of tests, and those that hold nothing but types. */
const NOT_INSIDE = [
  "@nats-io/transport-node",
  "fast-check",
  "kubernetes-types",
  "smtp-server",
];

Deno.test("version --licenses names every package that is inside the program", async () => {
  const { code, out, err } = await run(["version", "--licenses"]);
  assert.deepEqual([code, err], [0, ""]);
  const folder = await Deno.makeTempDir({ prefix: "sluice-bundle-" });
  try {
    await bundle({ folder, isReadable: true });
    const inside = new Set<string>();
    for (const { name } of Deno.readDirSync(folder)) {
      const text = Deno.readTextFileSync(`${folder}/${name}`);
      for (const [, path = ""] of text.matchAll(/^\/\/ .*\/npm\/[^/]+\/(\S+)/gm)) {
        const parts = path.split("/");
        const words = path.startsWith("@") ? 3 : 2;
        inside.add(parts.slice(0, words).join("/"));
      }
    }
    assert.ok(inside.size > 10);
    for (const id of inside) {
      const at = id.lastIndexOf("/");
      const line = new RegExp(`^${id.slice(0, at)} ${id.slice(at + 1)} +\\S+$`, "m");
      assert.match(out, line);
    }
    for (const name of Object.keys(configuration.imports).map((each) => each.replace(/\/$/, ""))) {
      assert.equal([...inside].some((id) => id.startsWith(`${name}/`)), !NOT_INSIDE.includes(name));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what the program prints is what is inside now (deno task licenses:update)", async () => {
  const packages = await packagesInside();
  const { out } = await run(["version", "--licenses"]);
  assert.equal(out, licencesText(packages));
  const { components } = sbom(packages) as { components: Record<string, unknown>[] };
  assert.deepEqual(components.map(({ name }) => name), [
    "deno",
    ...packages.map(({ name }) => name),
  ]);
  assert.equal(components[0]?.["purl"], `pkg:github/denoland/deno@v${Deno.version.deno}`);
  const yaml = components.find(({ name }) => name === "yaml");
  assert.equal(yaml?.["purl"], `pkg:npm/yaml@${yaml?.["version"]}`);
  assert.deepEqual(yaml?.["licenses"], [{ license: { id: "ISC" } }]);
  assert.match(JSON.stringify(yaml?.["hashes"]), /"content":"[0-9a-f]{128}"/);
});
