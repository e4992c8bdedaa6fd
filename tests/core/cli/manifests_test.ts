import assert from "node:assert/strict";
import { readManifests } from "../../../core/api/manifest/mod.ts";
import { customResourceDefinition } from "../../../core/api/schema/custom_resource_definition.ts";
import { KINDS } from "../../../core/api/schema/kinds.ts";
import { run } from "./fake_terminal.ts";

const EXPECTED = KINDS.map(customResourceDefinition);
const LARGEST_BYTES = 100_000;

// The text is generated: `deno task docs:update` writes it anew.
Deno.test("manifests --crds prints the five definitions, as kubectl reads YAML", async () => {
  const { code, out, err } = await run(["manifests", "--crds"]);
  assert.equal(err, "");
  assert.equal(code, 0);
  const { documents } = readManifests({ file: "crds.yaml", text: out });
  assert.deepEqual(documents.map(({ object }) => object), EXPECTED);
});

Deno.test("each definition is printed in less than 100 KB", async () => {
  const { out } = await run(["manifests", "--crds"]);
  const sizes = out.split("\n---\n").map((text) => new TextEncoder().encode(text).length);
  assert.equal(sizes.length, KINDS.length);
  for (const size of sizes) assert.ok(size < LARGEST_BYTES, String(sizes));
});

Deno.test("manifests --crds -o json prints one list", async () => {
  const { code, out } = await run(["manifests", "--crds", "-o=json"]);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), { apiVersion: "v1", kind: "List", items: EXPECTED });
});

Deno.test("manifests says what is wrong with a command line", async () => {
  const table = [
    [["-o", "xml"], 'invalid value "xml" for -o; use one of yaml, json'],
    [["web"], 'unexpected argument "web"'],
    [["--image="], 'invalid value "" for --image: it is empty'],
    [
      ["-n", "Web"],
      'invalid value "Web" for -n: a namespace has small letters, digits and - in its name',
    ],
  ] as const;
  for (const [words, error] of table) {
    const { code, out, err } = await run(["manifests", ...words]);
    assert.deepEqual({ code, out, err }, {
      code: 1,
      out: "",
      err: `Error: ${error} (see sluice manifests --help)\n`,
    });
  }
});

Deno.test("manifests --help shows examples and exit codes", async () => {
  const { code, out } = await run(["manifests", "--help"]);
  assert.equal(code, 0);
  assert.match(out, /sluice manifests --crds \| kubectl apply -f -/);
  assert.match(out, /Exit codes: 0 printed; 1 /);
});
