/** Objects are made so that V8 reads them fast: each pass reads hundreds of their fields. */
import assert from "node:assert/strict";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const SCRIPT = new URL("shapes.ts", import.meta.url).pathname;

Deno.test("an object from which a patch takes a field is read as fast as before", async () => {
  const flags = ["--quiet", "--config", CONFIG, "--v8-flags=--allow-natives-syntax"];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, SCRIPT],
    stdin: "null",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), {
    "data without second": true,
    "object without second": true,
    "data without first": true,
    "object without first": true,
  });
});
