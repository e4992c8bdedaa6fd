import assert from "node:assert/strict";
import { parse } from "yaml";
import { run, simulateText } from "./fake_terminal.ts";
import { web, type WebOptions } from "./web_manifest.ts";

const UPDATE = ["--do", "10s: set image web web=registry/web:2"];
const SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n" +
  "spec: {selector: {app: web}, ports: [{port: 80}]}\n";
const PROMOTE = ["--do", "20s: promote web"];

/** The end of a run, read from its JSON. */
function resultOf(out: string): { phase: string; message: string; atSeconds: number } {
  return JSON.parse(out).result;
}

Deno.test("0: every Rollout is Healthy at the end", async () => {
  const { code, out, err } = await simulateText(web(), ...UPDATE, ...PROMOTE);
  assert.equal(err, "");
  assert.equal(code, 0);
  assert.match(out, /✔ Healthy since 21\.2s of 21\.2s simulated/);
});

Deno.test("files are named with -f, as with kubectl, or without it", async () => {
  const files = { "web.yaml": web(), "service.yaml": SERVICE };
  const plain = await run(["simulate", "web.yaml", "service.yaml"], { files });
  const flagged = await run(["simulate", "-f", "web.yaml", "-f", "service.yaml"], { files });
  assert.equal(flagged.err, "");
  assert.equal(flagged.code, 0);
  assert.equal(flagged.out, plain.out);
});

Deno.test("a template that nobody rendered is refused at its place, also in quotes", async () => {
  const text = web({ image: "registry/web:{{ .Values.tag }}" });
  const { code, out, err } = await simulateText(text);
  assert.equal(code, 2);
  assert.equal(out, "");
  assert.match(
    err,
    /^Error: web\.yaml:\d+:\d+: \S+: is a template, not a manifest: render it first/,
  );
});

Deno.test("an object that appears twice counts as it stands last, and is warned of", async () => {
  const { code, out, err } = await simulateText(`${web()}---\n${web({ replicas: "3" })}`);
  assert.equal(code, 0);
  assert.match(
    err,
    /^warning: web\.yaml:13:1: Rollout "web" is also defined at web\.yaml:1:1; the last/,
  );
  assert.equal(err.trimEnd().split("\n").length, 1);
  assert.match(out, /Desired: +3$/m);
});

/** The table of an update, and the tree after it, on a terminal of so many columns or in a pipe. */
async function updateOn(columns?: number): Promise<{ table: string; tree: string[] }> {
  const files = { "web.yaml": web() };
  const screen = columns === undefined ? {} : { screen: { rows: 24, columns } };
  const { out } = await run(["simulate", "web.yaml", ...UPDATE], { files, ...screen });
  const [table = "", ...rest] = out.split("\n\n");
  return { table, tree: rest.join("\n").split("\n").filter((line) => /[├└⟳]/.test(line)) };
}

const wordsOf = (text: string) => text.split(/\s+/).join(" ");

Deno.test("on a terminal reasons go on below one another, in a pipe nothing is broken", async () => {
  const [piped, narrow] = [await updateOn(), await updateOn(90)];
  assert.ok(piped.table.split("\n").some((line) => [...line].length > 90));
  for (const line of [...narrow.table.split("\n"), ...narrow.tree]) {
    assert.ok([...line].length <= 90, line);
  }
  assert.equal(wordsOf(narrow.table), wordsOf(piped.table));
  const why = narrow.table.indexOf("WHY");
  const below = narrow.table.split("\n").filter((line) => line.startsWith(" ".repeat(why)));
  assert.ok(below.length > 0);
  for (const line of below) assert.match(line.slice(why), /^\S/);
});

Deno.test("a terminal too narrow for a column of reasons has them below, in whole words", async () => {
  const piped = await updateOn();
  for (const columns of [60, 80]) {
    const narrow = await updateOn(columns);
    const lines = narrow.table.split("\n");
    for (const line of [...lines, ...narrow.tree]) assert.ok([...line].length <= columns, line);
    assert.equal(wordsOf(narrow.table), wordsOf(piped.table));
    const reasons = lines.filter((line) => line.startsWith("       "));
    assert.ok(reasons.length > 2, narrow.table);
    for (const line of reasons) assert.match(line, /^ {7}\S/);
    assert.ok(narrow.tree.some((line) => line.endsWith("ready:1/1")));
  }
});

Deno.test("a terminal that does not know its size gets what a pipe gets", async () => {
  const files = { "web.yaml": web() };
  const screen = { columns: undefined, rows: undefined };
  const { out } = await run(["simulate", "web.yaml", ...UPDATE], { files, screen });
  assert.equal(out, (await simulateText(web(), ...UPDATE)).out);
});

Deno.test("3: a Rollout still waits at the end", async () => {
  const { code, out } = await simulateText(web(), ...UPDATE, "-o", "json");
  assert.equal(code, 3);
  assert.equal(resultOf(out).phase, "Paused");
});

Deno.test("3: the end comes before the update is through", async () => {
  const { code, out } = await simulateText(web(), "--until", "1s", "-o", "json");
  assert.equal(code, 3);
  assert.equal(resultOf(out).phase, "Progressing");
});

Deno.test("1: an image that fails ends at the progress deadline", async () => {
  const { code, out } = await simulateText(
    web({ spec: "  progressDeadlineSeconds: 60\n" }),
    ...["--do", "5s: fail-image registry/web:2", ...UPDATE, "-o", "json"],
  );
  assert.equal(code, 1);
  const { phase, message, atSeconds } = resultOf(out);
  assert.equal(phase, "Degraded");
  assert.match(message, /^ProgressDeadlineExceeded: /);
  assert.ok(atSeconds >= 70 && atSeconds < 72, String(atSeconds));
});

Deno.test("1 beats 3: one Rollout Degraded, one Paused", async () => {
  const text = `${web()}---\n${web({ name: "api", replicas: "-1" })}`;
  const { code, out } = await simulateText(text, ...UPDATE, "-o", "json");
  assert.equal(code, 1);
  assert.equal(resultOf(out).phase, "Degraded");
});

const INVALID: [options: WebOptions, error: RegExp][] = [
  [
    { canary: "{steps: [{setWeight: 150}]}" },
    /^web\.yaml:8:34: spec\.strategy\.steps\[0\]\.setWeight: Invalid value: 150: /m,
  ],
  [
    { canary: "{steps: [{pause: {duration: 30x}}]}" },
    /^web\.yaml:8:41: spec\.strategy\.steps\[0\]\.pause\.duration: Invalid value: /m,
  ],
  [
    { canary: "{steps: [{setCanaryScale: {replicas: 1}}]}" },
    /^web\.yaml:8:13: spec\.strategy\.trafficRouting: Required value: /m,
  ],
  [
    { canary: "{stableService: none}" },
    /^web\.yaml:8:29: spec\.strategy\.canary\.stableService: .*service "none" not found$/m,
  ],
];

for (const [options, error] of INVALID) {
  Deno.test(`what the controller refuses runs, and its place is told: ${options.canary}`, async () => {
    const { code, out, err } = await simulateText(web(options), "-o", "json");
    assert.equal(code, 1);
    assert.match(err, error);
    assert.equal(resultOf(out).phase, "Degraded");
    assert.match(resultOf(out).message, /^InvalidSpec: /);
  });
}

const REFERRING = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: base}
  strategy: {canary: {}}
`;

function deployment(labels: string): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: base}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: ${labels}}, spec: {containers: [{name: web, image: a}]}}
`;
}

Deno.test("a workload that is not there is told, with the place of the reference", async () => {
  const { code, out, err } = await simulateText(REFERRING, "-o", "json");
  assert.equal(code, 1);
  assert.match(
    err,
    /^web\.yaml:5:16: spec\.workloadRef: .*deployments\.apps "default\/base" not found\n$/,
  );
  assert.match(
    resultOf(out).message,
    /^InvalidSpec: .*is invalid: deployments\.apps "default\/base" not found$/,
  );
});

Deno.test("a Rollout is run with the template of its workload", async () => {
  const { code, err } = await simulateText(REFERRING + deployment("{app: web}"));
  assert.equal(err, "");
  assert.equal(code, 0);
});

Deno.test("a selector that the workload's labels do not match is told at the reference", async () => {
  const text = REFERRING.replace(
    "  strategy",
    "  selector: {matchLabels: {app: other}}\n  strategy",
  );
  const { code, err } = await simulateText(text + deployment("{app: web}"));
  assert.equal(code, 1);
  assert.match(err, /^web\.yaml:5:16: spec\.template\.metadata\.labels: Invalid value: /);
});

Deno.test("an unknown field of a Rollout is a warning", async () => {
  const { code, err } = await simulateText(web({ spec: "  replica: 3\n" }));
  const place = "web.yaml:12:12: spec.replica";
  assert.equal(
    err,
    `warning: ${place}: unknown field of a Rollout; usually a typo: kubectl refuses it, or it has no effect\n`,
  );
  assert.equal(code, 0);
});

Deno.test("a kind that plays no part is a warning", async () => {
  const other = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: other}\n";
  const { code, err } = await simulateText(`${web()}---\n${other}`);
  assert.equal(err, 'warning: web.yaml:13:1: Job "other" is not simulated\n');
  assert.equal(code, 0);
});

/** Room for three pods, of which a Deployment takes as many as it can. */
const QUOTA = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: few}\n" +
  'spec: {hard: {pods: "3"}}\n---\n';
const other = (replicas: number) =>
  "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: other}\nspec:\n" +
  `  replicas: ${replicas}\n  selector: {matchLabels: {app: other}}\n  template:\n` +
  "    metadata: {labels: {app: other}}\n" +
  '    spec: {containers: [{name: main, image: "registry/other:1"}]}\n';
const TEMPLATE = "---\napiVersion: v1\nkind: PodTemplate\nmetadata: {name: plain}\n" +
  'template: {spec: {containers: [{name: main, image: "registry/plain:1"}]}}\n';

const NEIGHBOURS: Record<string, { commands: string[]; code: number }> = {
  "runs": { commands: [], code: 3 },
  "is made smaller by apply": { commands: ["--do", "30s: apply smaller.yaml"], code: 0 },
  "is deleted": { commands: ["--do", "30s: delete deploy/other"], code: 0 },
};

for (const [what, { commands, code: expected }] of Object.entries(NEIGHBOURS)) {
  Deno.test(`a Deployment takes its pods from the same quota as the Rollout, and ${what}`, async () => {
    const files = {
      "web.yaml": `${QUOTA}${other(2)}---\n${web()}${TEMPLATE}`,
      "smaller.yaml": other(1),
    };
    const args = ["simulate", "web.yaml", "--until", "5m", ...commands];
    const { code, err } = await run(args, { files });
    assert.equal(err, "");
    assert.equal(code, expected);
  });
}

Deno.test("a takeover of a larger Deployment without spec.replicas is a warning that says what to write", async () => {
  const text = (replicas: string) =>
    `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "a:1"}]}}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  ${replicas}
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: progressively}
  strategy: {canary: {}}
`;
  const { err } = await simulateText(text("minReadySeconds: 0"));
  assert.equal(
    err,
    "warning: web.yaml:14:16: without spec.replicas the Rollout has 1 pod, and the " +
      "Deployment's 4 go: write replicas: 4\n",
  );
  assert.equal((await simulateText(text("replicas: 4"))).err, "");
});

Deno.test("one replica without surge behind a stable Service is a warning", async () => {
  const text = web({ replicas: "1", canary: "{stableService: web, maxSurge: 0}" }) + SERVICE;
  const { code, err } = await simulateText(text, ...UPDATE);
  assert.equal(
    err,
    "warning: web.yaml:8:44: with one replica and no surge every update interrupts the service\n",
  );
  assert.equal(code, 0);
});

Deno.test("- reads standard input", async () => {
  const { code, out } = await run(["simulate", "-"], { standardInput: web() });
  assert.equal(code, 0);
  assert.match(out, /✔ Healthy since 1\.2s/);
});

Deno.test("mistakes on standard input have a place", async () => {
  const { code, err } = await run(["simulate", "-"], { standardInput: web({ replicas: "no" }) });
  assert.equal(code, 2);
  assert.match(err, /^Error: standard input:6:13: spec\.replicas: /);
});

Deno.test("a List stands for its items", async () => {
  const items = [web(), web({ name: "api" })].map((text) => parse(text));
  const { code, out } = await simulateText(
    JSON.stringify({ apiVersion: "v1", kind: "List", items }),
    "-o",
    "json",
  );
  assert.equal(code, 0);
  const names = JSON.parse(out).timeline.map(({ rollout }: { rollout: string }) => rollout);
  assert.deepEqual([...new Set(names)].sort(), ["api", "web"]);
});

Deno.test("several files, documents, Rollouts and namespaces are one story", async () => {
  const files = {
    "a.yaml": `${web()}---\n${web({ name: "api", namespace: "prod" })}`,
    "b.yaml": web({ name: "db", namespace: "prod" }),
  };
  const { code, out } = await run(["simulate", "a.yaml", "b.yaml", ...UPDATE], { files });
  assert.equal(code, 3);
  assert.match(out, /ROLLOUT/);
  for (const name of ["default/web", "prod/api", "prod/db"]) assert.ok(out.includes(name), name);
  assert.equal(out.match(/^Namespace: +prod$/gm)?.length, 2);
});

Deno.test("a name in two namespaces is refused where a command is about it", async () => {
  const text = `${web()}---\n${web({ namespace: "prod" })}`;
  const { code, err } = await simulateText(text, ...UPDATE);
  assert.equal(code, 2);
  assert.match(err, /^Error: at 10s .* there is a rollout "web" in each of the namespaces /);
});

Deno.test("setting the image that is there changes nothing", async () => {
  const { code, out } = await simulateText(
    web(),
    ...["--do", "10s: set image web web=registry/web:1", "-o", "json"],
  );
  assert.equal(code, 0);
  const { timeline } = JSON.parse(out);
  assert.ok(timeline.every(({ atSeconds }: { atSeconds: number }) => atSeconds < 10));
});

Deno.test("apply takes the objects of another file", async () => {
  const files = { "web.yaml": web(), "new.yaml": web({ image: "registry/web:2" }) };
  const args = ["simulate", "web.yaml", "--do", "10s: apply new.yaml", ...PROMOTE, "-o", "json"];
  const { code, out } = await run(args, { files });
  assert.equal(code, 0);
  assert.equal(JSON.parse(out).timeline.at(-1).stable.revision, 2);
});

for (const args of [["-o", "json"], ["-ojson"], ["--output", "json"], ["--output=json"]]) {
  Deno.test(`JSON is asked for by ${args.join(" ")}`, async () => {
    const { out } = await simulateText(web(), ...args);
    assert.deepEqual(Object.keys(JSON.parse(out)), [
      "timeline",
      "commands",
      "events",
      "writes",
      "result",
      "users",
      "endSeconds",
    ]);
  });
}

Deno.test("YAML says what JSON says, without anchors", async () => {
  const text = web({ canary: "{stableService: web, steps: [{pause: {}}]}" }) + SERVICE;
  const json = await simulateText(text, ...UPDATE, "-o", "json");
  const yaml = await simulateText(text, ...UPDATE, "-o", "yaml");
  assert.deepEqual(parse(yaml.out, { version: "1.1" }), JSON.parse(json.out));
  assert.doesNotMatch(yaml.out, /[&*][a-z]\d/);
});

Deno.test("text, JSON and YAML end with one line break", async () => {
  for (const format of ["text", "json", "yaml"]) {
    const { out } = await simulateText(web(), "-o", format);
    assert.match(out, /[^\n]\n$/);
  }
});

Deno.test("the same command line prints the same bytes; another seed, other names", async () => {
  const args = [...UPDATE, "-o", "text"];
  const [one, again, other] = [
    await simulateText(web(), ...args),
    await simulateText(web(), ...args),
    await simulateText(web(), ...args, "--seed", "2"),
  ];
  assert.equal(one.out, again.out);
  assert.notEqual(one.out, other.out);
});

Deno.test("a script goes on when what it waits for has come true", async () => {
  const script = [
    '- {at: 10, do: "set image web web=registry/web:2"}',
    '- {when: "phase == Paused", rollout: web, do: promote web}',
    '- {when: healthy, do: "set image web web=registry/web:3"}',
    '- {when: "step == 1", do: promote web --full}',
  ].join("\n");
  const { code, out } = await run(["simulate", "web.yaml", "--script", "script.yaml"], {
    files: { "web.yaml": web(), "script.yaml": script },
  });
  assert.equal(code, 0);
  const lines = out.split("\n").filter((line) => line.includes(" $ ")).map((line) => line.trim());
  assert.deepEqual(lines, [
    "10s $ set image web web=registry/web:2",
    "11.2s $ promote web",
    "12.4s $ set image web web=registry/web:3",
    "13.6s $ promote web --full",
  ]);
});

Deno.test("the help of simulate fits 100 columns and tells every command and exit code", async () => {
  const { out } = await run(["simulate", "--help"]);
  for (
    const word of ["set image", "promote", "pause", "scale", "apply", "fail-image", "pod-start"]
  ) {
    assert.ok(out.includes(word), word);
  }
  assert.match(out, /Exit codes: 0 .* 1 .*2 .*3 /s);
  for (const line of out.split("\n")) assert.ok([...line].length <= 100, line);
});

Deno.test("a file that is applied twice is read once, and checked once", async () => {
  const files = {
    "web.yaml": web(),
    "new.yaml": web({ image: "registry/web:2", spec: "  x: 1\n" }),
  };
  const read: string[] = [];
  const args = [
    "simulate",
    "web.yaml",
    "--do",
    "10s: apply new.yaml",
    "--do",
    "1h: apply new.yaml",
  ];
  const { err } = await run(args, { files, onRead: (path) => read.push(path) });
  assert.deepEqual(read, ["web.yaml", "new.yaml"]);
  assert.equal(err.trimEnd().split("\n").length, 1, err);
});
