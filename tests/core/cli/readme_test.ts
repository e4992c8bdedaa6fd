/** What the README shows of a rehearsal is what its command prints. */
import assert from "node:assert/strict";
import readme from "../../../README.md" with { type: "text" };
import example from "../../../docs/examples/web.yaml" with { type: "text" };
import { run } from "./fake_terminal.ts";

const FENCE = /```(?:sh|text)\n([^]*?)```/g;

Deno.test("the README's rehearsal prints the rows and the summary that stand below it", async () => {
  const blocks = [...readme.matchAll(FENCE)].map(([, text = ""]) => text);
  const at = blocks.findIndex((text) => text.includes("sluice simulate docs/examples/web.yaml"));
  const [command = "", rows = "", summary = ""] = blocks.slice(at, at + 3);
  const actions = [...command.matchAll(/--do "([^"]*)"/g)].flatMap((
    [, text = ""],
  ) => ["--do", text]);
  assert.equal(actions.length, 4);
  const { out } = await run(["simulate", "web.yaml", ...actions], {
    files: { "web.yaml": example },
  });
  assert.ok(rows.split("\n").length > 10 && out.startsWith(rows), out);
  assert.ok(summary.split("\n").length > 4 && out.endsWith(summary), out);
});
