/** The verbs about AnalysisRuns and Experiments. */
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { ANALYSIS_RUNS, EXPERIMENTS } from "../api/names/resources.ts";
import { patchObject } from "./target.ts";
import { type CommandContext, verb } from "./verb.ts";

/** Verbs by their names. */
export const RUN_VERBS = Object.freeze({
  "retry experiment": ofRuns({
    usage: "retry experiment EXPERIMENT...",
    about: "Start an experiment again",
    type: EXPERIMENTS,
    change: { status: null },
    answer: (name) => `experiment '${name}' retried`,
  }),
  "terminate analysisrun": ofRuns({
    usage: "terminate analysisrun ANALYSISRUN...",
    about: "End an analysis; its result is what has been measured",
    type: ANALYSIS_RUNS,
    change: { spec: { terminate: true } },
    answer: (name) => `analysisRun '${name}' terminated`,
  }),
  "terminate experiment": ofRuns({
    usage: "terminate experiment EXPERIMENT...",
    about: "End an experiment",
    type: EXPERIMENTS,
    change: { spec: { terminate: true } },
    // Quirk(terminate-experiment-says-retried): Argo Rollouts prints it, and scripts wait for it.
    answer: (name) => `experiment '${name}' retried`,
  }),
});

/** A verb that is the same patch of any number of objects. */
function ofRuns({ usage, about, type, change, answer }: {
  readonly usage: string;
  readonly about: string;
  readonly type: ResourceType;
  readonly change: Readonly<Record<string, unknown>>;
  answer(name: string): string;
}) {
  return verb({
    usage,
    about,
    flags: {},
    read: (names) => names.length === 0 || names.includes("") ? undefined : { names },
    apart: ({ names }) => names.map((name) => ({ names: [name] })),
    async carryOut({ cluster, locate }: CommandContext, { names }) {
      const answers: string[] = [];
      for (const name of names) {
        await patchObject(cluster, { type, target: locate(name, type) }, change);
        answers.push(answer(name));
      }
      return answers.join("\n");
    },
  });
}
