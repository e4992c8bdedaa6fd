/** What goes wrong between a user and a cluster is one line and exit code 1, with every verb. */
import assert from "node:assert/strict";
import { CLUSTER_VERBS } from "../../../core/cli/program_verbs.ts";
import { refusal } from "../cluster/kube/fake_server.ts";
import { PRINTED } from "./every_verb.ts";
import { type Held, heldRollout, VerbServer } from "./verb_server.ts";
import { web } from "./web_manifest.ts";
import type { Machine } from "./fake_terminal.ts";

const COMMAND_LINES = [...PRINTED.map(([args]) => args), ["explain", "web"]];
const FILES = { "web.yaml": web({ namespace: "shop" }) };
/** Those that end well without an object: an empty list, and what is made anew. */
const NEEDS_NO_OBJECT = /^(list|create) /;

function contextText(clusters: unknown, user: unknown): string {
  return JSON.stringify({
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "b", user: "c" } }],
    clusters,
    users: [{ name: "c", user }],
  });
}

interface Mistake {
  readonly name: string;
  /** Added to the command line; `SERVER` is the address of the server. */
  readonly args?: readonly string[];
  readonly environment?: Machine["environment"];
  /** What stands in the kubeconfig, in place of what leads to the server. */
  readonly kubeconfig?: string;
  /** What the server answers to everything. */
  readonly answer?: Response;
  readonly held?: Held;
  /** The command lines that it is about; all. */
  readonly about?: (line: string) => boolean;
  readonly says: RegExp;
}

const MISTAKES: readonly Mistake[] = [
  {
    name: "a server that nobody reaches",
    args: ["--server=https://127.0.0.1:1"],
    says: /^Cannot reach the cluster at https:\/\/127.0.0.1:1: it does not answer: .*; check the /,
  },
  {
    name: "a host that there is not",
    args: ["--server=https://nowhere.invalid"],
    says: /^Cannot reach the cluster at https:\/\/nowhere.invalid: it does not answer: /,
  },
  {
    name: "a token that is not accepted any more",
    answer: refusal(401, "Unauthorized"),
    says: /^The cluster at \S+ does not accept your credentials: log in again \(a token may /,
  },
  {
    name: "what one may not do",
    answer: refusal(403, "Forbidden"),
    says: /^told: Forbidden$/,
  },
  {
    name: "a cluster without the kinds",
    answer: new Response("404 page not found\n", { status: 404 }),
    says: /^The cluster at \S+ does not know the kinds of Argo Rollouts: install them \(sluice man/,
  },
  {
    name: "a server that answers with something else than JSON",
    answer: new Response("<html>Sign in</html>", { headers: { "Content-Type": "text/html" } }),
    says: /the answer is not a JSON object/,
  },
  {
    name: "a context that there is not",
    args: ["--context=prod"],
    says: /^Cannot use kubeconfig "\S+": it has no context "prod", only "test", "other"$/,
  },
  {
    name: "a kubeconfig that is missing",
    args: ["--kubeconfig=/none/config"],
    says: /^Cannot read kubeconfig "\/none\/config": there is no file "\/none\/config"$/,
  },
  {
    name: "a kubeconfig that is a folder",
    args: ["--kubeconfig=/"],
    says: /^Cannot read kubeconfig "\/": "\/" is a folder$/,
  },
  {
    name: "a kubeconfig that is cut off",
    kubeconfig: '{"clusters": [',
    says: /^Cannot read kubeconfig "\S+": it is not YAML: .* at line 1, column 15$/,
  },
  {
    name: "a kubeconfig that is something else",
    kubeconfig: "- web\n",
    says:
      /^Cannot read kubeconfig "\S+": it is no kubeconfig: that has clusters, users and contexts$/,
  },
  {
    name: "a kubeconfig that says nothing",
    kubeconfig: "",
    says: /^Cannot use kubeconfig "\S+": it has no current-context, and none was asked for$/,
  },
  {
    name: "a kubeconfig that lacks its cluster",
    kubeconfig: contextText([], {}),
    says: /^Cannot use kubeconfig "\S+": context "a" names cluster "b", which it does not have$/,
  },
  {
    name: "a kubeconfig whose server is no URL",
    kubeconfig: contextText([{ name: "b", cluster: { server: "here" } }], {}),
    says:
      /^Cannot use kubeconfig "\S+": the server "here" of cluster "b" is not a URL that starts /,
  },
  {
    name: "a kubeconfig whose exec plug-in is not installed",
    kubeconfig: contextText([{ name: "b", cluster: { server: "https://127.0.0.1:1" } }], {
      exec: { command: "nowhere-plugin", apiVersion: "client.authentication.k8s.io/v1" },
    }),
    says: /^Cannot use .*: its exec plug-in "nowhere-plugin" failed: there is no such program$/,
  },
  {
    name: "no kubeconfig at all",
    environment: { KUBECONFIG: "", HOME: "/none" },
    says:
      /^Cannot find a cluster: there is no file "\/none\/.kube\/config"; use --kubeconfig or set/,
  },
  {
    name: "a name that nothing has, but for a slip",
    held: heldRollout("wbe"),
    about: (line) => / web\b/.test(line) && !NEEDS_NO_OBJECT.test(line),
    says: /^rollout "web" not found in namespace "shop"; did you mean "wbe"\?$/,
  },
  {
    name: "a namespace that there is not",
    args: ["-n", "nowhere"],
    held: heldRollout("web"),
    about: (line) => / web\b/.test(line) && !NEEDS_NO_OBJECT.test(line),
    says: /^rollout "web" not found in namespace "nowhere"; there is one in namespace "shop" \(-n /,
  },
  {
    name: "a slip in a flag",
    args: ["--namspace=a"],
    says: /^unknown flag --namspace; did you mean --namespace\? \(see sluice .* --help\)$/,
  },
  {
    name: "a flag without its value",
    args: ["--context"],
    says: /^flag --context needs a value \(see sluice .* --help\)$/,
  },
  {
    name: "a form of output that there is not",
    args: ["-o", "xml"],
    says:
      /^invalid value "xml" for -o; use one of text, json, yaml, name \(see sluice .* --help\)$/,
  },
];

for (const { name, args = [], answer, held = {}, about, says, ...machine } of MISTAKES) {
  Deno.test(`a mistake is one line and exit code 1, with every verb: ${name}`, async () => {
    await using server = new VerbServer(held, { answer, kubeconfig: machine.kubeconfig });
    const lines = COMMAND_LINES.filter((words) => about?.(words.join(" ")) ?? true);
    assert.ok(lines.length > 8);
    const told = new Map<string, string>();
    for (const words of lines) {
      const { code, out, err } = await server.run([...words, ...args], {
        files: FILES,
        environment: machine.environment ?? {},
      });
      const [, sentence] = /^Error: (.*)\n$/.exec(err) ?? [];
      const isRight = code === 1 && out === "" && sentence !== undefined && says.test(sentence);
      if (!isRight) told.set(words.join(" "), `${code} ${out} ${err}`);
    }
    assert.deepEqual(told, new Map());
  });
}

Deno.test("mistakes are tried with every verb on a cluster", () => {
  const tried = COMMAND_LINES.map(([first = "", second = ""]) =>
    `${first} ${second}` in CLUSTER_VERBS ? `${first} ${second}` : first
  );
  assert.deepEqual([...new Set(tried)].sort(), Object.keys(CLUSTER_VERBS).sort());
});

for (const verb of Object.keys(CLUSTER_VERBS)) {
  Deno.test(`a slip in the name of ${verb} is told, with what was meant`, async () => {
    await using server = new VerbServer();
    const [first = "", ...rest] = verb.split(" ");
    const slip = `${first.slice(0, -2)}${first.at(-1)}${first.at(-2)}`;
    const { code, out, err } = await server.run([slip, ...rest, "web"]);
    assert.deepEqual([code, out], [1, ""]);
    const hint = `did you mean "${first}"?`;
    assert.equal(err, `Error: unknown command "${slip}"; ${hint} (see sluice --help)\n`);
  });
}
