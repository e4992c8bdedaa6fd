/** The verbs of users: those of Argo Rollouts' command line, and a few of kubectl's. */
import { findTypeByName } from "../api/names/resources.ts";
import type { Cascade, PodChoice, UserCommand } from "./command.ts";
import { REPLICAS_MAX } from "./limits.ts";
import { ScriptError } from "./script_error.ts";
import {
  argumentsOf,
  nameAndFlags,
  onlyName,
  parseCount,
  parseDurationMs,
  type Verb,
} from "./verb.ts";

/** Verbs by their names. */
export const USER_VERBS: Readonly<Record<string, Verb<UserCommand>>> = {
  "set image": {
    usage: "set image ROLLOUT CONTAINER=IMAGE",
    read(words) {
      const [rollout, assignment, ...more] = argumentsOf(words)?.names ?? [];
      const parts = assignment?.split("=") ?? [];
      const [container, image] = parts;
      const isWhole = parts.length === 2 && more.length === 0;
      if (!isWhole || !rollout || !container || !image) return undefined;
      return { verb: "set image", rollout, container, image };
    },
  },
  promote: {
    usage: "promote ROLLOUT [--full | --skip-current-step | --skip-all-steps]",
    read: readPromote,
  },
  abort: several("abort"),
  retry: several("retry"),
  pause: several("pause"),
  restart: { usage: "restart ROLLOUT [--in DURATION]", read: readRestart },
  undo: { usage: "undo ROLLOUT [--to-revision N]", read: readUndo },
  scale: {
    usage: "scale ROLLOUT N",
    read(words) {
      // A negative number is told as what it is, not as a flag.
      const [rollout, count, ...more] = words;
      if (!rollout || rollout.startsWith("-") || count === undefined || more.length > 0) {
        return undefined;
      }
      const replicas = parseCount(count, "replicas");
      if (replicas <= REPLICAS_MAX) return { verb: "scale", rollout, replicas };
      throw new ScriptError(`cannot simulate ${count} pods: at most ${REPLICAS_MAX}`);
    },
  },
  apply: {
    usage: "apply FILE",
    read: ([file, ...more]) => file && more.length === 0 ? { verb: "apply", file } : undefined,
  },
  delete: {
    usage: "delete KIND/NAME [--cascade background | foreground | orphan]",
    read: readDelete,
  },
  "delete-pod": {
    usage: "delete-pod POD | ROLLOUT[/oldest | /newest | /INDEX]",
    read(words) {
      const name = onlyName(words);
      return name === undefined ? undefined : { verb: "delete-pod", pod: podChoice(name) };
    },
  },
};

function several(verb: "abort" | "retry" | "pause"): Verb<UserCommand> {
  return {
    usage: `${verb} ROLLOUT...`,
    read(words) {
      const names = argumentsOf(words)?.names ?? [];
      // `retry rollout web`, as the command line of Argo Rollouts has it.
      const isNamed = verb === "retry" && names.length > 1 && names[0] === "rollout";
      const rollouts = isNamed ? names.slice(1) : names;
      return rollouts.length === 0 ? undefined : { verb, rollouts };
    },
  };
}

const PROMOTE_FLAGS = {
  "--full": "alone",
  "--skip-current-step": "alone",
  "-c": "alone",
  "--skip-all-steps": "alone",
  "-a": "alone",
} as const;

function readPromote(words: readonly string[]): UserCommand | undefined {
  const found = nameAndFlags(words, PROMOTE_FLAGS);
  if (found === undefined) return undefined;
  const { name: rollout, flags } = found;
  const options = {
    isFull: flags.has("--full"),
    skipsCurrentStep: flags.has("--skip-current-step") || flags.has("-c"),
    skipsAllSteps: flags.has("--skip-all-steps") || flags.has("-a"),
  };
  return { verb: "promote", rollout, options };
}

function readRestart(words: readonly string[]): UserCommand | undefined {
  const found = nameAndFlags(words, { "--in": "with value", "-i": "with value" });
  if (found === undefined) return undefined;
  const { name: rollout, flags } = found;
  const delayText = flags.get("--in") ?? flags.get("-i") ?? "0s";
  return { verb: "restart", rollout, delayMs: parseDurationMs(delayText), delayText };
}

function readUndo(words: readonly string[]): UserCommand | undefined {
  const found = nameAndFlags(words, { "--to-revision": "with value" });
  if (found === undefined) return undefined;
  const revision = found.flags.get("--to-revision") ?? "0";
  if (!/^\d{1,9}$/.test(revision)) throw new ScriptError(`"${revision}" is no revision: a number`);
  return { verb: "undo", rollout: found.name, toRevision: Number(revision) };
}

const CASCADES: Readonly<Record<string, Cascade>> = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
};

/** `delete rollout/web` and `delete rollout web`, as with kubectl. */
function readDelete(words: readonly string[]): UserCommand | undefined {
  const { names = [], flags } = argumentsOf(words, { "--cascade": "with value" }) ?? {};
  const isApart = names.length === 2 && names[0]?.includes("/") === false;
  if (names.length !== 1 && !isApart) return undefined;
  const [, kind, name] = /^([^/]+)\/(.+)$/.exec(names.join("/")) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const type = findTypeByName(kind);
  if (type === undefined) throw new ScriptError(`"${kind}" is no kind that plays a part here`);
  const wanted = flags?.get("--cascade") ?? "background";
  const cascade = Object.hasOwn(CASCADES, wanted) ? CASCADES[wanted] : undefined;
  return cascade === undefined ? undefined : { verb: "delete", type, name, cascade };
}

function podChoice(text: string): PodChoice {
  const [, name, which] = /^(.+)\/(oldest|newest|\d{1,9})$/.exec(text) ?? [];
  if (name === undefined || which === undefined) return { name: text, which: undefined };
  return { name, which: which === "oldest" || which === "newest" ? which : Number(which) };
}
