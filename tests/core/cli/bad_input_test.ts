import assert from "node:assert/strict";
import { run, simulateText } from "./fake_terminal.ts";
import { web, type WebOptions } from "./web_manifest.ts";

/** Every refusal is one line on standard error, and nothing else. */
function assertRefused(
  { code, out, err }: { code: number; out: string; err: string },
  expected: string | RegExp,
): void {
  if (typeof expected === "string") assert.equal(err, `Error: ${expected}\n`);
  else assert.match(err, expected);
  assert.equal(err.trimEnd().split("\n").length, 1, err);
  assert.doesNotMatch(err, /\.ts:|\bat \S+ \(/);
  assert.equal(out, "");
  assert.equal(code, 2);
}

const MANIFESTS: [what: string, text: string | Uint8Array, error: string | RegExp][] = [
  ["nothing", "", "web.yaml:1:1: is empty"],
  ["only blanks and remarks", "\n# nothing\n---\n", "web.yaml:1:1: is empty"],
  [
    "a binary file",
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]),
    "web.yaml:1:1: is a binary file, not YAML or JSON in UTF-8",
  ],
  ["malformed YAML", "a: 1\nb: [1\n", /^Error: web\.yaml:\d+:\d+: is not valid YAML: /],
  ["a cyclic anchor", "a: &a\n  b: *a\n", "web.yaml:2:3: a.b: contains itself"],
  ["a list", "- 1\n- 2\n", "web.yaml:1:1: must be an object, but is a list"],
  ["a word", "hello\n", 'web.yaml:1:1: must be an object, but is the string "hello"'],
  [
    "an object without kind",
    "apiVersion: v1\nmetadata: {name: a}\n",
    "web.yaml:1:1: kind: is required",
  ],
  [
    "a list whose items are none",
    "apiVersion: v1\nkind: List\nitems: {a: b}\n",
    "web.yaml:3:8: items: must be a list, but is an object",
  ],
  [
    "a list without items",
    "apiVersion: v1\nkind: List\n",
    "web.yaml:1:1: items: is required",
  ],
  [
    "a Pod with volumes that are none",
    `${web()}---
apiVersion: v1
kind: Pod
metadata: {name: a, finalizers: [a/b]}
spec: {volumes: 5, containers: [{name: a, image: a}]}
`,
    /^Error: web\.yaml:\d+:1: spec\.volumes: must be a list, but is the number 5\n$/,
  ],
  [
    "a ConfigMap with an owner that is none",
    `${web()}---
apiVersion: v1
kind: ConfigMap
metadata: {name: a, ownerReferences: [null]}
`,
    /^Error: web\.yaml:\d+:1: metadata\.ownerReferences\[0\]: must be an object, but is null\n$/,
  ],
  [
    "a version of Rollouts that there is not",
    web().replace("argoproj.io/v1alpha1", "argoproj.io/v1"),
    "web.yaml:1:13: apiVersion: Rollout has no version argoproj.io/v1; " +
    "write argoproj.io/v1alpha1",
  ],
  [
    "replicas of the wrong type",
    web({ replicas: '"two"' }),
    /^Error: web\.yaml:6:13: spec\.replicas: .*two/,
  ],
  [
    "a step of the wrong type",
    web({ canary: "{steps: [{setWeight: lots}]}" }),
    /^Error: web\.yaml:8:34: spec\.strategy\.canary\.steps\[0\]\.setWeight: /,
  ],
  [
    "steps that are no list",
    web({ canary: "{steps: {setWeight: 1}}" }),
    /^Error: web\.yaml:8:21: spec\.strategy\.canary\.steps: /,
  ],
  [
    "a mistake in the second document",
    `${web()}---\n${web({ replicas: "[]" })}`,
    /^Error: web\.yaml:18:13: spec\.replicas: /,
  ],
  [
    "a port that no server takes",
    `${web()}---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n` +
    "spec: {ports: [{port: 808000}]}\n",
    /^Error: web\.yaml:13:1: Service "web" is invalid: \[spec\.ports\[0\]\.port: /,
  ],
  [
    "more pods than can be simulated",
    web({ replicas: "1000000" }),
    "web.yaml:6:13: spec.replicas: cannot simulate 1000000 pods; use at most 5000",
  ],
];

for (const [what, text, error] of MANIFESTS) {
  Deno.test(`simulate refuses ${what} in one line with its place`, async () => {
    assertRefused(await run(["simulate", "web.yaml"], { files: { "web.yaml": text } }), error);
  });
}

Deno.test("simulate refuses an object that no API server stores", async () => {
  const big = web() + `  note: "${"x".repeat(1_600_000)}"\n`;
  assertRefused(
    await simulateText(big),
    /^Error: web\.yaml:1:1: must not have more than 1572864 bytes, but has 16\d+$/m,
  );
});

Deno.test("simulate refuses annotations that no API server stores", async () => {
  const notes = `annotations: {a: "${"x".repeat(200_000)}", b: "${"x".repeat(70_000)}"}`;
  const text = web().replace("namespace: default", `namespace: default, ${notes}`);
  assertRefused(
    await simulateText(text),
    /^Error: web\.yaml:3:\d+: metadata\.annotations: must not have more than 262144 bytes /,
  );
});

Deno.test("simulate refuses what leaves no room for the annotation of apply, as kubectl does", async () => {
  assertRefused(
    await simulateText(web({ image: `registry/${"x".repeat(300_000)}` })),
    /^Error: web\.yaml:1:1: .*metadata\.annotations: Too long/,
  );
});

const UNSERVED: [what: string, options: WebOptions, error: string | RegExp][] = [
  [
    "trafficRouting by a router without actions",
    { canary: "{trafficRouting: {smi: {rootService: a}}}" },
    "web.yaml:8:36: spec.strategy.canary.trafficRouting.smi is not supported by this version",
  ],
];

for (const [what, options, error] of UNSERVED) {
  Deno.test(`simulate refuses ${what}, which comes later, in one line with its place`, async () => {
    assertRefused(await simulateText(web(options)), error);
  });
}

Deno.test("simulate refuses files without a Rollout", async () => {
  const text = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n";
  assertRefused(await simulateText(text), "no Rollout in web.yaml");
});

Deno.test("simulate refuses a file that is not there", async () => {
  assertRefused(
    await run(["simulate", "web.yaml"]),
    'Cannot read "web.yaml": no such file',
  );
});

Deno.test("standard input is read once: a second use is refused", async () => {
  const refused = await run(["simulate", "-", "-"], { standardInput: web() });
  assertRefused(refused, 'Cannot read "-": standard input can be read only once');
});

const OPTIONS: [options: string[], error: string | RegExp][] = [
  [["--do", "30s: dance web"], /^Error: --do: unknown command "dance"; use one of set image, /],
  [
    ["--do", "30s: terminate web"],
    '--do: "terminate" is incomplete; use terminate analysisrun or terminate experiment',
  ],
  [["--do", "30s:"], /^Error: --do: a command is missing; use one of /],
  [["--do", "30s promote web"], /^Error: --do: "30s promote web" is not of the form "AT: COMMAND"/],
  [["--do", "soon: promote web"], /^Error: --do: invalid duration "soon"; /],
  [["--do", "-5s: promote web"], '--do: invalid duration "-5s": it is negative'],
  [
    ["--do", "25h: promote web"],
    /^Error: "promote web" is to be done at 90000s, but .* at 86400s$/m,
  ],
  [
    ["--until", "10s", "--do", "11s: promote web"],
    '"promote web" is to be done at 11s, but the simulation ends at 10s',
  ],
  [
    ["--script", "a.yaml", "--script", "b.yaml"],
    "--script can be given only once (see sluice simulate --help)",
  ],
  [["--until", "-10s"], '--until: invalid duration "-10s": it is negative'],
  [["--until", "tomorrow"], /^Error: --until: invalid duration "tomorrow"; /],
  [["--until", "10"], /^Error: --until: invalid duration "10"; /],
  [["--until", "0s"], '--until: "0s" is too short; write a duration of more than 0s'],
  [
    ["--do", "30s: promote other"],
    'at 30s "promote other" was refused: rollout "other" not found in namespace "default"',
  ],
  [
    ["--do", "90s: set image web side=registry/web:2"],
    'at 90s "set image web side=registry/web:2" was refused: ' +
    'unable to find container named "side"',
  ],
  [
    ["--do", "1s: set image web web"],
    /^Error: --do: invalid arguments: .*; usage: set image/,
  ],
  [["--do", "1s: scale web many"], /^Error: --do: invalid number of replicas "many"; /],
  [["--do", "1s: scale web 999999999"], "--do: cannot simulate 999999999 pods; use at most 5000"],
  [["--do", "1s: apply other.yaml"], 'Cannot read "other.yaml": no such file'],
  [["--script", "other.yaml"], 'Cannot read "other.yaml": no such file'],
];

for (const [options, error] of OPTIONS) {
  Deno.test(`simulate refuses ${options.join(" ")}`, async () => {
    assertRefused(await simulateText(web(), ...options), error);
  });
}

const SCRIPTS: [what: string, script: string, error: string | RegExp][] = [
  ["nothing", "", "script.yaml:1:1: is empty"],
  ["an object", "at: 1s\ndo: promote web\n", /^Error: script\.yaml:1:1: a script is a list of /],
  ["malformed YAML", "- {at: 1s\n", /^Error: script\.yaml:\d:\d+: is not valid YAML: /],
  ["a cyclic anchor", "- &a [*a]\n", "script.yaml:1:6: contains itself"],
  [
    "two documents",
    "- {at: 1s, do: pause web}\n---\n[]\n",
    "script.yaml:3:1: a script is one document",
  ],
  [
    "an entry that is none",
    "- promote web\n",
    /^Error: script\.yaml:1:3: entry 1: not of the form/,
  ],
  [
    "an unknown field",
    "- {at: 1s, do: pause web}\n- at: 2s\n  then: promote web\n",
    /^Error: script\.yaml:3:9: entry 2: unknown field "then"; use at, /,
  ],
  [
    "an unknown command",
    "- at: 1s\n  do: dance\n",
    /^Error: script\.yaml:2:7: entry 1: unknown command "dance"/,
  ],
  ["no command", "- at: 1s\n", /^Error: script\.yaml:1:3: entry 1: "do" is missing/],
  [
    "no time",
    "- do: pause web\n",
    /^Error: script\.yaml:1:3: entry 1: exactly one of "at" and "when"/,
  ],
  [
    "a wrong time",
    "- {at: noon, do: pause web}\n",
    /^Error: script\.yaml:1:8: entry 1: invalid duration "noon"/,
  ],
  [
    "a wrong condition",
    '- {when: "phase == Happy", do: pause web}\n',
    /^Error: script\.yaml:1:10: entry 1: invalid condition "phase == Happy"; /,
  ],
  [
    "times that go back",
    "- {at: 9s, do: pause web}\n- {at: 8s, do: promote web}\n",
    "script.yaml:2:8: entry 2: its time is before the time of an earlier entry",
  ],
  [
    "a time after the end",
    "- {at: 25h, do: pause web}\n",
    '"pause web" is to be done at 90000s, but the simulation ends at 86400s',
  ],
  [
    "a condition that is never met",
    '- {when: "phase == Paused", do: promote web}\n',
    '"phase == Paused" never became true (web: Healthy at step 2/2 since 1.2s), so "promote web" was not done',
  ],
  [
    "a condition about a Rollout that is not there",
    "- {when: healthy, rollout: wep, do: promote web}\n",
    'rollout "wep" not found, so "promote web" was not done',
  ],
  [
    "a time that passed while another entry waited",
    '- {when: healthy, do: "set image web web=a:2"}\n- {at: 1s, do: promote web}\n',
    '"promote web" was to be done at 1s, but the entry before it was done at 1.2s',
  ],
];

for (const [what, script, error] of SCRIPTS) {
  Deno.test(`simulate refuses a script with ${what}`, async () => {
    const files = { "web.yaml": web(), "script.yaml": script };
    assertRefused(await run(["simulate", "web.yaml", "--script", "script.yaml"], { files }), error);
  });
}

Deno.test("every file is read before anything runs", async () => {
  const files = { "web.yaml": web(), "later.yaml": web({ replicas: "no" }) };
  const refused = await run(["simulate", "web.yaml", "--do", "1h: apply later.yaml"], { files });
  assertRefused(refused, /^Error: later\.yaml:6:13: spec\.replicas: /);
});
