import assert from "node:assert/strict";
import { renderRollout, type RolloutInfo } from "../../../core/view/mod.ts";

const INFO: RolloutInfo = {
  name: "web",
  namespace: "prod",
  status: "Paused",
  message: "CanaryPauseStep",
  strategy: "Canary",
  canary: { step: "1/4", setWeight: 20, actualWeight: 20 },
  images: [
    { image: "web:1", tags: ["active", "stable"] },
    { image: "web:2", tags: ["canary"] },
    { image: "web:3", tags: [] },
  ],
  replicas: { desired: 5, current: 6, updated: 1, ready: 4, available: 3 },
  age: "3h",
  revisions: [
    {
      revision: 12,
      objects: [{
        kind: "ReplicaSet",
        name: "web-b",
        status: "Progressing",
        age: "2m1s",
        details: ["canary", "delay:4s"],
        children: [
          {
            kind: "Pod",
            name: "web-b-x1",
            status: "CrashLoopBackOff",
            age: "2m",
            details: ["ready:0/1", "restarts:3"],
            children: [],
          },
          {
            kind: "Pod",
            name: "web-b-x2",
            status: "Evicted",
            age: "1s",
            details: ["ready:0/1"],
            children: [],
          },
        ],
      }],
    },
    {
      revision: 1,
      objects: [{
        kind: "ReplicaSet",
        name: "web-a",
        status: "ScaledDown",
        age: "3h",
        details: [],
        children: [],
      }],
    },
  ],
};

const HEADER = `\
Name:            web
Namespace:       prod
Status:          ॥ Paused
Message:         CanaryPauseStep
Strategy:        Canary
  Step:          1/4
  SetWeight:     20
  ActualWeight:  20
Images:          web:1 (active, stable)
                 web:2 (canary)
                 web:3
Replicas:
  Desired:       5
  Current:       6
  Updated:       1
  Ready:         4
  Available:     3
`;

// The bars mark the ends of lines: a line without INFO is filled up to that column.
const TREE = `\
NAME                 KIND        STATUS              AGE   INFO
⟳ web                Rollout     ॥ Paused            3h    |
├──# revision:12                                           |
│  └──⧉ web-b        ReplicaSet  ◌ Progressing       2m1s  canary,delay:4s
│     ├──□ web-b-x1  Pod         ✖ CrashLoopBackOff  2m    ready:0/1,restarts:3
│     └──□ web-b-x2  Pod           Evicted           1s    ready:0/1
└──# revision:1                                            |
   └──⧉ web-a        ReplicaSet  • ScaledDown        3h    |
`.replaceAll("|\n", "\n");

function treeOf(screen: string): string {
  return screen.slice(screen.indexOf("\n\n") + 2);
}

Deno.test("renderRollout() puts each value of the header into column 17", () => {
  const screen = renderRollout(INFO);
  assert.equal(screen.slice(0, screen.indexOf("\n\n") + 1), HEADER);
});

Deno.test("renderRollout() makes each column as wide as its longest cell and two blanks", () => {
  const titles = "NAME                 KIND        STATUS              AGE   INFO";
  const lines = treeOf(renderRollout(INFO)).split("\n");
  assert.equal(lines[0], titles);
  const columns = ["KIND", "STATUS", "AGE", "INFO"].map((title) => titles.indexOf(title));
  assert.deepEqual(columns, [21, 33, 53, 59]);
  const [kind = 0, status = 0, age = 0, info = 0] = columns;
  const pod = lines[4] ?? "";
  assert.equal(pod.slice(0, kind), "│     ├──□ web-b-x1  ");
  assert.equal(pod.slice(kind, status), "Pod         ");
  assert.equal(pod.slice(status, age), "✖ CrashLoopBackOff  ");
  assert.equal(pod.slice(age, info), "2m    ");
  assert.equal(pod.slice(info), "ready:0/1,restarts:3");
});

Deno.test("renderRollout() draws branches, and fills lines without INFO up to that column", () => {
  assert.equal(treeOf(renderRollout(INFO)), TREE);
});

Deno.test("renderRollout() leaves out what a blue-green Rollout has not", () => {
  const { canary: _, ...rest } = INFO;
  const screen = renderRollout({
    ...rest,
    strategy: "BlueGreen",
    status: "Healthy",
    message: "",
    images: [],
    revisions: [],
  });
  assert.equal(
    screen,
    `\
Name:            web
Namespace:       prod
Status:          ✔ Healthy
Strategy:        BlueGreen
Replicas:
  Desired:       5
  Current:       6
  Updated:       1
  Ready:         4
  Available:     3

NAME   KIND     STATUS     AGE  INFO
⟳ web  Rollout  ✔ Healthy  3h   
`,
  );
});

Deno.test("renderRollout() shows an empty step for a canary without steps", () => {
  const screen = renderRollout({
    ...INFO,
    canary: { step: "", setWeight: 100, actualWeight: 100 },
  });
  assert.ok(screen.includes("\n  Step:\n  SetWeight:     100\n"));
});

Deno.test("renderRollout() writes no escape sequence unless asked for colours", () => {
  assert.ok(!renderRollout(INFO).includes("\u001b"));
  assert.ok(!renderRollout(INFO, { color: false }).includes("\u001b"));
});

Deno.test("renderRollout() in colour is the same text with colours", () => {
  const coloured = renderRollout(INFO, { color: true });
  // deno-lint-ignore no-control-regex
  assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), renderRollout(INFO));
});

const COLOURED: [name: string, expected: string][] = [
  [
    "stable and active images green",
    "web:1 (\u001b[32mactive\u001b[0m, \u001b[32mstable\u001b[0m)",
  ],
  ["a canary's image yellow", "web:2 (\u001b[33mcanary\u001b[0m)"],
  ["a ReplicaSet's name like its part", "⧉ \u001b[33mweb-b\u001b[0m  "],
  ["a ReplicaSet's part, not its delay", "  \u001b[33mcanary\u001b[0m,delay:4s\n"],
  ["progress blue", "\u001b[94m◌\u001b[0m Progressing"],
  ["trouble red", "\u001b[31m✖\u001b[0m CrashLoopBackOff"],
  ["nothing that plays no part", "⧉ web-a  "],
  ["a pause not at all", "Status:          ॥ Paused\n"],
];

for (const [name, expected] of COLOURED) {
  Deno.test(`renderRollout() colours ${name}`, () => {
    assert.ok(renderRollout(INFO, { color: true }).includes(expected));
  });
}

Deno.test("renderRollout() has no line that is wider than the terminal", () => {
  const message = "ImagePullBackOff: the image web:3 cannot be pulled";
  for (const widthColumns of [1, 20, 38, 60, 80, 200]) {
    const lines = renderRollout({ ...INFO, message }, { widthColumns }).split("\n");
    for (const line of lines) assert.ok([...line].length <= widthColumns, line);
  }
  assert.equal(renderRollout(INFO, { widthColumns: 200 }), renderRollout(INFO));
});

Deno.test("renderRollout() puts what does not fit of a message below", () => {
  const message = "ImagePullBackOff: the image web:3 cannot be pulled";
  const screen = renderRollout({ ...INFO, message }, { widthColumns: 60 });
  const lines = screen.split("\n").slice(3, 5);
  assert.deepEqual(lines, [
    "Message:         ImagePullBackOff: the image web:3 cannot be",
    "                 pulled",
  ]);
});

Deno.test("renderRollout() leaves out the kinds first, then the middle of names", () => {
  const tree = (widthColumns: number) => treeOf(renderRollout(INFO, { widthColumns })).split("\n");
  assert.equal(
    tree(79)[4],
    "│     ├──□ web-b-x1  Pod         ✖ CrashLoopBackOff  2m    ready:0/1,restarts:3",
  );
  assert.equal(tree(78)[4], "│     ├──□ web-b-x1  ✖ CrashLoopBackOff  2m    ready:0/1,restarts:3");
  assert.equal(tree(64)[4], "│     ├──□ we…x1  ✖ CrashLoopBackOff  2m    ready:0/1,restarts:3");
  assert.equal(tree(64)[0], "NAME              STATUS              AGE   INFO");
});

Deno.test("renderRollout() cuts by characters that are seen, and never within a colour", () => {
  const cut = renderRollout(INFO, { color: true, widthColumns: 36 });
  // deno-lint-ignore no-control-regex
  const plain = cut.replace(/\u001b\[\d+m/g, "");
  assert.equal(plain, renderRollout(INFO, { widthColumns: 36 }));
  assert.ok(cut.includes("\u001b[94m◌\u001b[0m "));
});

Deno.test("renderRollout() counts a character of two code units as one column", () => {
  const message = "🚀🚀 ready";
  const screen = renderRollout({ ...INFO, message }, { widthColumns: 19 });
  assert.ok(screen.includes("\nMessage:         🚀🚀\n                 re\n"));
});

Deno.test("renderRollout() keeps a message on one line and out of the terminal's control", () => {
  const screen = renderRollout({ ...INFO, message: "one\ntwo\u001b[2Jthree\u009b1m" });
  assert.ok(screen.includes("\nMessage:         one two [2Jthree 1m\n"));
});

Deno.test("renderRollout() fits its rows: without most of the header first, then without pods", () => {
  const linesIn = (heightRows: number) => {
    const text = renderRollout(INFO, { heightRows });
    return text === "" ? [] : text.trimEnd().split("\n");
  };
  const whole = renderRollout(INFO).trimEnd().split("\n");
  assert.deepEqual(linesIn(whole.length), whole);
  const tree = whole.slice(whole.indexOf("") + 1);
  const brief = linesIn(whole.length - 1);
  assert.deepEqual(brief.slice(-tree.length), tree);
  assert.deepEqual(brief.slice(0, -tree.length).map((line) => line.trim().split(":")[0]), [
    "Status",
    "Message",
    "Step",
    "",
  ]);
  const low = linesIn(brief.length - 1);
  assert.ok(low.some((line) => line.includes("web-b ")), "the sets stay");
  assert.ok(!low.some((line) => line.includes("Pod")), "the pods go");
  for (let rows = 1; rows <= whole.length; rows++) assert.ok(linesIn(rows).length <= rows);
});
