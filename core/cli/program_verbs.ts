/** Which verbs the program has, and where each is. */
// Not through the door: what stands behind it is not needed to find the verb.
import { type NamedVerb, verbGroup, verbIn } from "../command/verb_words.ts";
import type { AnyProgramVerb } from "./program_verb.ts";

/** A verb, loaded only when it is used: no verb pays for what another needs. */
export interface Entry {
  /** What it does, in one sentence without a full stop; absent: the verb itself says it. */
  readonly about?: string;
  load(): Promise<AnyProgramVerb>;
}

/** Verbs that need no cluster, and the controller. */
export const OWN_VERBS: Readonly<Record<string, Entry>> = Object.freeze({
  simulate: {
    about: "Run Rollouts on a cluster in memory, in virtual time, and print what happens",
    load: async () => (await import("./simulate.ts")).SIMULATE,
  },
  lint: {
    about: "Check manifests: fields, references, and what will cause trouble later",
    load: async () => (await import("./lint.ts")).LINT,
  },
  demo: {
    about: "Watch an example rollout on a cluster in memory; needs no files and no cluster",
    load: async () => (await import("./demo.ts")).DEMO,
  },
  controller: {
    about: "Run the controller until interrupted",
    load: async () => (await import("./controller.ts")).CONTROLLER,
  },
  "analysis eval": {
    about: "Evaluate a condition of a metric, without a cluster, and print its value as JSON",
    load: async () => (await import("./analysis.ts")).ANALYSIS_EVAL,
  },
  "analysis test": {
    about: "Measure an AnalysisTemplate without a cluster, with given data or a Prometheus",
    load: async () => (await import("./analysis_test_verb.ts")).ANALYSIS_TEST,
  },
  "notifications template get": {
    load: async () => (await import("./notifications.ts")).TEMPLATE_GET,
  },
  "notifications template notify": {
    load: async () => (await import("./notify_verb.ts")).TEMPLATE_NOTIFY,
  },
  "notifications trigger get": {
    load: async () => (await import("./notifications.ts")).TRIGGER_GET,
  },
  "notifications trigger run": {
    load: async () => (await import("./notifications.ts")).TRIGGER_RUN,
  },
  manifests: {
    about: "Print the manifests that a cluster needs",
    load: async () => (await import("./manifests.ts")).MANIFESTS,
  },
  version: {
    about: "Print the version",
    load: async () => (await import("./version_verb.ts")).VERSION_VERB,
  },
  completion: {
    about: "Print a script that lets a shell complete commands, flags and names",
    load: async () => (await import("./completion.ts")).COMPLETION,
  },
});

/** Verbs of Argo Rollouts' command line, on a cluster. */
export const CLUSTER_VERBS: Readonly<Record<string, Entry>> = Object.freeze({
  "get rollout": { load: async () => (await import("./get.ts")).GET_ROLLOUT },
  "get experiment": { load: async () => (await import("./get.ts")).GET_EXPERIMENT },
  "list rollouts": { load: async () => (await import("./list.ts")).LIST_ROLLOUTS },
  "list experiments": { load: async () => (await import("./list.ts")).LIST_EXPERIMENTS },
  explain: { load: async () => (await import("./explain.ts")).EXPLAIN },
  status: { load: async () => (await import("./status.ts")).STATUS },
  "create analysisrun": {
    load: async () => (await import("./create.ts")).CREATE_ANALYSIS_RUN,
  },
  create: { load: async () => (await import("./create.ts")).CREATE },
  ...Object.fromEntries(
    [
      ...["set image", "promote", "abort", "pause", "retry experiment", "retry", "restart"],
      ...["undo", "scale", "terminate analysisrun", "terminate experiment"],
    ].map((name) => [name, { load: () => tableVerb(name) }]),
  ),
});

async function tableVerb(name: string): Promise<AnyProgramVerb> {
  return (await import("./command_verbs.ts")).COMMAND_VERBS[name] as AnyProgramVerb;
}

/** All verbs by their names. */
export const VERBS: Readonly<Record<string, Entry>> = { ...CLUSTER_VERBS, ...OWN_VERBS };

/** Verbs of Argo Rollouts' command line that this version has not; its own drives Sluice, too. */
export const NOT_YET: readonly string[] = ["dashboard"];

/** The verb with which the words begin. */
export function findVerb(words: readonly string[]): NamedVerb | undefined {
  return verbIn(VERBS, words);
}

/** The names of the verbs that begin with a word and go on. */
export function groupOf(first?: string): string[] {
  return verbGroup(VERBS, first);
}

/** What it does, in one sentence. */
export async function aboutOf({ about, load }: Entry): Promise<string> {
  return about ?? (await load()).about ?? "";
}
