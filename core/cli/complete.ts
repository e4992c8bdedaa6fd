/** `__complete WORDS...`: what the last word can become; shells and kubectl ask it. */
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { Flag, Flags } from "../command/flags.ts";
import { readFlags } from "../command/flags.ts";
import { CONNECTION_FLAGS } from "./kubeconfig.ts";
import { aboutOf, CLUSTER_VERBS, type Entry, findVerb, VERBS } from "./program_verbs.ts";
import type { Terminal } from "./terminal.ts";

/** What kubectl and shells are told after the candidates. */
const NO_FILES = ":4";
const FILES = ":0";
/** Whoever presses a key waits no longer for a cluster. */
const PATIENCE = "3s";

interface Candidate {
  readonly text: string;
  readonly about?: string | undefined;
}

interface Answer {
  readonly candidates: readonly Candidate[];
  /** The shell may complete file names. */
  readonly areFiles?: boolean;
}

/** Prints the candidates; gives the exit code. */
export async function complete(words: readonly string[], terminal: Terminal): Promise<number> {
  const last = words.at(-1) ?? "";
  const { candidates, areFiles = false } = await answer(words.slice(0, -1), last, terminal)
    // Whoever completes a command line is not helped by an error.
    .catch((): Answer => ({ candidates: [] }));
  const fitting = candidates.filter(({ text }) => text.startsWith(last));
  const lines = fitting.map(({ text, about }) => about ? `${text}\t${about}` : text);
  terminal.out([...lines, areFiles ? FILES : NO_FILES].map((line) => `${line}\n`).join(""));
  return 0;
}

async function answer(
  before: readonly string[],
  last: string,
  terminal: Terminal,
): Promise<Answer> {
  const plain = namesOf(before, CONNECTION_FLAGS);
  const verb = findVerb(plain);
  const entry = verb === undefined ? undefined : VERBS[verb.name];
  const known = entry === undefined ? CONNECTION_FLAGS : (await entry.load()).flags as Flags;
  const open = openFlag(before.at(-1), known);
  if (open !== undefined) return await valuesOf(open, { before, terminal });
  if (last.startsWith("-")) return { candidates: flagCandidates(known) };
  if (verb === undefined || isGroup(plain)) {
    const further = await verbCandidates(plain);
    if (further.length > 0 || verb === undefined) return { candidates: further };
  }
  const names = namesOf(before, known).slice(verb.words);
  const type = await subjectOf(verb.name);
  if (type === undefined) return { candidates: [], areFiles: !(verb.name in CLUSTER_VERBS) };
  // Only some verbs take several names, and no name is wanted twice.
  const isFull = names.length > 0 && !/\.\.\./.test((await (entry as Entry).load()).usage);
  if (isFull) return { candidates: [] };
  const found = await objectNames(type, { before, terminal });
  return { candidates: found.filter((text) => !names.includes(text)).map((text) => ({ text })) };
}

/** The words that are neither flags nor values of flags. */
function namesOf(words: readonly string[], known: Flags): string[] {
  const names: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (openFlag(word, known) !== undefined) index++;
    else if (!word.startsWith("-")) names.push(word);
  }
  return names;
}

/** The flag whose value is still to come. */
function openFlag(word: string | undefined, known: Flags): [string, Flag] | undefined {
  const [, long, short] = /^(?:--([^=]+)|-([^-=]))$/.exec(word ?? "") ?? [];
  const found = Object.entries(known)
    .find(([name, flag]) => name === long || (short !== undefined && flag.short === short));
  return found?.[1].value === undefined ? undefined : found;
}

async function valuesOf([name, flag]: [string, Flag], asked: Asked): Promise<Answer> {
  if (flag.choices !== undefined) return { candidates: flag.choices.map((text) => ({ text })) };
  if (name === "namespace") {
    const { NAMESPACES } = await import("../api/names/resources.ts");
    return { candidates: (await objectNames(NAMESPACES, asked)).map((text) => ({ text })) };
  }
  return { candidates: [], areFiles: flag.value === "FILE" };
}

function flagCandidates(known: Flags): Candidate[] {
  return Object.entries({ ...known, help: { about: "Show this help" } as Flag })
    .filter(([, { about }]) => about !== undefined)
    .map(([name, { about }]) => ({ text: `--${name}`, about }));
}

/** True where a second word may belong to the name of a verb. */
function isGroup([first = "", ...more]: readonly string[]): boolean {
  return more.length === 0 && Object.keys(VERBS).some((name) => name.startsWith(`${first} `));
}

async function verbCandidates([first, ...more]: readonly string[]): Promise<Candidate[]> {
  if (more.length > 0) return [];
  const candidates = new Map<string, Candidate>();
  for (const [name, entry] of Object.entries(VERBS)) {
    const [head = "", second] = name.split(" ");
    const text = first === undefined ? head : head === first ? second : undefined;
    if (text === undefined) continue;
    const isWhole = first !== undefined || second === undefined;
    const about = isWhole ? await aboutOf(entry) : undefined;
    candidates.set(text, { text, about: about ?? candidates.get(text)?.about });
  }
  // `retry rollout` is `retry`.
  if (first === "retry") candidates.set("rollout", { text: "rollout" });
  return [...candidates.values()].sort((one, other) => one.text < other.text ? -1 : 1);
}

/** The kind whose names a verb takes. */
async function subjectOf(verb: string): Promise<ResourceType | undefined> {
  if (!(verb in CLUSTER_VERBS) || /^(create|list)/.test(verb)) return undefined;
  const { ANALYSIS_RUNS, EXPERIMENTS, ROLLOUTS } = await import("../api/names/resources.ts");
  if (verb.endsWith("experiment")) return EXPERIMENTS;
  return verb.endsWith("analysisrun") ? ANALYSIS_RUNS : ROLLOUTS;
}

/** What was written so far, on which machine. */
interface Asked {
  readonly before: readonly string[];
  readonly terminal: Terminal;
}

async function objectNames(type: ResourceType, { before, terminal }: Asked): Promise<string[]> {
  const { onCluster } = await import("./cluster_session.ts");
  const { flags } = readFlags(connectionWords(before), CONNECTION_FLAGS);
  return await onCluster(terminal, { ...flags, "request-timeout": PATIENCE }, async (session) => {
    const { cluster, namespace } = session;
    const { items } = await cluster.list(type, type.namespaced ? { namespace } : {});
    return items.map(({ metadata }) => metadata.name);
  });
}

/** The connection flags among the words, with their values. */
function connectionWords(words: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (openFlag(word, CONNECTION_FLAGS) !== undefined) {
      const value = words[index + 1];
      return value === undefined ? [] : [word, value];
    }
    const [, long, short] = /^(?:--([^=]+)=|-([^-]))/s.exec(word) ?? [];
    const isOne = Object.entries(CONNECTION_FLAGS as Flags)
      .some(([name, flag]) => name === long || (short !== undefined && flag.short === short));
    return isOne ? [word] : [];
  });
}
