/** Commands as people write them: `set image web web=registry/web:2`, `promote web --full`. */
import { parseGoDuration } from "../api/durations.ts";
import { REPLICAS_MAX } from "./limits.ts";
import { ScriptError } from "./script_error.ts";

/** One thing that a user or the world does. */
export type Command =
  | { readonly verb: "set image"; rollout: string; container: string; image: string }
  | { readonly verb: "promote"; rollout: string; isFull: boolean }
  | { readonly verb: "pause"; rollout: string }
  | { readonly verb: "scale"; rollout: string; replicas: number }
  | { readonly verb: "apply"; file: string }
  | { readonly verb: "fail-image"; image: string }
  | { readonly verb: "pod-start"; delayMs: number };

/** How each command is written. */
export const COMMAND_USAGE: readonly string[] = Object.freeze([
  "set image ROLLOUT CONTAINER=IMAGE",
  "promote ROLLOUT [--full]",
  "pause ROLLOUT",
  "scale ROLLOUT N",
  "apply FILE",
  "fail-image IMAGE",
  "pod-start DURATION",
]);

/** Known to the command line of Argo Rollouts, not served by this version. */
const LATER = ["abort", "retry", "undo", "restart", "terminate", "delete", "delete-pod", "create"];

/** @throws {ScriptError} for anything that is no command. */
export function parseCommand(text: string): Command {
  const words = splitWords(text);
  const [verb = "", ...rest] = words;
  const isSetImage = verb === "set" && rest[0] === "image";
  const name = isSetImage ? "set image" : verb;
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (read === undefined) throw unknownCommand(text, verb);
  const command = read(isSetImage ? rest.slice(1) : rest);
  if (command === undefined) {
    const usage = COMMAND_USAGE.find((line) => line.startsWith(name)) ?? name;
    throw new ScriptError(`"${text}" is not how the command is written: ${usage}`);
  }
  return command;
}

function unknownCommand(text: string, verb: string): ScriptError {
  if (LATER.includes(verb)) {
    return new ScriptError(`"${text}": ${verb} is not served by this version`);
  }
  const verbs = COMMAND_USAGE.map((line) => line.split(/ [A-Z]/)[0]).join(", ");
  return new ScriptError(
    text.trim() === ""
      ? `a command is missing: one of ${verbs}`
      : `"${text}" is no command: one of ${verbs}`,
  );
}

type Reader = (words: readonly string[]) => Command | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  "set image": ([rollout, assignment, ...more]) => {
    const parts = assignment?.split("=") ?? [];
    const [container, image] = parts;
    if (!rollout || parts.length !== 2 || !container || !image || more.length > 0) return undefined;
    return { verb: "set image", rollout, container, image };
  },
  promote: (words) => {
    const names = words.filter((word) => word !== "--full");
    const [rollout, ...more] = names;
    if (!isName(rollout) || more.length > 0) return undefined;
    return { verb: "promote", rollout, isFull: names.length < words.length };
  },
  pause: ([rollout, ...more]) =>
    isName(rollout) && more.length === 0 ? { verb: "pause", rollout } : undefined,
  scale: ([rollout, count, ...more]) => {
    if (!isName(rollout) || count === undefined || more.length > 0) return undefined;
    if (!/^\d{1,9}$/.test(count)) {
      throw new ScriptError(`"${count}" is no number of replicas: a whole number, 0 or more`);
    }
    const replicas = Number(count);
    if (replicas > REPLICAS_MAX) {
      throw new ScriptError(`cannot simulate ${count} pods: at most ${REPLICAS_MAX}`);
    }
    return { verb: "scale", rollout, replicas };
  },
  apply: ([file, ...more]) =>
    file !== undefined && more.length === 0 ? { verb: "apply", file } : undefined,
  "fail-image": ([image, ...more]) =>
    image !== undefined && more.length === 0 ? { verb: "fail-image", image } : undefined,
  "pod-start": ([duration, ...more]) => {
    if (duration === undefined || more.length > 0) return undefined;
    return { verb: "pod-start", delayMs: parseDurationMs(duration) };
  },
};

function isName(word: string | undefined): word is string {
  return word !== undefined && word !== "" && !word.startsWith("-");
}

/** Whole milliseconds of `90s`, `1h30m`, `500ms`. @throws {ScriptError} */
export function parseDurationMs(text: string): number {
  const ms = parseGoDuration(text);
  if (ms === undefined) {
    throw new ScriptError(`"${text}" is no duration: write for example 90s, 1h30m or 500ms`);
  }
  if (ms < 0) throw new ScriptError(`"${text}" is negative: time only goes on`);
  // Clocks count milliseconds: a part of one would come back as noise in every time.
  return Math.round(ms);
}

/** Words by blanks; quotes hold blanks together. */
function splitWords(text: string): string[] {
  const words = text.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
}
