/** With which verb the words of a command begin. */

/** The words for a kind, after a verb. */
const KINDS: readonly (readonly string[])[] = [
  ["rollout", "rollouts", "ro"],
  ["experiment", "experiments", "exp"],
  ["analysisrun", "analysisruns", "ar"],
];

/** How many of the words are the name of a verb, and which. */
export interface NamedVerb {
  readonly name: string;
  readonly words: number;
}

/** The verb of a table with which the words begin; a kind may be said in any of its words. */
export function verbIn(
  table: Readonly<Record<string, unknown>>,
  words: readonly string[],
): NamedVerb | undefined {
  const [first = "", second = "", third = ""] = words;
  const kinds = KINDS.find((same) => same.includes(second)) ?? [second];
  // A longer name is meant before one of its first words alone.
  const name = [`${first} ${second} ${third}`, ...kinds.map((kind) => `${first} ${kind}`), first]
    .find((one) => Object.hasOwn(table, one));
  return name === undefined ? undefined : { name, words: name.split(" ").length };
}

/** The names of the verbs that begin with a word and go on: `get` for `get rollout`. */
export function verbGroup(table: Readonly<Record<string, unknown>>, first = ""): string[] {
  return Object.keys(table).filter((name) => name.startsWith(`${first} `));
}
