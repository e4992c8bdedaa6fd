/** Commands as people write them: `set image web web=registry/web:2`, `promote web --full`. */
import { nearest } from "../api/values/nearest.ts";
import {
  type AnyVerb,
  CommandLineError,
  type Flags,
  readFlags,
  takeLeadingFlags,
  verbGroup,
  verbIn,
  type Words,
} from "../command/mod.ts";
import type { Command, Fault } from "./command.ts";
import { FAULT_VERBS } from "./fault_verbs.ts";
import { asScriptError, ScriptError } from "./script_error.ts";
import type { ScriptContext } from "./script_context.ts";
import { USER_VERBS } from "./user_verbs.ts";

const VERBS: Readonly<Record<string, AnyVerb<never>>> = Object.freeze({
  ...USER_VERBS,
  ...FAULT_VERBS,
});

/** How each command is written. */
export const COMMAND_USAGE: readonly string[] = Object.freeze(
  Object.values(VERBS).map(({ usage }) => usage),
);

/** What may be said of each command of a user. */
const NAMESPACE = { namespace: { short: "n", value: "NAMESPACE" } } as const satisfies Flags;

/** The programs that carry such commands out, word by word: a line may begin with one of them. */
const PROGRAM_WORDS: Readonly<Record<string, readonly string[]>> = {
  "": ["kubectl", "kubectl-argo-rollouts", "kubectl-sluice", "sluice"],
  kubectl: ["argo", "sluice"],
  argo: ["rollouts"],
};

/** True for what happens to the world, false for what a user does. */
export function isFault(command: Command): command is Fault {
  return Object.hasOwn(FAULT_VERBS, command.verb);
}

/** @throws {ScriptError} for anything that is no command. */
export function parseCommand(text: string): Command {
  const words = splitWords(text);
  const leading = takeProgram(words);
  const found = verbIn(VERBS, words);
  const verb = found === undefined ? undefined : VERBS[found.name];
  if (found === undefined || verb === undefined) throw unknownCommand(words[0]);
  const { name } = found;
  const isUsers = Object.hasOwn(USER_VERBS, name);
  const rest = [...leading, ...words.slice(found.words)];
  const command = asScriptError(() => {
    const { names, flags } = readKnown(rest, verb, isUsers ? NAMESPACE : {});
    const given = verb.read(names, flags);
    const { namespace } = flags;
    return given === undefined || namespace === undefined ? given : { ...given, namespace };
  });
  if (command !== undefined) return { verb: name, ...command } as Command;
  throw new ScriptError(`invalid arguments: "${text.trim()}"; usage: ${verb.usage}`);
}

/** Carries a command out, as its verb says; gives what the command line prints. */
export function carryOut(context: ScriptContext, command: Command): Promise<string> {
  return (VERBS[command.verb] as AnyVerb<ScriptContext>).carryOut(context, command);
}

function readKnown(
  words: readonly string[],
  { flags, usage }: AnyVerb<never>,
  common: Flags,
): Words<{ namespace: { value: string } }> {
  try {
    return readFlags(words, { ...flags, ...common });
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    throw new CommandLineError(`${error.message}; usage: ${usage}`);
  }
}

/** Takes the words off that name the program, with the flags between them, which it gives. */
function takeProgram(words: string[]): string[] {
  const leading = takeLeadingFlags(words, NAMESPACE);
  let expected = PROGRAM_WORDS[""];
  for (let [word] = words; word !== undefined && expected?.includes(word); [word] = words) {
    words.shift();
    leading.push(...takeLeadingFlags(words, NAMESPACE));
    expected = PROGRAM_WORDS[word];
  }
  return leading;
}

function unknownCommand(name = ""): ScriptError {
  const names = Object.keys(VERBS);
  if (name === "") return new ScriptError(`a command is missing; use one of ${names.join(", ")}`);
  const group = verbGroup(VERBS, name);
  if (group.length > 0) {
    return new ScriptError(`"${name}" is incomplete; use ${group.join(" or ")}`);
  }
  const meant = nearest(name, names);
  return new ScriptError(
    `unknown command "${name}"; ` +
      (meant === undefined ? `use one of ${names.join(", ")}` : `did you mean "${meant}"?`),
  );
}

/** Words by blanks; quotes hold blanks together. */
function splitWords(text: string): string[] {
  const words = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
}
