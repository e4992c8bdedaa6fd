/** Commands as people write them: `set image web web=registry/web:2`, `promote web --full`. */
import type { Command } from "./command.ts";
import { FAULT_VERBS } from "./fault_verbs.ts";
import { ScriptError } from "./script_error.ts";
import { USER_VERBS } from "./user_verbs.ts";
import type { Verb } from "./verb.ts";

const VERBS: Readonly<Record<string, Verb>> = Object.freeze({ ...USER_VERBS, ...FAULT_VERBS });

/** How each command is written. */
export const COMMAND_USAGE: readonly string[] = Object.freeze(
  Object.values(VERBS).map(({ usage }) => usage),
);

/** Known to the command line of Argo Rollouts, not served by this version. */
const LATER: readonly RegExp[] = [
  /^terminate( analysisrun| ar| experiment| exp)?\b/,
  /^retry (experiment|experiments|exp)(?= )/,
  /^create\b/,
];

/** @throws {ScriptError} for anything that is no command. */
export function parseCommand(text: string): Command {
  const words = splitWords(text);
  const name = words[0] === "set" && words[1] === "image" ? "set image" : words[0] ?? "";
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  const later = LATER.map((pattern) => pattern.exec(words.join(" "))?.[0])
    .find((found) => found !== undefined);
  if (later !== undefined) {
    throw new ScriptError(`"${text}": ${later} is not served by this version`);
  }
  if (verb === undefined) throw unknownCommand(text);
  const command = verb.read(words.slice(name.split(" ").length));
  if (command !== undefined) return command;
  throw new ScriptError(`"${text}" is not how the command is written: ${verb.usage}`);
}

function unknownCommand(text: string): ScriptError {
  const verbs = Object.keys(VERBS).join(", ");
  return new ScriptError(
    text.trim() === ""
      ? `a command is missing: one of ${verbs}`
      : `"${text}" is no command: one of ${verbs}`,
  );
}

/** Words by blanks; quotes hold blanks together. */
function splitWords(text: string): string[] {
  const words = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
}
