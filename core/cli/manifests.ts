/** `sluice manifests`: what has to be applied to a cluster so that Sluice works there. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { CommandLineError } from "../command/command_line_error.ts";
import type { FlagValues } from "../command/flags.ts";
import { DEFAULT_IMAGE } from "./install/image.ts";
import { programVerb } from "./program_verb.ts";

const NOTES = `
Examples:
  # Install into the namespace argo-rollouts, or take over the Argo Rollouts that is there
  sluice manifests | kubectl apply -f -

  # Look at it first
  sluice manifests | kubectl diff -f -

  # A controller for the namespace web alone
  sluice manifests --crds | kubectl apply -f -
  sluice manifests --namespaced --namespace web | kubectl apply -f -

Everything has the name that Argo Rollouts gives it: applied over an installation in the same
namespace, Sluice takes its place, and the two never run together. --namespaced leaves out what
belongs to the whole cluster: the definitions, which --crds prints, and the roles of users.
Exit codes: 0 printed; 1 a flag is wrong.`;

const FLAGS = {
  crds: {
    about: "Only the CustomResourceDefinitions of Rollout, Experiment, AnalysisTemplate, " +
      "ClusterAnalysisTemplate and AnalysisRun",
  },
  namespace: {
    short: "n",
    value: "NAME",
    default: "argo-rollouts",
    about: "The namespace that the controller runs in",
  },
  namespaced: { about: "A controller of this namespace alone, with rights in no other" },
  image: { value: "IMAGE", about: "The image of the controller (default: that of this version)" },
  "network-policy": { about: "Also a NetworkPolicy: others reach probes and metrics alone" },
  "pod-disruption-budget": { about: "Also a PodDisruptionBudget: one pod at a time may go" },
  output: {
    short: "o",
    value: "FORMAT",
    default: "yaml",
    choices: ["yaml", "json"],
    about: "yaml or json",
  },
} as const;

export const MANIFESTS = programVerb({
  usage: "manifests [flags]",
  flags: FLAGS,
  notes: NOTES,
  badInputCode: 1,
  async run(terminal, names, flags) {
    if (names.length > 0) throw new CommandLineError(`unexpected argument "${names[0]}"`);
    const { crds, namespaced, output } = flags;
    checkNamespace(flags.namespace);
    if (flags.image === "") throw new CommandLineError(`invalid value "" for --image: it is empty`);
    const definitions = crds || !namespaced ? await definitionsText() : "";
    const objects = crds ? [] : await objectsOf(flags);
    terminal.out(await (output === "json" ? asJson : asYaml)(definitions, objects));
    return 0;
  },
});

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

function checkNamespace(namespace: string): void {
  if (DNS_LABEL.test(namespace)) return;
  throw new CommandLineError(
    `invalid value "${namespace}" for -n: a namespace has small letters, digits and - in its name`,
  );
}

async function objectsOf(flags: FlagValues<typeof FLAGS>): Promise<KubeObject[]> {
  const { installObjects } = await import("./install/objects.ts");
  return installObjects({
    namespace: flags.namespace,
    image: flags.image ?? DEFAULT_IMAGE,
    isNamespaced: flags.namespaced,
    hasNetworkPolicy: flags["network-policy"],
    hasDisruptionBudget: flags["pod-disruption-budget"],
  });
}

/** Written by `deno task docs:update`: making it takes a second, and it never differs. */
async function definitionsText(): Promise<string> {
  return (await import("./definitions.yaml", { with: { type: "text" } })).default;
}

async function asYaml(definitions: string, objects: readonly KubeObject[]): Promise<string> {
  if (objects.length === 0) return definitions;
  const { dataText } = await import("./output.ts");
  const texts = await Promise.all(objects.map((object) => dataText(object, "yaml")));
  return [...(definitions === "" ? [] : [definitions]), ...texts].join("---\n");
}

async function asJson(definitions: string, objects: readonly KubeObject[]): Promise<string> {
  const { readManifests } = await import("../api/manifest/mod.ts");
  const { documents } = readManifests({ file: "definitions.yaml", text: definitions });
  const items = [...documents.map(({ object }) => object), ...objects];
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items }, null, 2)}\n`;
}
