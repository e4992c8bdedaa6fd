import assert from "node:assert/strict";
import { PODS, REPLICA_SETS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import type { Command } from "../../../core/simulate/command.ts";
import { COMMAND_USAGE, parseCommand } from "../../../core/simulate/command_text.ts";
import { ScriptError } from "../../../core/simulate/script_error.ts";
import { parseDurationMs } from "../../../core/simulate/verb.ts";

/** A promotion, with the flags that are set. */
function promotion(flags: Record<string, boolean> = {}): Command {
  const none = { isFull: false, skipsCurrentStep: false, skipsAllSteps: false };
  return { verb: "promote", rollout: "web", options: { ...none, ...flags } };
}

const COMMANDS: [text: string, command: Command][] = [
  [
    "set image web side=registry:5000/side@sha256:12",
    { verb: "set image", rollout: "web", container: "side", image: "registry:5000/side@sha256:12" },
  ],
  ["set  image web *=a", { verb: "set image", rollout: "web", container: "*", image: "a" }],
  ["promote web", promotion()],
  ["promote web --full", promotion({ isFull: true })],
  ["promote --full web", promotion({ isFull: true })],
  ["promote web -c", promotion({ skipsCurrentStep: true })],
  ["promote web --skip-current-step", promotion({ skipsCurrentStep: true })],
  ["promote web -a", promotion({ skipsAllSteps: true })],
  ["promote web --skip-all-steps", promotion({ skipsAllSteps: true })],
  [
    "promote web -a -c --full",
    promotion({ isFull: true, skipsCurrentStep: true, skipsAllSteps: true }),
  ],
  [" pause web ", { verb: "pause", rollouts: ["web"] }],
  ["pause web api", { verb: "pause", rollouts: ["web", "api"] }],
  ["abort web", { verb: "abort", rollouts: ["web"] }],
  ["abort shop/web api", { verb: "abort", rollouts: ["shop/web", "api"] }],
  ["retry web", { verb: "retry", rollouts: ["web"] }],
  ["retry rollout web api", { verb: "retry", rollouts: ["web", "api"] }],
  ["retry rollout", { verb: "retry", rollouts: ["rollout"] }],
  ["retry experiment", { verb: "retry", rollouts: ["experiment"] }],
  ["restart web", { verb: "restart", rollout: "web", delayMs: 0, delayText: "0s" }],
  ["restart web --in 10s", { verb: "restart", rollout: "web", delayMs: 10_000, delayText: "10s" }],
  ["restart -i 1m web", { verb: "restart", rollout: "web", delayMs: 60_000, delayText: "1m" }],
  ["restart web --in=1h", { verb: "restart", rollout: "web", delayMs: 3_600_000, delayText: "1h" }],
  ["undo web", { verb: "undo", rollout: "web", toRevision: 0 }],
  ["undo web --to-revision 2", { verb: "undo", rollout: "web", toRevision: 2 }],
  ["undo --to-revision=2 web", { verb: "undo", rollout: "web", toRevision: 2 }],
  ["delete rollout/web", { verb: "delete", type: ROLLOUTS, name: "web", cascade: "Background" }],
  ["delete Service/web-canary", {
    verb: "delete",
    type: SERVICES,
    name: "web-canary",
    cascade: "Background",
  }],
  ["delete svc/shop/web", {
    verb: "delete",
    type: SERVICES,
    name: "shop/web",
    cascade: "Background",
  }],
  ["delete rollout shop/web --cascade=orphan", {
    verb: "delete",
    type: ROLLOUTS,
    name: "shop/web",
    cascade: "Orphan",
  }],
  ["delete rs/web-1 --cascade foreground", {
    verb: "delete",
    type: REPLICA_SETS,
    name: "web-1",
    cascade: "Foreground",
  }],
  ["delete pods/web-1", { verb: "delete", type: PODS, name: "web-1", cascade: "Background" }],
  ["delete-pod web-1", { verb: "delete-pod", pod: { name: "web-1", which: undefined } }],
  ["delete-pod web/2", { verb: "delete-pod", pod: { name: "web", which: 2 } }],
  ["delete-pod web/oldest", { verb: "delete-pod", pod: { name: "web", which: "oldest" } }],
  ["delete-pod shop/web/newest", {
    verb: "delete-pod",
    pod: { name: "shop/web", which: "newest" },
  }],
  ["scale web 0", { verb: "scale", rollout: "web", replicas: 0 }],
  ["scale web 5000", { verb: "scale", rollout: "web", replicas: 5000 }],
  ["apply new.yaml", { verb: "apply", file: "new.yaml" }],
  ['apply "a folder/new.yaml"', { verb: "apply", file: "a folder/new.yaml" }],
  ["apply 'a folder/new.yaml'", { verb: "apply", file: "a folder/new.yaml" }],
  ["fail-image registry/web:2", { verb: "fail-image", image: "registry/web:2" }],
  ["crash web:2", { verb: "crash", image: "web:2", afterMs: 3000 }],
  ["crash web:2 --after 1m", { verb: "crash", image: "web:2", afterMs: 60_000 }],
  ["unschedulable web:2", { verb: "unschedulable", image: "web:2" }],
  ["heal web:2", { verb: "heal", image: "web:2" }],
  ["nodes full", { verb: "nodes", areFull: true }],
  ["nodes free", { verb: "nodes", areFull: false }],
  ["quota 5", { verb: "quota", pods: 5 }],
  ["quota none", { verb: "quota", pods: undefined }],
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
  ["terminate analysisrun a", /^"terminate analysisrun a": terminate analysisrun is not served by/],
  ["terminate", /^"terminate": terminate is not served by this version$/],
  [
    "retry experiment web",
    /^"retry experiment web": retry experiment is not served by this version$/,
  ],
  ["create -f web.yaml", /^"create -f web.yaml": create is not served by this version$/],
  ["abort", /is not how the command is written: abort ROLLOUT\.\.\.$/],
  ["abort --all", /is not how/],
  ["retry", /is not how the command is written: retry ROLLOUT\.\.\.$/],
  ["restart", /is not how the command is written: restart ROLLOUT \[--in DURATION\]$/],
  ["restart web --in", /is not how/],
  ["restart web api", /is not how/],
  ["restart web --in soon", /^"soon" is no duration: /],
  ["restart web --in -5s", /^"-5s" is negative: /],
  ["undo", /is not how the command is written: undo ROLLOUT \[--to-revision N\]$/],
  ["undo web 2", /is not how/],
  ["undo web --to-revision", /is not how/],
  ["undo web --to-revision two", /^"two" is no revision: a number$/],
  ["delete web", /is not how the command is written: delete KIND\/NAME \[--cascade /],
  ["delete rollout/web other", /is not how/],
  ["delete rollout/web --cascade=false", /is not how/],
  ["delete", /is not how/],
  ["delete ingress/web", /^"ingress" is no kind that plays a part here$/],
  ["delete toString/web", /^"toString" is no kind/],
  ["delete-pod", /is not how the command is written: delete-pod POD \| /],
  ["delete-pod a b", /is not how/],
  ["set image web", /is not how the command is written: set image ROLLOUT CONTAINER=IMAGE$/],
  ["set image web web", /is not how/],
  ["set image web web=", /is not how/],
  ["set image web =a", /is not how/],
  ["set image web web=a=b", /is not how/],
  ["set image web a=b c=d", /is not how/],
  ["promote", /is not how the command is written: promote ROLLOUT \[--full \| /],
  ["promote --fast", /is not how/],
  ["promote web api", /is not how/],
  ["promote web --full=no", /is not how/],
  ["pause", /is not how the command is written: pause ROLLOUT\.\.\.$/],
  ["scale web", /is not how the command is written: scale ROLLOUT N$/],
  ["scale web 1 2", /is not how/],
  ["scale web -1", /^"-1" is no number of replicas: /],
  ["scale web 1.5", /is no number of replicas/],
  ["scale web 5001", /^cannot simulate 5001 pods: at most 5000$/],
  ["apply", /is not how the command is written: apply FILE$/],
  ["apply a b", /is not how/],
  ["fail-image", /is not how/],
  ["crash", /is not how the command is written: crash IMAGE \[--after DURATION\]$/],
  ["crash web:2 --after soon", /^"soon" is no duration: /],
  ["crash web:2 web:3", /is not how/],
  ["unschedulable", /is not how the command is written: unschedulable IMAGE$/],
  ["heal", /is not how the command is written: heal IMAGE$/],
  ["nodes", /is not how the command is written: nodes full \| free$/],
  ["nodes empty", /is not how/],
  ["quota", /is not how the command is written: quota PODS \| none$/],
  ["quota few", /^"few" is no number of pods: a whole number, 0 or more$/],
  ["quota 1 2", /is not how/],
  ["pod-start", /is not how the command is written: pod-start DURATION$/],
  ["pod-start soon", /^"soon" is no duration: /],
];

for (const [text, message] of REFUSED) {
  Deno.test(`"${text}" is refused`, () => {
    assert.throws(() => parseCommand(text), { name: "ScriptError", message });
  });
}

Deno.test("every command that is told of can be given", () => {
  const words: Record<string, string> = {
    "CONTAINER=IMAGE": "a=b",
    N: "3",
    DURATION: "1s",
    PODS: "3",
    "KIND/NAME": "pod/web",
  };
  for (const usage of COMMAND_USAGE) {
    const [needed = ""] = usage.replaceAll(/ ?\[.*?\]|\.\.\./g, "").split(" | ");
    const text = needed.split(" ")
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
