import assert from "node:assert/strict";
import { run } from "./fake_terminal.ts";

const CLEAR = "\x1b[H\x1b[2J";

/** What each story ends with, and commands that it tells of. */
const STORIES: [args: string[], end: RegExp, told: string[]][] = [
  [[], /Status: +✔ Healthy\nStrategy: +Canary/, ["promote mock-server"]],
  [["--case", "02"], /Status: +✔ Healthy\nStrategy: +Canary/, ["promote mock-server"]],
  [["--case=01"], /Status: +✔ Healthy\nStrategy: +BlueGreen/, ["promote mock-server"]],
  [
    ["--case", "03"],
    /Status: +✖ Degraded\nMessage: +RolloutAborted: .* revision 5\n/,
    ["undo mock-server", "abort mock-server"],
  ],
];

for (const [args, end, told] of STORIES) {
  Deno.test(`demo ${args.join(" ")} tells its whole story at once when nobody watches`, async () => {
    const { code, out, err } = await run(["demo", ...args]);
    assert.equal(code, 0);
    assert.equal(err, "");
    for (const command of told) assert.ok(out.includes(`$ ${command}\n`), command);
    assert.match(out, end);
    assert.ok(!out.includes("\x1b"), "no control characters in a pipe");
  });
}

Deno.test("demo without a case is the second one", async () => {
  assert.equal((await run(["demo"])).out, (await run(["demo", "--case", "02"])).out);
});

for (const story of ["01", "02", "03"]) {
  for (const rows of [16, 24, 40]) {
    Deno.test(`demo ${story}: frames fit a terminal of ${rows} rows and 60 columns`, async () => {
      const screen = { rows, columns: 60 };
      const { code, out } = await run(["demo", "--case", story], { screen });
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
}

Deno.test("demo stops when the user asks it to, and gives the cursor back", async () => {
  const { code, out } = await run(["demo"], { screen: { rows: 24, columns: 80 }, stopsAfter: 10 });
  assert.equal(code, 130);
  assert.ok(out.endsWith("\x1b[?25h"));
});

Deno.test("demo of a case that there is not names those that there are", async () => {
  const { code, err } = await run(["demo", "--case", "4"]);
  assert.equal(code, 2);
  assert.match(err, /Allowed choices are 01, 02, 03\./);
});
