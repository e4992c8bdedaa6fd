import assert from "node:assert/strict";
import { parse } from "yaml";
import { COMMAND_USAGE, parseScript, parseSeries } from "../../core/simulate/mod.ts";
import { run } from "../core/cli/fake_terminal.ts";

const EXAMPLES = [
  "docs/examples/web.yaml",
  "docs/examples/from-deployment.yaml",
  "docs/examples/analysis/web.yaml",
  "docs/examples/analysis/data.yaml",
];

function read(path: string): Promise<string> {
  return Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
}

/** The fenced blocks of a language. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))]
    .map(([, block = ""]) => block);
}

Deno.test("docs/simulate.md has every command as it is written, and no other", async () => {
  const text = (await read("docs/simulate.md")).replaceAll("\\|", "|");
  const rows = [...text.matchAll(/^\| `([a-z][^`]*)` +\|/gm)].map(([, usage]) => usage);
  const fields = ["do", "at", "when", "rollout"];
  assert.deepEqual(rows.filter((row) => !fields.includes(row ?? "")), COMMAND_USAGE);
});

Deno.test("the script in docs/simulate.md can be read", async () => {
  const [script = ""] = blocks(await read("docs/simulate.md"), "yaml");
  assert.equal(parseScript(parse(script)).length, 3);
});

Deno.test("the data of metrics in docs/simulate.md can be read", async () => {
  const [, data = ""] = blocks(await read("docs/simulate.md"), "yaml");
  assert.deepEqual(parseSeries(parse(data)).map(({ metric }) => metric), [
    "success-rate",
    "orders",
  ]);
});

Deno.test("the examples in docs/simulate.md run, without a word of complaint", async () => {
  const files: Record<string, string> = {};
  for (const example of EXAMPLES) files[example] = await read(example);
  const examples = blocks(await read("docs/simulate.md"), "sh").slice(1)
    .map((block) => block.replaceAll("\\\n", " ").trim());
  assert.equal(examples.length, 6);
  for (const example of examples) {
    const [program, ...args] = [...example.matchAll(/"([^"]*)"|(\S+)/g)]
      .map(([, quoted, bare]) => quoted ?? bare ?? "");
    assert.equal(program, "sluice");
    const { code, err } = await run(args, { files });
    assert.ok([0, 1, 3].includes(code), `${code}: ${err}`);
    assert.equal(err, "", example);
  }
});
