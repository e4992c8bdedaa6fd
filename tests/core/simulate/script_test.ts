import assert from "node:assert/strict";
import { parseScript, parseTimedCommand } from "../../../core/simulate/script.ts";
import { ScriptError } from "../../../core/simulate/script_error.ts";

const PAUSE = { verb: "pause", rollouts: ["web"] };

const TIMED: [text: string, atMs: number][] = [
  ["90s: pause web", 90_000],
  ["90s:pause web", 90_000],
  [" 1h : pause web", 3_600_000],
  ["0: pause web", 0],
];

for (const [text, atMs] of TIMED) {
  Deno.test(`--do "${text}" is read`, () => {
    assert.deepEqual(parseTimedCommand(text), {
      text: "pause web",
      command: PAUSE,
      trigger: { kind: "at", atMs },
    });
  });
}

for (const text of ["pause web", ": pause web", "", "10s", "1 m: pause web", "10: pause web"]) {
  Deno.test(`--do "${text}" is refused`, () => {
    assert.throws(() => parseTimedCommand(text), ScriptError);
  });
}

Deno.test("the image's own colons belong to the command", () => {
  const { command } = parseTimedCommand("1m: set image web web=registry:5000/web:2");
  assert.deepEqual(command, {
    verb: "set image",
    rollout: "web",
    container: "web",
    image: "registry:5000/web:2",
  });
});

Deno.test("a script is a list of times and conditions, done one after the other", () => {
  const entries = parseScript([
    { at: "90s", do: "pause web" },
    { at: 90.5, do: "pause web" },
    { when: "step == 3", do: "pause web" },
    { when: "healthy", rollout: "web", do: "pause web" },
  ]);
  assert.deepEqual(entries.map(({ trigger }) => trigger), [
    { kind: "at", atMs: 90_000 },
    { kind: "at", atMs: 90_500 },
    {
      kind: "when",
      text: "step == 3",
      condition: { kind: "step", step: 3 },
      rollout: undefined,
    },
    { kind: "when", text: "healthy", condition: { kind: "healthy" }, rollout: "web" },
  ]);
  for (const { command, text } of entries) {
    assert.deepEqual(command, PAUSE);
    assert.equal(text, "pause web");
  }
});

Deno.test("a script without entries does nothing", () => {
  assert.deepEqual(parseScript([]), []);
});

const REFUSED: [value: unknown, message: RegExp, path?: (string | number)[]][] = [
  [undefined, /^a script is a list/],
  [null, /^a script is a list/],
  ["pause web", /^a script is a list/],
  [{ at: "1s", do: "pause web" }, /^a script is a list/],
  [[null], /^entry 1: not of the form/, [0]],
  [[[]], /^entry 1: not of the form/, [0]],
  [[{ at: "1s" }], /^entry 1: "do" is missing/, [0]],
  [[{ at: "1s", do: 5 }], /^entry 1: "do" is one command as text/, [0, "do"]],
  [[{ at: "1s", do: ["pause web"] }], /^entry 1: "do" is one command as text/, [0, "do"]],
  [[{ do: "pause web" }], /^entry 1: exactly one of "at" and "when"/, [0]],
  [[{ at: "1s", when: "healthy", do: "pause web" }], /^entry 1: exactly one of/, [0]],
  [[{ at: "1s", rollout: "web", do: "pause web" }], /^entry 1: "rollout" is the name/, [
    0,
    "rollout",
  ]],
  [[{ when: "healthy", rollout: 5, do: "pause web" }], /^entry 1: "rollout" is/, [0, "rollout"]],
  [[{ when: 5, do: "pause web" }], /^entry 1: "when" is a condition/, [0, "when"]],
  [[{ when: "soon", do: "pause web" }], /^entry 1: invalid condition "soon"/, [0, "when"]],
  [[{ at: null, do: "pause web" }], /^entry 1: "at" is a time since the start/, [0, "at"]],
  [[{ at: -1, do: "pause web" }], /^entry 1: invalid duration "-1s": it is negative/, [0, "at"]],
  [[{ at: "1s", do: "dance" }], /^entry 1: unknown command "dance"/, [0, "do"]],
  [[{ at: 1, do: "pause web" }, { at: 2, DO: "pause web" }], /^entry 2: unknown field "DO"/, [
    1,
    "DO",
  ]],
  [[{ at: 2, do: "pause web" }, { at: 1, do: "pause web" }], /^entry 2: its time is before/, [
    1,
    "at",
  ]],
];

for (const [value, message, path] of REFUSED) {
  Deno.test(`the script ${JSON.stringify(value)} is refused, naming its entry`, () => {
    assert.throws(() => parseScript(value), (error) => {
      assert.ok(error instanceof ScriptError);
      assert.match(error.message, message);
      assert.deepEqual(error.path, path);
      return true;
    });
  });
}
