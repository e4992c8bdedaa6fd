import assert from "node:assert/strict";
import {
  type Command,
  COMMAND_USAGE,
  parseCommand,
  parseDurationMs,
} from "../../../core/simulate/command_text.ts";
import { ScriptError } from "../../../core/simulate/script_error.ts";

const COMMANDS: [text: string, command: Command][] = [
  [
    "set image web side=registry:5000/side@sha256:12",
    { verb: "set image", rollout: "web", container: "side", image: "registry:5000/side@sha256:12" },
  ],
  ["set  image web *=a", { verb: "set image", rollout: "web", container: "*", image: "a" }],
  ["promote web", { verb: "promote", rollout: "web", isFull: false }],
  ["promote web --full", { verb: "promote", rollout: "web", isFull: true }],
  ["promote --full web", { verb: "promote", rollout: "web", isFull: true }],
  [" pause web ", { verb: "pause", rollout: "web" }],
  ["scale web 0", { verb: "scale", rollout: "web", replicas: 0 }],
  ["scale web 5000", { verb: "scale", rollout: "web", replicas: 5000 }],
  ["apply new.yaml", { verb: "apply", file: "new.yaml" }],
  ['apply "a folder/new.yaml"', { verb: "apply", file: "a folder/new.yaml" }],
  ["apply 'a folder/new.yaml'", { verb: "apply", file: "a folder/new.yaml" }],
  ["fail-image registry/web:2", { verb: "fail-image", image: "registry/web:2" }],
  ["pod-start 1m30s", { verb: "pod-start", delayMs: 90_000 }],
  ["pod-start 0", { verb: "pod-start", delayMs: 0 }],
];

for (const [text, command] of COMMANDS) {
  Deno.test(`"${text}" is read`, () => {
    assert.deepEqual(parseCommand(text), command);
  });
}

const REFUSED: [text: string, message: RegExp][] = [
  ["", /^a command is missing: one of set image, promote, /],
  ["dance web", /^"dance web" is no command: one of set image, /],
  ["set", /^"set" is no command/],
  ["set replicas web 3", /is no command/],
  ["toString web", /is no command/],
  ["constructor", /is no command/],
  ["abort web", /^"abort web": abort is not served by this version$/],
  ["set image web", /is not how the command is written: set image ROLLOUT CONTAINER=IMAGE$/],
  ["set image web web", /is not how/],
  ["set image web web=", /is not how/],
  ["set image web =a", /is not how/],
  ["set image web web=a=b", /is not how/],
  ["set image web a=b c=d", /is not how/],
  ["promote", /is not how the command is written: promote ROLLOUT \[--full\]$/],
  ["promote --fast", /is not how/],
  ["promote web api", /is not how/],
  ["pause", /is not how the command is written: pause ROLLOUT$/],
  ["pause web api", /is not how/],
  ["scale web", /is not how the command is written: scale ROLLOUT N$/],
  ["scale web 1 2", /is not how/],
  ["scale web -1", /^"-1" is no number of replicas: /],
  ["scale web 1.5", /is no number of replicas/],
  ["scale web 5001", /^cannot simulate 5001 pods: at most 5000$/],
  ["apply", /is not how the command is written: apply FILE$/],
  ["apply a b", /is not how/],
  ["fail-image", /is not how/],
  ["pod-start", /is not how the command is written: pod-start DURATION$/],
  ["pod-start soon", /^"soon" is no duration: /],
];

for (const [text, message] of REFUSED) {
  Deno.test(`"${text}" is refused`, () => {
    assert.throws(() => parseCommand(text), { name: "ScriptError", message });
  });
}

Deno.test("every command that is told of can be given", () => {
  const words: Record<string, string> = { "CONTAINER=IMAGE": "a=b", N: "3", DURATION: "1s" };
  for (const usage of COMMAND_USAGE) {
    const text = usage.split(" ").filter((word) => !word.startsWith("["))
      .map((word) => words[word] ?? word.toLowerCase()).join(" ");
    assert.ok(parseCommand(text));
  }
});

const DURATIONS: [text: string, ms: number | undefined][] = [
  ["90s", 90_000],
  ["1h30m", 5_400_000],
  ["500ms", 500],
  ["1.5s", 1500],
  ["0", 0],
  ["1ns", 0],
  ["1500us", 2],
  ["-1s", undefined],
  ["90", undefined],
  ["", undefined],
  ["1 s", undefined],
  ["1d", undefined],
];

for (const [text, ms] of DURATIONS) {
  Deno.test(`"${text}" is ${ms === undefined ? "no time" : `${ms} ms`}`, () => {
    if (ms === undefined) assert.throws(() => parseDurationMs(text), ScriptError);
    else assert.equal(parseDurationMs(text), ms);
  });
}
