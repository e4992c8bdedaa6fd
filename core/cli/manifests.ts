/** `sluice manifests`: what has to be applied to a cluster before Sluice can work there. */
import { Command, InvalidArgumentError } from "commander";
import { Document, isCollection, isMap, type Node, visit } from "yaml";
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
      terminal.out(render(await definitions(), output));
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

function render(objects: readonly KubeObject[], format: OutputFormat): string {
  if (format === "yaml") return objects.map(yamlOf).join("---\n");
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 2)}\n`;
}

/** What fits on a line stands on one: a field each, mostly. */
const LINE_LENGTH = 160;

function yamlOf(object: KubeObject): string {
  // Quoted so that readers of YAML 1.1, such as kubectl, see the same values.
  const document = new Document(object, { version: "1.1", aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_key, node) => {
      if (isShort(node)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
}

function isShort(node: Node): boolean {
  if (!isCollection(node) || JSON.stringify(node).length > LINE_LENGTH) return false;
  // A map of fields reads better with a line for each, even where they are few.
  return !isMap(node) || !node.has("properties");
}
