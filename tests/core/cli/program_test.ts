import assert from "node:assert/strict";
import { VERBS } from "../../../core/cli/program_verbs.ts";
import { run } from "./fake_terminal.ts";
import { web } from "./web_manifest.ts";

const VERB_NAMES = Object.keys(VERBS);
const EXIT = /^Exit codes: 0 /m;

for (const args of [["--help"], ["-h"], ["help"], ["--help", "simulate"]]) {
  Deno.test(`sluice ${args.join(" ")} ends with 0 on standard output`, async () => {
    const { code, out, err } = await run(args);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^Usage: sluice /);
  });
}

Deno.test("the help of the program names every verb; without a verb it is an error", async () => {
  const { out } = await run(["--help"]);
  for (const verb of VERB_NAMES) assert.match(out, new RegExp(`^  ${verb} +[A-Z]`, "m"));
  const nothing = await run([]);
  assert.deepEqual([nothing.code, nothing.out, nothing.err], [1, "", out]);
});

for (const verb of VERB_NAMES) {
  Deno.test(`help ${verb}, ${verb} --help and ${verb} -h say the same, in 100 columns and in 60`, async () => {
    const { code, out, err } = await run(["help", ...verb.split(" ")]);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, new RegExp(`^Usage: sluice ${verb}`));
    for (
      const part of [/^Flags:$/m, /^Examples:$/m, /^ {2}-h, --help {2,}Show this help$/m, EXIT]
    ) {
      assert.match(out, part);
    }
    assert.equal((await run([...verb.split(" "), "--help"])).out, out);
    assert.equal((await run([...verb.split(" "), "web.yaml", "-h"])).out, out);
    for (const line of out.split("\n")) assert.ok([...line].length <= 100, line);
    const { out: narrow } = await run(["help", ...verb.split(" ")], {
      screen: { columns: 60, rows: 24 },
    });
    const flags = narrow.slice(narrow.indexOf("Flags:"), narrow.indexOf("Examples:"));
    for (const line of flags.split("\n")) assert.ok([...line].length <= 60, line);
  });
}

for (const calledAs of ["kubectl argo rollouts", "kubectl sluice"] as const) {
  Deno.test(`called as ${calledAs}, help and errors say so`, async () => {
    const { out } = await run(["promote", "--help"], { calledAs });
    assert.match(out, new RegExp(`^Usage: ${calledAs} promote ROLLOUT `));
    assert.match(out, new RegExp(`\n  ${calledAs} promote web --full\n`));
    assert.match(
      (await run(["help"], { calledAs })).out,
      new RegExp(`^Usage: ${calledAs} COMMAND`),
    );
    const { err } = await run(["promot"], { calledAs });
    assert.equal(
      err,
      `Error: unknown command "promot"; did you mean "promote"? (see ${calledAs} --help)\n`,
    );
  });
}

Deno.test("--version tells the version", async () => {
  const { code, out } = await run(["--version"]);
  assert.equal(code, 0);
  assert.match(out, /^sluice \d+\.\d+\.\d+\n$/);
});

for (const args of [["get", "--help"], ["get", "-h"], ["help", "get"]]) {
  Deno.test(`${args.join(" ")} tells the commands that begin so`, async () => {
    const { code, out } = await run(args);
    assert.equal(code, 0);
    assert.match(out, /^ {2}get rollout +Show a rollout/m);
    assert.match(out, /^ {2}get experiment +Show an experiment/m);
    assert.doesNotMatch(out, /simulate {2}|list rollouts/);
  });
}

/** What is wrong about the command line itself ends with 1, and with 2 where 1 means a finding. */
const WRONG: [args: string[], code: number, error: string][] = [
  [["dance"], 1, 'unknown command "dance" (see sluice --help)'],
  [["help", "dance"], 1, 'unknown command "dance" (see sluice --help)'],
  [["simulat"], 1, 'unknown command "simulat"; did you mean "simulate"? (see sluice --help)'],
  [["Lint"], 1, 'unknown command "Lint"; did you mean "lint"? (see sluice --help)'],
  [["promot", "web"], 1, 'unknown command "promot"; did you mean "promote"? (see sluice --help)'],
  ...["dashboard"].map((verb): [string[], number, string] => [
    [verb, "--help"],
    1,
    `"${verb}" is not supported by this version; use the one of Argo Rollouts' own command line, ` +
    "which works with Sluice (see sluice --help)",
  ]),
  [
    ["terminate", "web"],
    1,
    '"terminate" is incomplete; use terminate analysisrun or terminate experiment (see sluice --help)',
  ],
  [
    ["analysis"],
    1,
    '"analysis" is incomplete; use analysis eval or analysis test (see sluice --help)',
  ],
  [
    ["analysis", "eval"],
    2,
    "one expression is needed; put it in quotes (see sluice analysis eval --help)",
  ],
  [["--dance"], 1, "unknown flag --dance (see sluice --help)"],
  [["--halp"], 1, "unknown flag --halp; did you mean --help? (see sluice --help)"],
  [["-x", "simulate"], 1, "unknown flag -x (see sluice --help)"],
  [
    ["controller", "--namspace=a"],
    1,
    "unknown flag --namspace; did you mean --namespace? (see sluice controller --help)",
  ],
  [["controller", "web"], 1, 'unexpected argument "web" (see sluice controller --help)'],
  [
    ["controller", "--log-level=loud"],
    1,
    'invalid value "loud" for --log-level; use one of debug, info, warning, error (see sluice controller --help)',
  ],
  [["demo", "02"], 1, 'unexpected argument "02" (see sluice demo --help)'],
  [["manifests", "--crds", "a"], 1, 'unexpected argument "a" (see sluice manifests --help)'],
  [
    ["simulate"],
    2,
    "no file is named; usage: sluice simulate FILE... (see sluice simulate --help)",
  ],
  [["simulate", "web.yaml", "--dance"], 2, "unknown flag --dance (see sluice simulate --help)"],
  [
    ["simulate", "web.yaml", "-o", "xml"],
    2,
    'invalid value "xml" for -o; use one of text, json, yaml, html (see sluice simulate --help)',
  ],
  [
    ["simulate", "web.yaml", "--seed", "x"],
    2,
    'invalid seed "x"; write a whole number, 0 or more (see sluice simulate --help)',
  ],
  [
    ["simulate", "web.yaml", "--until"],
    2,
    "flag --until needs a value (see sluice simulate --help)",
  ],
  [
    ["lint", "web.yaml", "--stirct"],
    2,
    "unknown flag --stirct; did you mean --strict? (see sluice lint --help)",
  ],
];

for (const [args, expected, error] of WRONG) {
  Deno.test(`a wrong command line is one sentence and ${expected}: sluice ${args.join(" ")}`, async () => {
    const { code, out, err } = await run(args, { files: { "web.yaml": web() } });
    assert.equal(err, `Error: ${error}\n`);
    assert.deepEqual([code, out], [expected, ""]);
  });
}
