import assert from "node:assert/strict";
import { heldRollout, VerbServer } from "./verb_server.ts";
import { run } from "./fake_terminal.ts";
import { inFolder, MAIN } from "./process.ts";

/** What the last word can become: these among the candidates, those not. */
const CASES: [words: string[], has: string[], hasNot: string[], last: string][] = [
  [[""], ["get", "promote", "set", "simulate", "version"], ["image", "rollout"], ":4"],
  [["pro"], ["promote"], ["get"], ":4"],
  [["get", ""], ["rollout", "experiment"], ["web"], ":4"],
  [["get", "rollout", ""], ["web", "api"], ["get"], ":4"],
  [["-n", "shop", "get", "ro", "w"], ["web"], ["api"], ":4"],
  [["get", "rollout", "-n", "shop", "web", ""], [], ["api"], ":4"],
  [["abort", "web", ""], ["api"], ["web"], ":4"],
  [["retry", ""], ["rollout", "experiment"], [], ":4"],
  [["promote", "--"], ["--full", "--namespace", "--help"], ["--cache-dir"], ":4"],
  [["get", "rollout", "web", "-o", ""], ["json", "yaml", "name"], ["web"], ":4"],
  [["get", "rollout", "-n", ""], ["shop"], [], ":4"],
  [["lint", ""], [], [], ":0"],
  [["controller", "--kubeconfig", ""], [], [], ":0"],
  [["dance", ""], [], ["get"], ":4"],
];
for (const [words, has, hasNot, last] of CASES) {
  Deno.test(`completing ${JSON.stringify(words)} gives ${has.join(" ") || last}`, async () => {
    await using server = new VerbServer({
      ...heldRollout("web"),
      ...heldRollout("api"),
      "/api/v1/namespaces": { items: [{ metadata: { name: "shop" } }], metadata: {} },
    });
    const { code, out, err } = await server.run(["__complete", ...words]);
    assert.deepEqual([code, err], [0, ""]);
    const lines = out.trimEnd().split("\n").map((line) => line.split("\t")[0]);
    assert.equal(lines.pop(), last);
    for (const one of has) assert.ok(lines.includes(one), `${one} in ${lines}`);
    for (const one of hasNot) assert.ok(!lines.includes(one), `no ${one} in ${lines}`);
  });
}

Deno.test("completing names of a cluster that does not answer gives none, and no error", async () => {
  const words = ["__complete", "get", "rollout", "--server=http://127.0.0.1:65533", ""];
  assert.deepEqual(await run(words), { code: 0, out: ":4\n", err: "" });
});

for (const calledAs of ["sluice", "kubectl argo rollouts"] as const) {
  for (const shell of ["bash", "zsh", "fish", "powershell"]) {
    Deno.test(`completion ${shell} names ${calledAs} as it is in the search path`, async () => {
      const { code, out } = await run(["completion", shell], { calledAs });
      assert.equal(code, 0);
      assert.match(out, new RegExp(`${calledAs.replaceAll(" ", "-")} __complete `));
      assert.doesNotMatch(out, /PROGRAM|FUNCTION/);
    });
  }
}

Deno.test("completion of another shell is one sentence", async () => {
  const { code, err } = await run(["completion", "csh"]);
  assert.equal(code, 1);
  assert.equal(
    err,
    "Error: name one shell: bash, zsh, fish, powershell (see sluice completion --help)\n",
  );
});

Deno.test("bash completes with what the program says, and file names where it says so", async () => {
  const { out: script } = await run(["completion", "bash"]);
  const program = `#!/bin/bash
printf '%s|' "$@" >> "$0.words"
case "$2" in ge*) printf 'get\\tShow a rollout\\n:4\\n';; *) printf ':0\\n';; esac
`;
  await inFolder({ "completion.bash": script, sluice: program }, async (folder) => {
    await Deno.chmod(`${folder}/sluice`, 0o755);
    const test = `PATH="${folder}:$PATH"; source "${folder}/completion.bash"
COMP_WORDS=(sluice ge); COMP_CWORD=1; __sluice_complete; printf '%s\\n' "\${COMPREPLY[@]}"
COMP_WORDS=(sluice lint ""); COMP_CWORD=2; __sluice_complete; echo "\${#COMPREPLY[@]}"
complete -p sluice`;
    const { stdout } = await new Deno.Command("bash", { args: ["-c", test] }).output();
    assert.equal(
      new TextDecoder().decode(stdout),
      "get\n0\ncomplete -F __sluice_complete sluice\n",
    );
    const words = await Deno.readTextFile(`${folder}/sluice.words`);
    assert.equal(words, "__complete|ge|__complete|lint||");
  });
});

Deno.test("called kubectl_complete-argo-rollouts, the program completes", async () => {
  const script = `exec -a kubectl_complete-argo-rollouts "$0" run --quiet ` +
    `--allow-read --allow-env ${MAIN} prom`;
  const { stdout } = await new Deno.Command("bash", { args: ["-c", script, Deno.execPath()] })
    .output();
  assert.equal(
    new TextDecoder().decode(stdout),
    "promote\tEnd a pause and go on with the update\n:4\n",
  );
});

Deno.test("version says which program this is, and --short no more than the version", async () => {
  const { out } = await run(["version"]);
  assert.match(out, /^sluice: v\d+\.\d+\.\d+\n {2}Platform: linux\/x86_64\n {2}Runtime: deno /);
  const { out: short } = await run(["version", "--short"], { calledAs: "kubectl argo rollouts" });
  assert.match(short, /^kubectl-argo-rollouts: v\d+\.\d+\.\d+\n$/);
});
