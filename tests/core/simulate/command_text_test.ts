import assert from "node:assert/strict";
import type { Command } from "../../../core/simulate/command.ts";
import { COMMAND_USAGE, parseCommand } from "../../../core/simulate/command_text.ts";
import { ScriptError } from "../../../core/simulate/script_error.ts";
import { parseDurationMs } from "../../../core/simulate/duration.ts";

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
  ["retry experiment web-1 web-2", { verb: "retry experiment", names: ["web-1", "web-2"] }],
  ["kubectl argo rollouts retry exp web-1", { verb: "retry experiment", names: ["web-1"] }],
  ["terminate experiment shop/web-1", { verb: "terminate experiment", names: ["shop/web-1"] }],
  ["terminate exp web-1", { verb: "terminate experiment", names: ["web-1"] }],
  ["terminate analysisrun web-1 -n shop", {
    verb: "terminate analysisrun",
    names: ["web-1"],
    namespace: "shop",
  }],
  ["terminate ar web-1", { verb: "terminate analysisrun", names: ["web-1"] }],
  ["create analysisrun --from rate -a service=web --name once", {
    verb: "create analysisrun",
    template: "rate",
    isGlobal: false,
    given: [{ name: "service", value: "web" }],
    options: { name: "once", "generate-name": undefined, "instance-id": undefined },
  }],
  ["create ar --from=rate --global", {
    verb: "create analysisrun",
    template: "rate",
    isGlobal: true,
    given: [],
    options: { name: undefined, "generate-name": undefined, "instance-id": undefined },
  }],
  ["restart web", { verb: "restart", rollout: "web", delayMs: 0, delayText: "0s" }],
  ["restart web --in 10s", { verb: "restart", rollout: "web", delayMs: 10_000, delayText: "10s" }],
  ["restart -i 1m web", { verb: "restart", rollout: "web", delayMs: 60_000, delayText: "1m" }],
  ["restart web --in=1h", { verb: "restart", rollout: "web", delayMs: 3_600_000, delayText: "1h" }],
  ["undo web", { verb: "undo", rollout: "web", toRevision: 0 }],
  ["undo web --to-revision 2", { verb: "undo", rollout: "web", toRevision: 2 }],
  ["undo --to-revision=2 web", { verb: "undo", rollout: "web", toRevision: 2 }],
  ["delete rollout/web", { verb: "delete", kind: "rollout", name: "web", cascade: "Background" }],
  ["delete Service/web-canary", {
    verb: "delete",
    kind: "Service",
    name: "web-canary",
    cascade: "Background",
  }],
  ["delete svc/shop/web", {
    verb: "delete",
    kind: "svc",
    name: "shop/web",
    cascade: "Background",
  }],
  ["delete rollout shop/web --cascade=orphan", {
    verb: "delete",
    kind: "rollout",
    name: "shop/web",
    cascade: "Orphan",
  }],
  ["delete rs/web-1 --cascade foreground", {
    verb: "delete",
    kind: "rs",
    name: "web-1",
    cascade: "Foreground",
  }],
  ["delete pods/web-1", { verb: "delete", kind: "pods", name: "web-1", cascade: "Background" }],
  ["delete-pod web-1", { verb: "delete-pod", pod: { name: "web-1", which: undefined } }],
  ["delete-pod web/2", { verb: "delete-pod", pod: { name: "web", which: 2 } }],
  ["delete-pod web/oldest", { verb: "delete-pod", pod: { name: "web", which: "oldest" } }],
  ["delete-pod shop/web/newest", {
    verb: "delete-pod",
    pod: { name: "shop/web", which: "newest" },
  }],
  ["scale web 0", { verb: "scale", rollout: "web", replicas: 0 }],
  ["scale web --replicas=4", { verb: "scale", rollout: "web", replicas: 4 }],
  ["scale rollout/web --replicas 4", { verb: "scale", rollout: "web", replicas: 4 }],
  ["scale --replicas=4 rollout web", { verb: "scale", rollout: "web", replicas: 4 }],
  ["scale ro web 4", { verb: "scale", rollout: "web", replicas: 4 }],
  ["scale shop/web 4", { verb: "scale", rollout: "shop/web", replicas: 4 }],
  ["scale rollout 4", { verb: "scale", rollout: "rollout", replicas: 4 }],
  ["apply -f new.yaml", { verb: "apply", file: "new.yaml" }],
  ["kubectl apply -f new.yaml -n shop", { verb: "apply", file: "new.yaml", namespace: "shop" }],
  ["promote web --full=false", promotion()],
  ["promote web -ca", promotion({ skipsCurrentStep: true, skipsAllSteps: true })],
  ["restart web -i10s", { verb: "restart", rollout: "web", delayMs: 10_000, delayText: "10s" }],
  ["kubectl argo rollouts promote web", promotion()],
  ["kubectl-argo-rollouts promote web", promotion()],
  ["kubectl sluice promote web", promotion()],
  ["sluice promote web", promotion()],
  ["kubectl delete svc/web", {
    verb: "delete",
    kind: "svc",
    name: "web",
    cascade: "Background",
  }],
  ...[
    "abort web -n shop",
    "abort -n=shop web",
    "-n shop abort web",
    "abort web --namespace=shop",
    "kubectl argo rollouts -n shop abort web",
    "kubectl -n shop argo rollouts abort web",
    "kubectl --namespace shop argo rollouts abort web",
  ].map((text): [string, Command] => [
    text,
    { verb: "abort", rollouts: ["web"], namespace: "shop" },
  ]),
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
  ["gate example.com/lb open", { verb: "gate", condition: "example.com/lb", isOpen: true }],
  ["gate example.com/lb shut", { verb: "gate", condition: "example.com/lb", isOpen: false }],
  ["pod-start 1m30s", { verb: "pod-start", delayMs: 90_000 }],
  ["pod-start 0", { verb: "pod-start", delayMs: 0 }],
];

for (const [text, command] of COMMANDS) {
  Deno.test(`"${text}" is read`, () => {
    assert.deepEqual(parseCommand(text), command);
  });
}

const REFUSED: [text: string, message: RegExp][] = [
  ["", /^a command is missing; use one of set image, promote, /],
  ["dance web", /^unknown command "dance"; use one of set image, /],
  ["set", /^"set" is incomplete; use set image$/],
  ["set replicas web 3", /^"set" is incomplete; use set image$/],
  ["toString web", /^unknown command "toString"/],
  ["constructor", /^unknown command "constructor"/],
  [
    "terminate web",
    /^"terminate" is incomplete; use terminate analysisrun or terminate experiment$/,
  ],
  ["terminate ar", /^invalid arguments: "[^"]*"; usage: terminate analysisrun ANALYSISRUN\.\.\.$/],
  ["retry experiment", /^invalid arguments: "[^"]*"; usage: retry experiment EXPERIMENT\.\.\.$/],
  ["create -f web.yaml", /^"create" is incomplete; use create analysisrun$/],
  ["create analysisrun", /^invalid arguments: "[^"]*"; usage: create analysisrun --from NAME /],
  ["create ar --from rate -a web", /^arguments must be in the form NAME=VALUE$/],
  ["abort", /^invalid arguments: "[^"]*"; usage: abort ROLLOUT\.\.\.$/],
  ["abort --all", /^unknown flag --all; usage: abort ROLLOUT\.\.\.$/],
  ["retry", /^invalid arguments: "[^"]*"; usage: retry ROLLOUT\.\.\.$/],
  ["restart", /^invalid arguments: "[^"]*"; usage: restart ROLLOUT \[--in DURATION\]$/],
  ["restart web --in", /^flag --in needs a value; usage: restart /],
  ["restart web api", /^invalid arguments: /],
  ["restart web --in soon", /^invalid duration "soon"; write for example 90s, /],
  ["restart web --in -5s", /^invalid duration "-5s": it is negative$/],
  ["undo", /^invalid arguments: "[^"]*"; usage: undo ROLLOUT \[--to-revision N\]$/],
  ["undo web 2", /^invalid arguments: /],
  ["undo web --to-revision", /^flag --to-revision needs a value; usage: undo /],
  ["undo web --to-revision two", /^invalid revision "two"; write a number$/],
  ["delete web", /^invalid arguments: "[^"]*"; usage: delete KIND\/NAME \[--cascade /],
  ["delete rollout/web other", /^invalid arguments: /],
  ["delete rollout/web --cascade=false", /^invalid arguments: /],
  ["delete", /^invalid arguments: /],
  ["delete-pod", /^invalid arguments: "[^"]*"; usage: delete-pod POD \| /],
  ["delete-pod a b", /^invalid arguments: /],
  ["set image web", /^invalid arguments: "[^"]*"; usage: set image ROLLOUT CONTAINER=IMAGE$/],
  ["set image web web", /^invalid arguments: /],
  ["set image web web=", /^invalid arguments: /],
  ["set image web =a", /^invalid arguments: /],
  ["set image web web=a=b", /^invalid arguments: /],
  ["set image web a=b c=d", /^invalid arguments: /],
  ["promote", /^invalid arguments: "[^"]*"; usage: promote ROLLOUT \[--full \| /],
  ["promote --fast", /^unknown flag --fast; usage: promote /],
  ["promote web --ful", /^unknown flag --ful; did you mean --full\?; usage: promote /],
  ["promot web", /^unknown command "promot"; did you mean "promote"\?$/],
  ["promote web api", /^invalid arguments: /],
  ["promote web --full=no", /^invalid value "no" for --full; use true or false; usage: promote /],
  ["pause", /^invalid arguments: "[^"]*"; usage: pause ROLLOUT\.\.\.$/],
  ["scale web", /^invalid arguments: "[^"]*"; usage: scale ROLLOUT --replicas N$/],
  ["scale web 1 2", /^invalid arguments: /],
  ["scale web -1", /^invalid number of replicas "-1"; write a whole number, 0 or more$/],
  ["scale web 1.5", /^invalid number of replicas "1\.5"/],
  ["scale web 5001", /^cannot simulate 5001 pods; use at most 5000$/],
  ["apply", /^invalid arguments: "[^"]*"; usage: apply FILE$/],
  ["apply a b", /^invalid arguments: /],
  ["fail-image web:2 -n shop", /^unknown flag -n; usage: fail-image IMAGE$/],
  ["abort web -n", /^flag -n needs a value; usage: abort /],
  ["kubectl argo rollouts", /^a command is missing; use one of/],
  ["kubectl argo dance web", /^unknown command "dance"/],
  ["scale web 3 --replicas=4", /^invalid arguments: /],
  ["apply -f a b", /^invalid arguments: /],
  ["fail-image", /^invalid arguments: /],
  ["crash", /^invalid arguments: "[^"]*"; usage: crash IMAGE \[--after DURATION\]$/],
  ["crash web:2 --after soon", /^invalid duration "soon"; write for example 90s, /],
  ["crash web:2 web:3", /^invalid arguments: /],
  ["unschedulable", /^invalid arguments: "[^"]*"; usage: unschedulable IMAGE$/],
  ["heal", /^invalid arguments: "[^"]*"; usage: heal IMAGE$/],
  ["nodes", /^invalid arguments: "[^"]*"; usage: nodes full \| free$/],
  ["nodes empty", /^invalid arguments: /],
  ["quota", /^invalid arguments: "[^"]*"; usage: quota PODS \| none$/],
  ["quota few", /^invalid number of pods "few"; write a whole number, 0 or more$/],
  ["quota 1 2", /^invalid arguments: /],
  ["gate example.com/lb", /^invalid arguments: "[^"]*"; usage: gate CONDITION open \| shut$/],
  ["gate open example.com/lb", /^invalid arguments: /],
  ["pod-start", /^invalid arguments: "[^"]*"; usage: pod-start DURATION$/],
  ["pod-start soon", /^invalid duration "soon"; write for example 90s, /],
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
