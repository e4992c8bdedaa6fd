/** The verbs of Argo Rollouts' command line that change a Rollout, and kubectl's `scale`. */
import { abort } from "./abort.ts";
import { CommandLineError } from "./command_line_error.ts";
import { pause } from "./pause.ts";
import { promote } from "./promote.ts";
import { restart } from "./restart.ts";
import { retry } from "./retry.ts";
import { scale } from "./scale.ts";
import { setImage } from "./set_image.ts";
import type { Target } from "./target.ts";
import { undo } from "./undo.ts";
import { type CommandContext, readCount, readDurationMs, verb } from "./verb.ts";
import type { Cluster } from "../ports/cluster.ts";

/** Verbs by their names. */
export const ROLLOUT_VERBS = Object.freeze({
  "set image": verb({
    usage: "set image ROLLOUT CONTAINER=IMAGE",
    about: "Change the image of a container",
    flags: {},
    read([rollout, assignment, ...more]) {
      const [container, image, ...rest] = assignment?.split("=") ?? [];
      const isWhole = rest.length === 0 && more.length === 0;
      if (!isWhole || !rollout || !container || !image) return undefined;
      return { rollout, container, image };
    },
    carryOut: ({ cluster, locate }: CommandContext, { rollout, ...change }) =>
      setImage(cluster, locate(rollout), change),
  }),
  promote: verb({
    usage: "promote ROLLOUT [--full | --skip-current-step | --skip-all-steps]",
    about: "End a pause and go on with the update",
    flags: {
      full: { about: "Skip all that remains: steps, pauses and analyses" },
      "skip-current-step": { short: "c", about: "Skip the current step" },
      "skip-all-steps": { short: "a", about: "Skip all steps that remain" },
    },
    read(names, flags) {
      const rollout = onlyName(names);
      if (rollout === undefined) return undefined;
      const options = {
        isFull: flags.full,
        skipsCurrentStep: flags["skip-current-step"],
        skipsAllSteps: flags["skip-all-steps"],
      };
      return { rollout, options };
    },
    carryOut: ({ cluster, locate }: CommandContext, { rollout, options }) =>
      promote(cluster, locate(rollout), options),
  }),
  abort: several(abort, {
    usage: "abort ROLLOUT...",
    about: "Stop an update and go back to the stable revision",
  }),
  // `retry rollout web`, as the command line of Argo Rollouts has it.
  retry: several(retry, {
    usage: "retry ROLLOUT...",
    about: "Start an aborted update again",
    takesKind: true,
  }),
  pause: several(pause, { usage: "pause ROLLOUT...", about: "Pause an update" }),
  restart: verb({
    usage: "restart ROLLOUT [--in DURATION]",
    about: "Replace all pods",
    flags: { in: { short: "i", value: "DURATION", default: "0s", about: "Wait this long first" } },
    read(names, { in: delayText }) {
      const rollout = onlyName(names);
      if (rollout === undefined) return undefined;
      return { rollout, delayMs: readDurationMs(delayText), delayText };
    },
    carryOut: ({ cluster, nowMs, locate }: CommandContext, { rollout, ...delay }) =>
      restart(cluster, locate(rollout), { nowMs, ...delay }),
  }),
  undo: verb({
    usage: "undo ROLLOUT [--to-revision N]",
    about: "Go back to an earlier revision",
    flags: { "to-revision": { value: "N", default: "0", about: "Which one; 0 is the previous" } },
    read(names, { "to-revision": revision }) {
      const rollout = onlyName(names);
      if (rollout === undefined) return undefined;
      if (/^\d{1,9}$/.test(revision)) return { rollout, toRevision: Number(revision) };
      throw new CommandLineError(`invalid revision "${revision}"; write a number`);
    },
    carryOut: ({ cluster, locate }: CommandContext, { rollout, toRevision }) =>
      undo(cluster, locate(rollout), { toRevision }),
  }),
  scale: verb({
    usage: "scale ROLLOUT --replicas N",
    about: "Change the number of pods, as an autoscaler does",
    flags: { replicas: { value: "N", about: "How many" } },
    // Also `scale web 4`, and `scale rollout/web --replicas=4` as with kubectl.
    read(names, { replicas }) {
      const [rollout, ...counts] = withoutKind(names, replicas === undefined ? 3 : 2);
      if (replicas !== undefined) counts.push(replicas);
      const [count, ...more] = counts;
      if (!rollout || count === undefined || more.length > 0) return undefined;
      return { rollout, replicas: readCount(count, "replicas") };
    },
    carryOut: ({ cluster, locate }: CommandContext, { rollout, replicas }) =>
      scale(cluster, locate(rollout), { replicas }),
  }),
});

/** A verb about any number of Rollouts. */
function several(
  tell: (cluster: Cluster, target: Target) => Promise<string>,
  { takesKind = false, ...texts }: { usage: string; about: string; takesKind?: boolean },
) {
  return verb({
    ...texts,
    flags: {},
    read(names) {
      const rollouts = takesKind ? withoutKind(names, 2) : names;
      return rollouts.length === 0 || rollouts.includes("") ? undefined : { rollouts };
    },
    apart: ({ rollouts }) => rollouts.map((rollout) => ({ rollouts: [rollout] })),
    async carryOut({ cluster, locate }: CommandContext, { rollouts }) {
      const answers: string[] = [];
      for (const rollout of rollouts) answers.push(await tell(cluster, locate(rollout)));
      return answers.join("\n");
    },
  });
}

const KINDS = ["rollout", "rollouts", "ro", "rollouts.argoproj.io"];

/** The names after `rollout`, or after `rollout/`, when that is how they begin. */
function withoutKind(names: readonly string[], countWithKind: number): readonly string[] {
  const [first = "", ...rest] = names;
  if (KINDS.includes(first) && names.length >= countWithKind) return rest;
  const [kind = "", name] = first.split("/");
  return name !== undefined && KINDS.includes(kind)
    ? [first.slice(kind.length + 1), ...rest]
    : names;
}

/** The one name of a verb that takes one. */
export function onlyName([name, ...more]: readonly string[]): string | undefined {
  return name === "" || more.length > 0 ? undefined : name;
}
