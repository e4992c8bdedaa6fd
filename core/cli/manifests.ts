/** `sluice manifests`: what has to be applied to a cluster before Sluice can work there. */
import { Command, InvalidArgumentError } from "commander";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

type OutputFormat = "yaml" | "json";

interface Options {
  crds?: boolean;
  output: OutputFormat;
}

const EXAMPLES = `
Examples:
  # Define the five kinds in the present cluster; this takes over the definitions of Argo Rollouts
  sluice manifests --crds | kubectl apply -f -

  # Look at them first
  sluice manifests --crds | kubectl diff -f -

  # For tools that read JSON
  sluice manifests --crds -o json

Exit codes: 0 printed; 2 nothing was asked for, or wrong flags.`;

export function manifestsCommand(terminal: Terminal): Command {
  return new Command("manifests")
    .description("Print the manifests that a cluster needs.")
    .option(
      "--crds",
      "the CustomResourceDefinitions of Rollout, Experiment, AnalysisTemplate, " +
        "ClusterAnalysisTemplate and AnalysisRun",
    )
    .option("-o, --output <format>", "yaml or json", parseFormat, "yaml")
    .addHelpText("after", EXAMPLES)
    .action(async ({ crds, output }: Options) => {
      if (crds !== true) {
        throw new UsageError("Cannot print manifests: say which ones, for example --crds");
      }
      terminal.out(await render(await definitions(), output));
    });
}

function parseFormat(text: string): OutputFormat {
  if (text === "yaml" || text === "json") return text;
  throw new InvalidArgumentError("one of yaml, json.");
}

/** Loaded only here: no other verb needs to know what every field means. */
async function definitions(): Promise<KubeObject[]> {
  const { customResourceDefinition, KINDS } = await import("../api/schema/mod.ts");
  return KINDS.map(customResourceDefinition);
}

async function render(objects: readonly KubeObject[], format: OutputFormat): Promise<string> {
  if (format === "yaml") {
    const { yamlOf } = await import("./manifest_yaml.ts");
    return objects.map(yamlOf).join("---\n");
  }
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 2)}\n`;
}
