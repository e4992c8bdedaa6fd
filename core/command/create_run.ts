/** `create analysisrun`: an analysis template is run once, by itself. */
import type { AnalysisArgument } from "../../sdk/api/analysis.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { apiVersionOf } from "../../sdk/wire/resource_type.ts";
import { INSTANCE_ID_LABEL } from "../api/names/names.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
} from "../api/names/resources.ts";
import { mergeArguments } from "../api/validation/analysis_templates.ts";
import type { Cluster } from "../ports/cluster.ts";
import { CommandLineError } from "./command_line_error.ts";
import { CommandRefused } from "./refusal.ts";
import { type Target, toldIfMissing } from "./target.ts";
import { type CommandContext, verb } from "./verb.ts";

export const FROM_FLAG = { from: { value: "NAME", about: "The AnalysisTemplate to run" } } as const;

/** What is said of the run, wherever its template comes from. */
export const RUN_FLAGS = {
  global: { about: "With --from: it is a ClusterAnalysisTemplate" },
  name: { value: "NAME", about: "The name of the run" },
  "generate-name": { value: "PREFIX", about: "How its name begins (default: TEMPLATE-)" },
  "instance-id": { value: "ID", about: "The controller that is to run it" },
  argument: {
    short: "a",
    value: "NAME=VALUE",
    isRepeatable: true,
    about: "An argument of the template; can be repeated",
  },
} as const;

/** What is said of a run that is to be created. */
export interface RunOptions {
  readonly name?: string | undefined;
  readonly "generate-name"?: string | undefined;
  readonly "instance-id"?: string | undefined;
}

/** Verbs by their names. */
export const CREATE_RUN_VERBS = Object.freeze({
  "create analysisrun": verb({
    usage: "create analysisrun --from NAME [--global] [--name NAME] [--argument NAME=VALUE]...",
    about: "Run an analysis template",
    flags: { ...FROM_FLAG, ...RUN_FLAGS },
    read(names, { from, global, argument, ...said }) {
      if (names.length > 0 || !from) return undefined;
      const { name, "generate-name": prefix, "instance-id": id } = said;
      const options = { name, "generate-name": prefix, "instance-id": id };
      return { template: from, isGlobal: global, given: readArguments(argument), options };
    },
    async carryOut({ cluster, locate }: CommandContext, { template: from, isGlobal, ...said }) {
      const at = isGlobal ? { namespace: "", name: from } : locate(from, ANALYSIS_TEMPLATES);
      const template = await readTemplate(cluster, at, { isGlobal });
      const run = runOf(template, said.given, said.options);
      const place = isGlobal ? locate(said.options.name || from, ANALYSIS_RUNS) : at;
      const metadata = { ...run.metadata, namespace: place.namespace };
      const created = await cluster.create(ANALYSIS_RUNS, { ...run, metadata });
      return `analysisrun.argoproj.io/${created.metadata.name} created`;
    },
  }),
});

/** Arguments as they are written: `NAME=VALUE`. @throws {CommandLineError} */
export function readArguments(texts: readonly string[]): AnalysisArgument[] {
  return texts.map((text) => {
    const [, name, value = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined) return { name, value };
    throw new CommandLineError("arguments must be in the form NAME=VALUE");
  });
}

/** The template of that name. @throws {ObjectNotFound} */
export async function readTemplate(
  cluster: Cluster,
  target: Target,
  { isGlobal }: { readonly isGlobal: boolean },
): Promise<KubeObject> {
  const type = isGlobal ? CLUSTER_ANALYSIS_TEMPLATES : ANALYSIS_TEMPLATES;
  const ref = isGlobal ? { name: target.name } : target;
  return await toldIfMissing(type, target, cluster.get(type, ref));
}

/**
 * The template's own spec as a run; templates that it names in turn are not looked up.
 * @throws {CommandRefused}
 */
export function runOf(
  template: KubeObject,
  given: readonly AnalysisArgument[],
  options: RunOptions,
): KubeObject {
  const spec = fieldsOf(template["spec"]);
  const declared = listOf(spec["args"]) as AnalysisArgument[];
  const merged = declared.length === 0 ? { value: given } : mergeArguments(given, declared);
  if ("error" in merged && merged.error !== undefined) throw new CommandRefused(merged.error);
  const { labels, annotations, name } = template.metadata;
  const id = options["instance-id"];
  const generateName = options["generate-name"] ?? `${name}-`;
  if (!options.name && generateName === "-") throw new CommandRefused("name is invalid");
  const metadata = {
    ...(options.name ? { name: options.name } : { generateName }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(labels === undefined && !id
      ? {}
      : { labels: { ...labels, ...(id ? { [INSTANCE_ID_LABEL]: id } : {}) } }),
  };
  return {
    apiVersion: apiVersionOf(ANALYSIS_RUNS),
    kind: ANALYSIS_RUNS.kind,
    metadata: metadata as KubeObject["metadata"],
    spec: { ...spec, ...(merged.value?.length ? { args: merged.value } : {}) },
  };
}
