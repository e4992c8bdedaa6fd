import assert from "node:assert/strict";
import { simulateText } from "./fake_terminal.ts";
import { web } from "./web_manifest.ts";

const UPDATE = ["--do", "10s: set image web web=registry/web:2"];

Deno.test("-o html prints a page, and ends as the text does", async () => {
  const { code, out, err } = await simulateText(
    web(),
    ...UPDATE,
    "--do",
    "20s: abort web",
    "-o=html",
  );
  assert.equal(err, "");
  assert.equal(code, 1);
  assert.match(out, /^<!doctype html>[^]*<title>Rehearsal of web<\/title>[^]*<\/html>\n$/);
  assert.match(out, /Rollout aborted update to revision 2/);
});

Deno.test("--assume says what a step plugin answers; without it the plugin is named", async () => {
  const text = web({ canary: "{steps: [{setWeight: 50}, {plugin: {name: org/check}}]}" });
  const assumed = await simulateText(text, ...UPDATE, "--assume", "org/check=successful");
  assert.equal(assumed.code, 0, assumed.err);
  assert.match(assumed.out, /step plugin org\/check: Successful/);
  const { code, err } = await simulateText(text, ...UPDATE);
  assert.equal(code, 2);
  assert.equal(
    err,
    'Error: no data for step plugin "org/check" (step 2 of web) at 11.2s: give a series with ' +
      "--data, or --assume org/check=successful\n",
  );
  const none = await simulateText(web(), "--assume", "org/check=failed");
  assert.match(none.err, /^warning: --assume: no step has the plugin "org\/check"/);
});
