/** The commands that pages show are commands that there are, with flags and files that there are. */
import assert from "node:assert/strict";
import configuration from "../../deno.json" with { type: "json" };
import { run } from "../core/cli/fake_terminal.ts";
import { web } from "../core/cli/web_manifest.ts";

const ROOT = new URL("../../", import.meta.url);

const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/install.md",
  "docs/operations.md",
  "docs/plugins.md",
  "docs/notifications.md",
  "docs/simulate.md",
  "docs/lint.md",
];

/** What stands for files of the reader's own. */
const READERS_FILES = {
  "web.yaml": web(),
  "shop.yaml": web(),
  "deploy/web.yaml": web(),
  "script.yaml": '- { at: 1m, do: "promote web" }\n',
};

/** What the program says of a command line that it cannot read. */
const UNREADABLE = /unknown|incomplete|did you mean|requires|expects|Cannot read "/i;

for (const page of PAGES) {
  Deno.test(`every command of ${page} can be given as it is written`, async () => {
    const text = await Deno.readTextFile(new URL(page, ROOT));
    const commands = [...commandsOf(text), ...inlineCommandsOf(text)];
    assert.ok(commands.length > 0);
    for (const words of commands) assert.equal(await problemOf(words), undefined, words.join(" "));
  });
}

Deno.test("a command that there is not, a wrong flag and a missing file are noticed", async () => {
  const wrong = [
    "sluice promot web",
    "sluice get rollout web --wach",
    "sluice controller --loglevl debug",
    "sluice simulate nothing.yaml",
    "deno task bundel",
    "deno doc sdk/nothing.ts",
    "npm install release/a.tgz",
    "kubectl apply -f docs/examples/nothing.yaml",
  ];
  for (const line of wrong) assert.ok(await problemOf(line.split(" ")), line);
});

/** The commands of fenced blocks, word by word. */
function commandsOf(page: string): string[][] {
  return [...page.matchAll(/^```(?:sh|console)\n([^]*?)^```$/gm)]
    .flatMap(([, block = ""]) => block.replaceAll(/\\\n\s*/g, "").split("\n"))
    .map((line) => line.replace(/(^|\s)# .*/, ""))
    .flatMap((line) => line.split(" | "))
    .map(wordsOf)
    .filter((words) => words.length > 0 && !/^(for|done|\w+=.*)$/.test(words[0] ?? ""))
    // A synopsis.
    .filter((words) => !words.some((word) => word.startsWith("[")));
}

/** Those that stand in a sentence; what has gaps is no command line. */
function inlineCommandsOf(page: string): string[][] {
  return [...page.matchAll(/`((?:sluice|deno task) [^`\n]+)`/g)]
    .map(([, command = ""]) => command)
    .filter((command) => !/[…[]/.test(command))
    .map(wordsOf);
}

function wordsOf(line: string): string[] {
  return [...line.replace(/ >.*/, "").matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)]
    .map(([, single, double, bare]) => single ?? double ?? bare ?? "");
}

/** Why the command cannot be given. */
async function problemOf([program = "", ...args]: readonly string[]): Promise<string | undefined> {
  if (program === "sluice") return await problemOfOurs(args);
  if (program === "deno" && args[0] === "task") {
    const [task = "", ...others] = args.slice(1).filter((word) => word !== "-q");
    if (task === "sluice") return await problemOfOurs(others);
    return Object.hasOwn(configuration.tasks, task) ? undefined : `there is no task ${task}`;
  }
  for (const path of args.filter((word) => /^(docs|sdk|tests|core)\//.test(word))) {
    if (!await exists(path)) return `there is no ${path}`;
  }
  if (program === "npm" && args.some((word) => /^[^./].*\/.*\.tgz$/.test(word))) {
    return "npm looks for such a file on GitHub";
  }
  return undefined;
}

async function problemOfOurs(args: readonly string[]): Promise<string | undefined> {
  // Verbs on a cluster come as far as that they find none, and the controller too.
  const { err } = await run(args, {
    files: { ...READERS_FILES, FILE: web(), ...await filesOf("docs/examples") },
    standardInput: web(),
  });
  return UNREADABLE.test(err) ? err : undefined;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(new URL(path, ROOT)).then(() => true, () => false);
}

/** A folder of the repository, and the folders in it. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}/${name}`;
    if (isDirectory) Object.assign(files, await filesOf(path));
    else files[path] = await Deno.readTextFile(new URL(path, ROOT));
  }
  return files;
}
