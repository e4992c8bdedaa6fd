/** The verbs of what happens to the world. */
import type { Fault } from "./command.ts";
import { onlyName, parseDurationMs, type Verb } from "./verb.ts";

/** Verbs by their names. */
export const FAULT_VERBS: Readonly<Record<string, Verb<Fault>>> = {
  "fail-image": {
    usage: "fail-image IMAGE",
    read(words) {
      const image = onlyName(words);
      return image === undefined ? undefined : { verb: "fail-image", image };
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
