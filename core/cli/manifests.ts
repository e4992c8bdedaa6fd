/** `sluice manifests`: what has to be applied to a cluster before Sluice can work there. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { CommandLineError } from "../command/command_line_error.ts";
import { programVerb } from "./program_verb.ts";

const NOTES = `
Examples:
  # Define the five kinds in the present cluster; this takes over the definitions of Argo Rollouts
  sluice manifests --crds | kubectl apply -f -

  # Look at them first
  sluice manifests --crds | kubectl diff -f -

  # For tools that read JSON
  sluice manifests --crds -o json

Exit codes: 0 printed; 1 no manifests were chosen, or a flag is wrong.`;

export const MANIFESTS = programVerb({
  usage: "manifests --crds [flags]",
  flags: {
    crds: {
      about: "The CustomResourceDefinitions of Rollout, Experiment, AnalysisTemplate, " +
        "ClusterAnalysisTemplate and AnalysisRun",
    },
    output: {
      short: "o",
      value: "FORMAT",
      default: "yaml",
      choices: ["yaml", "json"],
      about: "yaml or json",
    },
  },
  notes: NOTES,
  badInputCode: 1,
  async run(terminal, names, { crds, output }) {
    if (names.length > 0) throw new CommandLineError(`unexpected argument "${names[0]}"`);
    if (!crds) {
      throw new CommandLineError("no manifests are chosen; use --crds");
    }
    terminal.out(await render(await definitions(), output));
    return 0;
  },
});

/** Loaded only here: no other verb needs to know what every field means. */
async function definitions(): Promise<KubeObject[]> {
  const { customResourceDefinition, KINDS } = await import("../api/schema/mod.ts");
  return KINDS.map(customResourceDefinition);
}

async function render(objects: readonly KubeObject[], format: string): Promise<string> {
  if (format === "yaml") {
    const { yamlOf } = await import("./manifest_yaml.ts");
    return objects.map(yamlOf).join("---\n");
  }
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 2)}\n`;
}
