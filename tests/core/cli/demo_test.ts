import assert from "node:assert/strict";
import { run } from "./fake_terminal.ts";

const CLEAR = "\x1b[H\x1b[2J";

Deno.test("demo tells the whole story at once when nobody watches", async () => {
  const { code, out, err } = await run(["demo"]);
  assert.equal(code, 0);
  assert.equal(err, "");
  assert.match(out, /\$ promote mock-server/);
  assert.match(out, /Status: +✔ Healthy/);
  assert.ok(!out.includes("\x1b"), "no control characters in a pipe");
});

for (const rows of [16, 24, 40]) {
  Deno.test(`demo's frames fit a terminal of ${rows} rows and 60 columns`, async () => {
    const { code, out } = await run(["demo"], { screen: { rows, columns: 60 } });
    assert.equal(code, 0);
    const frames = out.split(CLEAR).slice(1);
    assert.ok(frames.length > 50, `${frames.length} frames`);
    for (const frame of frames.slice(0, -1)) {
      const lines = frame.split("\n");
      assert.ok(lines.length <= rows, `${lines.length} rows: ${frame}`);
      assert.ok(lines.every((line) => [...line].length <= 60), frame);
      assert.match(frame, /Status: /);
      assert.match(frame, /revision:\d/);
    }
  });
}

Deno.test("demo stops when the user asks it to, and gives the cursor back", async () => {
  const { code, out } = await run(["demo"], { screen: { rows: 24, columns: 80 }, stopsAfter: 10 });
  assert.equal(code, 130);
  assert.ok(out.endsWith("\x1b[?25h"));
});
