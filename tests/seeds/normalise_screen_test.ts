import assert from "node:assert/strict";
import seed01 from "../fixtures/seeds/01-bluegreen/screens.json" with { type: "json" };
import seed02 from "../fixtures/seeds/02-canary-success/screens.json" with { type: "json" };
import seed03 from "../fixtures/seeds/03-canary-undo-abort/screens.json" with { type: "json" };
import view01 from "../fixtures/view/01-bluegreen.json" with { type: "json" };
import view02 from "../fixtures/view/02-canary-success.json" with { type: "json" };
import view03 from "../fixtures/view/03-canary-undo-abort.json" with { type: "json" };
import { hashesIn, normaliseScreen } from "./compare.ts";

const SCREEN = `\
Name:            web
Status:          ✖ Degraded
Message:         ProgressDeadlineExceeded: ReplicaSet "web-77f87799cf" has timed out progressing.
  Step:          1/5
Images:          web:1 (stable)
                 web:2 (canary)

NAME                             KIND        STATUS       AGE    INFO
⟳ web                            Rollout     ✖ Degraded   6m15s  
├──# revision:2                                                  
│  └──⧉ web-77f87799cf           ReplicaSet  ✔ Healthy    34s    canary,delay:23s
│     └──□ web-77f87799cf-4bn54  Pod         ◌ Init:1/2   34s    ready:0/1
└──# revision:1                                                  
   └──⧉ web-5bd695c454           ReplicaSet  ✔ Healthy    10m    stable,delay:passed`;

const NORMALISED = `\
Name:  web
Status:  ✖ Degraded
Message:  ProgressDeadlineExceeded: ReplicaSet "web-H1" has timed out progressing.
  Step:  1/5
Images:  web:1 (stable)
  web:2 (canary)

NAME  KIND  STATUS  AGE  INFO
⟳ web  Rollout  ✖ Degraded  <age>
├──# revision:2
│  └──⧉ web-H1  ReplicaSet  ✔ Healthy  <age>  canary,delay:<time>
│  └──□ web-H1-<pod>  Pod  ◌ Init:1/2  <age>  ready:0/1
└──# revision:1
  └──⧉ web-H2  ReplicaSet  ✔ Healthy  <age>  stable,delay:passed`;

Deno.test("normaliseScreen() leaves nothing that differs from run to run", () => {
  assert.equal(normaliseScreen(SCREEN), NORMALISED);
});

Deno.test("normaliseScreen() changes nothing that is normal", () => {
  assert.equal(normaliseScreen(NORMALISED), NORMALISED);
});

const SAME: [name: string, change: (screen: string) => string][] = [
  ["other hashes", (text) => text.replaceAll("77f87799cf", "c594d5fbd")],
  ["other pod suffixes", (text) => text.replaceAll("4bn54", "zzzzz")],
  ["other ages", (text) => text.replaceAll("34s", "2m1s").replaceAll("6m15s", "3d23h")],
  ["another time left", (text) => text.replaceAll("delay:23s", "delay:4s")],
  ["wider columns", (text) => text.replaceAll("  KIND", "       KIND")],
  ["trailing blanks and lines", (text) => `\n${text.replaceAll("\n", "   \n")}\n\n`],
  ["the command echoed", (text) => `kubectl argo rollouts get rollout web\n${text}`],
];

for (const [name, change] of SAME) {
  Deno.test(`normaliseScreen() ignores ${name}`, () => {
    assert.notEqual(change(SCREEN), SCREEN);
    assert.equal(normaliseScreen(change(SCREEN)), NORMALISED);
  });
}

const OTHER: [name: string, change: (screen: string) => string][] = [
  ["another status", (text) => text.replace("✖ Degraded ", "✔ Healthy ")],
  ["another icon alone", (text) => text.replace("✔ Healthy", "◌ Healthy")],
  ["another step", (text) => text.replace("1/5", "2/5")],
  ["another tag", (text) => text.replace("(canary)", "(preview)")],
  ["a delay that has passed", (text) => text.replace("delay:23s", "delay:passed")],
  ["a delay that is not there", (text) => text.replace(",delay:23s", "")],
  ["another indent", (text) => text.replace("└──# revision:1", "   # revision:1")],
  ["an age that makes no sense", (text) => text.replace(" 10m ", " <invalid> ")],
  ["a line less", (text) => text.replace(/^.*4bn54.*\n/m, "")],
  ["one hash in two places", (text) => text.replaceAll("5bd695c454", "77f87799cf")],
  ["another number of a revision", (text) => text.replace("revision:2", "revision:3")],
  ["a pod's readiness", (text) => text.replace("ready:0/1", "ready:1/1")],
];

for (const [name, change] of OTHER) {
  Deno.test(`normaliseScreen() shows ${name}`, () => {
    assert.notEqual(normaliseScreen(change(SCREEN)), NORMALISED);
  });
}

Deno.test("normaliseScreen() keeps a run's numbers of hashes, and unknown hashes", () => {
  const hashes = hashesIn(["⧉ web-5bd695c454", SCREEN]);
  assert.ok(normaliseScreen(SCREEN, hashes).includes("⧉ web-H2  ReplicaSet"));
  assert.ok(normaliseScreen(SCREEN, new Map()).includes("⧉ web-77f87799cf"));
});

interface Case {
  name: string;
  documented: string[][];
  recorded: string[][];
}

// Of case 01 the recording also has the moments before a delay has passed; the document has not.
const CASES: Case[] = [
  {
    name: "01-bluegreen",
    documented: [0, 1, 3].map((index) => seed01[index]?.screen ?? []),
    recorded: [0, 1, 4].map((index) => view01[index]?.screen ?? []),
  },
  {
    name: "02-canary-success",
    documented: seed02.map(({ screen }) => screen),
    recorded: view02.map(({ screen }) => screen),
  },
  {
    name: "03-canary-undo-abort",
    documented: seed03.map(({ screen }) => screen),
    recorded: view03.map(({ screen }) => screen),
  },
];

for (const { name, documented, recorded } of CASES) {
  Deno.test(`the document of ${name} and its recording show the same screens`, () => {
    assert.equal(documented.length, recorded.length);
    assert.deepEqual(normaliseRun(recorded), normaliseRun(documented));
  });
}

/** Screens of one run, with hashes numbered through all of it; namespaces are the runner's. */
function normaliseRun(screens: readonly string[][]): string[] {
  const texts = screens.map((lines) => lines.join("\n"));
  const hashes = hashesIn(texts);
  return texts.map((text) => normaliseScreen(text, hashes).replace(/^Namespace: .*$/m, ""));
}
