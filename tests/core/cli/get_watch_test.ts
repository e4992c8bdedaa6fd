import assert from "node:assert/strict";
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { following } from "./followed_cluster.ts";
import { VirtualScreen } from "./virtual_screen.ts";

const WATCH = ["get", "rollout", "web", "--watch"];

Deno.test("get rollout --watch prints each state that differs in more than ages to a pipe", async () => {
  const { code, out, err } = await following(WATCH, async ({ server, setStatus, wrote, stop }) => {
    await wrote(1);
    await setStatus({ phase: "Paused", message: "CanaryPauseStep" });
    await wrote(2);
    // A version of the object that says the same.
    await server.change((client) =>
      client.patch(ROLLOUTS, { namespace: "default", name: "web" }, {
        type: "merge",
        body: { metadata: { annotations: { note: "1" } } },
      })
    );
    await setStatus({ phase: "Healthy", message: null });
    await wrote(3);
    stop();
  });
  assert.deepEqual([code, err], [130, ""]);
  const screens = out.split("\nName: ");
  assert.deepEqual(screens.map((screen) => /Status: +(.*)/.exec(screen)?.[1]), [
    "◌ Progressing",
    "॥ Paused",
    "✔ Healthy",
  ]);
  assert.ok(!out.includes("\x1b"), "no control characters in a pipe");
});

for (const [columns, rows] of [[100, 30], [50, 12]] as const) {
  Deno.test(`get rollout --watch draws in place on a terminal of ${columns} columns and ${rows} rows`, async () => {
    const screen = new VirtualScreen({ columns, rows });
    screen.write("$ what was there before\n");
    const shows = (line: RegExp) => screen.lines.some((one) => line.test(one));
    let drawn = 0;
    const { code } = await following(WATCH, async ({ setStatus, seen, stop }) => {
      await seen(() => shows(/^Status: +◌ Progressing$/));
      assert.ok(screen.isOther);
      await setStatus({ phase: "Degraded", message: "it is broken" });
      await seen(() => shows(/^Status: +✖ Degraded$/));
      assert.ok(drawn < 700, `only lines that changed were drawn: ${drawn} characters`);
      assert.ok(shows(/^Message: +it is broken$/));
      stop();
    }, {
      screen: { columns, rows },
      onOutput(text) {
        const before = screen.written;
        screen.write(text);
        drawn = screen.written - before;
      },
    });
    assert.equal(code, 130);
    assert.ok(!screen.isOther && screen.isCursorShown);
    const left = [...screen.scrolledBack, ...screen.lines];
    assert.equal(left[0], "$ what was there before");
    assert.ok(left.some((line) => /Status: +✖ Degraded$/.test(line)), "the last state stays");
  });
}

Deno.test("a terminal that is resized is drawn anew, as wide and as high as it is now", async () => {
  const size = { columns: 100, rows: 30 };
  const screen = new VirtualScreen(size);
  await following(WATCH, async ({ setStatus, seen, printed, stop }) => {
    await seen(() => screen.lines.some((line) => line.startsWith("Status:")));
    size.columns = 40;
    size.rows = 6;
    await setStatus({
      phase: "Paused",
      message: "a reason of many words that fills several lines",
    });
    await seen(() => screen.lines.some((line) => /^Status: +॥ Paused/.test(line)));
    assert.ok(printed().includes("\x1b[H\x1b[J"));
    const shown = screen.lines.filter((line) => line !== "");
    assert.ok(shown.length <= 6 && shown.every((line) => [...line].length <= 40), shown.join("\n"));
    assert.match(shown.join("\n"), /Status: +॥ Paused/);
    stop();
  }, { screen: () => ({ ...size }), onOutput: (text) => screen.write(text) });
});

Deno.test("on a dumb terminal, states stand one below the other", async () => {
  const { out } = await following(WATCH, async ({ wrote, stop }) => {
    await wrote(1);
    stop();
  }, { screen: { columns: 80, rows: 24 }, isDumb: true });
  assert.match(out, /^Name: /);
  assert.ok(!out.includes("\x1b"));
});

Deno.test("--timeout-seconds ends it with 0", async () => {
  const { code, err } = await following(
    [...WATCH, "--timeout-seconds=1"],
    () => new Promise(() => {}),
  );
  assert.deepEqual([code, err], [0, ""]);
});

Deno.test("a Rollout that is deleted while it is watched ends it with one line", async () => {
  const { code, err } = await following(WATCH, async ({ server, wrote }) => {
    await wrote(1);
    await server.change((client) => client.delete(ROLLOUTS, { namespace: "default", name: "web" }));
  });
  assert.deepEqual([code, err], [1, 'Error: rollout "web" in namespace "default" was deleted\n']);
});

Deno.test("what is wrong from the start is told at once", async () => {
  const { code, err } = await following(["get", "rollout", "wbe", "-w"], () => Promise.resolve());
  assert.equal(code, 1);
  assert.equal(
    err,
    'Error: rollout "wbe" not found in namespace "default"; did you mean "web"?\n',
  );
});
