/** `sluice manifests`: what has to be applied to a cluster before Sluice can work there. */
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
    const text = await definitions();
    terminal.out(output === "json" ? await asJson(text) : text);
    return 0;
  },
});

/** Written by `deno task docs:update`: making it takes a second, and it never differs. */
async function definitions(): Promise<string> {
  return (await import("./definitions.yaml", { with: { type: "text" } })).default;
}

async function asJson(text: string): Promise<string> {
  const { readManifests } = await import("../api/manifest/mod.ts");
  const { documents } = readManifests({ file: "definitions.yaml", text });
  const items = documents.map(({ object }) => object);
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items }, null, 2)}\n`;
}
