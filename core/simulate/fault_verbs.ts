/** The verbs of what happens to the world. */
import type { Fault } from "./command.ts";
import { nameAndFlags, onlyName, parseCount, parseDurationMs, type Verb } from "./verb.ts";

/** How long containers run before they crash, unless a script says otherwise. */
const CRASH_AFTER_MS = 3000;

/** Verbs by their names. */
export const FAULT_VERBS: Readonly<Record<string, Verb<Fault>>> = {
  "fail-image": aboutImage("fail-image"),
  crash: {
    usage: "crash IMAGE [--after DURATION]",
    read(words) {
      const found = nameAndFlags(words, { "--after": "with value" });
      if (found === undefined) return undefined;
      const after = found.flags.get("--after");
      const afterMs = after === undefined ? CRASH_AFTER_MS : parseDurationMs(after);
      return { verb: "crash", image: found.name, afterMs };
    },
  },
  unschedulable: aboutImage("unschedulable"),
  heal: aboutImage("heal"),
  nodes: {
    usage: "nodes full | free",
    read(words) {
      const state = onlyName(words);
      const isKnown = state === "full" || state === "free";
      return isKnown ? { verb: "nodes", areFull: state === "full" } : undefined;
    },
  },
  quota: {
    usage: "quota PODS | none",
    read(words) {
      const [count, ...more] = words;
      if (count === undefined || more.length > 0) return undefined;
      return { verb: "quota", pods: count === "none" ? undefined : parseCount(count, "pods") };
    },
  },
  "pod-start": {
    usage: "pod-start DURATION",
    read(words) {
      const [duration, ...more] = words;
      if (duration === undefined || more.length > 0) return undefined;
      return { verb: "pod-start", delayMs: parseDurationMs(duration) };
    },
  },
};

function aboutImage(verb: "fail-image" | "unschedulable" | "heal"): Verb<Fault> {
  return {
    usage: `${verb} IMAGE`,
    read(words) {
      const image = onlyName(words);
      return image === undefined ? undefined : { verb, image };
    },
  };
}
