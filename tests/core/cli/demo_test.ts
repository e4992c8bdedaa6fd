import assert from "node:assert/strict";
import { run } from "./fake_terminal.ts";
import { VirtualScreen } from "./virtual_screen.ts";

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

/** Runs a demo on a screen; `look` sees what is shown after each piece of output. */
async function watch(
  { story = "02", size, stopsAfter }: {
    story?: string;
    size: { rows: number; columns: number };
    stopsAfter?: number;
  },
  look: (screen: VirtualScreen) => void,
): Promise<{ code: number; screen: VirtualScreen }> {
  const screen = new VirtualScreen(size);
  screen.write("what was there before\n");
  const { code } = await run(["demo", "--case", story], {
    screen: size,
    ...(stopsAfter === undefined ? {} : { stopsAfter }),
    onOutput: (text) => {
      screen.write(text);
      look(screen);
    },
  });
  return { code, screen };
}

for (const story of ["01", "02", "03"]) {
  for (const [rows, columns] of [[16, 60], [24, 80], [40, 100]] as const) {
    Deno.test(`demo ${story}: a screen of ${rows} rows and ${columns} columns shows it whole`, async () => {
      const size = { rows, columns };
      let frames = 0;
      let last = "";
      const { code } = await watch({ story, size }, (screen) => {
        if (!screen.isOther) return;
        frames++;
        last = screen.lines.join("\n");
        if (frames > 1) assert.match(last, /Status: /);
      });
      assert.equal(code, 0);
      assert.ok(frames > 50, `${frames} frames`);
      assert.match(last, /revision:\d/);
      assert.ok(!last.includes("\x1b"));
    });
  }
}

Deno.test("demo leaves the terminal as it was, with the last screen below what was there", async () => {
  const { screen } = await watch({ size: { rows: 60, columns: 80 } }, () => {});
  assert.ok(!screen.isOther);
  assert.ok(screen.isCursorShown);
  const all = [...screen.scrolledBack, ...screen.lines];
  assert.equal(all[0], "what was there before");
  assert.match(all[1] ?? "", /^sluice demo: /);
  assert.match(all.join("\n"), /Status: +✔ Healthy/);
  // One frame: nothing of those before it is left.
  assert.equal(all.filter((line) => line.startsWith("sluice demo: ")).length, 1);
});

Deno.test("demo draws only what changed: mostly the ages", async () => {
  const size = { rows: 40, columns: 100 };
  let before = 0;
  const shares: number[] = [];
  await watch({ size }, (screen) => {
    const shown = screen.lines.join("").length;
    shares.push((screen.written - before) / shown);
    before = screen.written;
  });
  const median = shares.toSorted((a, b) => a - b)[shares.length >> 1] ?? 1;
  assert.ok(median < 0.5, `${median} of a frame`);
});

Deno.test("at 80 columns no reason is cut, and pods are seen to be ready", async () => {
  const whole = (await run(["demo"])).out;
  const reasons = [...whole.matchAll(/^ *[\dhms.]+  +(.*)$/gm)].map(([, reason = ""]) => reason);
  let shown = "";
  await watch({ size: { rows: 50, columns: 80 } }, (screen) => {
    if (screen.isOther) shown = screen.lines.join("\n");
  });
  assert.match(shown, / ready:1\/1$/m);
  const flat = shown.replaceAll(/\s+/g, " ");
  for (const reason of reasons.slice(-3)) {
    assert.ok(flat.includes(reason.replaceAll(/\s+/g, " ")), `${reason} in\n${shown}`);
  }
});

Deno.test("a terminal that is resized is drawn anew, in its new size", async () => {
  const sizes = [{ rows: 40, columns: 100 }, { rows: 20, columns: 60 }];
  let drawn = 0;
  const shown: string[] = [];
  let screen = new VirtualScreen(sizes[0] as { rows: number; columns: number });
  await run(["demo"], {
    screen: () => sizes[drawn++ < 100 ? 0 : 1] as { rows: number; columns: number },
    onOutput: (text) => {
      // As a terminal does: what it shows after resizing is anything, until it is cleared.
      if (text.includes("\x1b[H\x1b[J\x1b[1;1H")) {
        screen = new VirtualScreen(sizes[1] as { rows: number; columns: number });
        screen.write("\x1b[?1049h");
      }
      screen.write(text);
      if (screen.isOther) shown.push(screen.lines.join("\n"));
    },
  });
  const narrow = shown.findLast((text) => text.includes("Status:")) ?? "";
  assert.match(narrow, /Status: +✔ Healthy/);
  assert.equal(narrow.split("\n").length, 20);
});

Deno.test("a terminal that does not know its size is taken for one of 80x24", async () => {
  const screen = new VirtualScreen({ rows: 24, columns: 80 });
  let shown = "";
  const { code } = await run(["demo"], {
    screen: { columns: undefined, rows: undefined },
    onOutput: (text) => {
      screen.write(text);
      if (screen.isOther) shown = screen.lines.join("\n");
    },
  });
  assert.equal(code, 0);
  assert.match(shown, /Status: +✔ Healthy/);
});

Deno.test("a terminal that cannot draw gets the story line by line", async () => {
  const screen = { columns: 80, rows: 24 };
  const { out } = await run(["demo"], { screen, isDumb: true });
  assert.equal(out, (await run(["demo"])).out);
});

Deno.test("demo stops when the user asks it to, and gives the screen back", async () => {
  const size = { rows: 24, columns: 80 };
  const { code, screen } = await watch({ size, stopsAfter: 10 }, () => {});
  assert.equal(code, 130);
  assert.ok(!screen.isOther);
  assert.ok(screen.isCursorShown);
});

Deno.test("demo of a case that there is not names those that there are", async () => {
  const { code, err } = await run(["demo", "--case", "4"]);
  assert.equal(code, 1);
  assert.match(err, /^Error: invalid value "4" for --case; use one of 01, 02, 03 /);
});
