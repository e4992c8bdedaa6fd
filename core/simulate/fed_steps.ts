/** Step plugins of a rehearsal: each answers what the data say, and does nothing. */
import type { StepAnswer, StepCall, StepPlugin } from "../../sdk/step_plugin.ts";
import type { StepFinding } from "./step_data.ts";

/** What a plugin is to answer now, and for how long. */
export interface StepFeed {
  readonly finding: StepFinding;
  /** When the data say something else; undefined: never. */
  readonly untilMs: number | undefined;
}

/** A plugin that answers what it is fed; what ends a step succeeds. */
export function fedStepPlugin(
  name: string,
  feed: (call: StepCall) => StepFeed,
): StepPlugin {
  return {
    name,
    run: async (call, ports) => await answerOf(feed(call), ports.now()),
    terminate: () => Promise.resolve(ENDED),
    abort: () => Promise.resolve(ENDED),
  };
}

const ENDED: StepAnswer = Object.freeze({ phase: "Successful" });

function answerOf({ finding, untilMs }: StepFeed, nowMs: number): StepAnswer {
  if (finding.is === "error") throw new Error(finding.message);
  const { phase, message } = finding;
  return {
    phase,
    ...(message === "" ? {} : { message }),
    ...(untilMs === undefined ? {} : { requeueAfterSeconds: (untilMs - nowMs) / 1000 }),
  };
}
