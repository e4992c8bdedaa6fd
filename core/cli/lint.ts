/** `sluice lint`: what is wrong with manifests, before a cluster sees them. */
import { Command, InvalidArgumentError } from "commander";
import type { Finding, Reading } from "../lint/mod.ts";
import { lookUpMissing } from "./lint_cluster.ts";
import { gatherFiles } from "./lint_files.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

type OutputFormat = "text" | "json" | "sarif";

interface Options {
  filename: string[];
  output: OutputFormat;
  strict?: boolean;
  offline?: boolean;
  cluster?: boolean;
  kubeconfig?: string;
  context?: string;
}

const EXAMPLES = `
Examples:
  # One file; every finding is FILE:LINE:COLUMN: error|warning: field: text
  sluice lint -f rollout.yaml

  # All .yaml, .yml and .json files of a folder and the folders in it
  sluice lint -f deploy/

  # What a template comes to
  helm template chart | sluice lint -f -

  # What the files name and do not hold may be in the cluster
  sluice lint -f rollout.yaml --cluster --context staging

  # For a code host that shows findings beside the lines; warnings fail the build, too
  sluice lint -f deploy/ --strict -o sarif > findings.sarif

Findings go to standard output; notes and the closing line to standard error.
Exit codes: 0 no errors; 1 errors (with --strict also warnings); 2 a file that cannot be read,
nothing to lint, or a wrong command line.`;

export function lintCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return new Command("lint")
    .description("Check manifests: validation, references, and what hurts later.")
    .argument("[file...]", "files or folders, as with -f")
    .option("-f, --filename <file>", "a file or folder, or - for standard input; repeatable", (
      value: string,
      values: string[],
    ) => [...values, value], [])
    .option("-o, --output <format>", "text, json or sarif", parseFormat, "text")
    .option("--offline", "look for what is named in the files alone (the default)")
    .option("--cluster", "look for what the files do not hold in the cluster")
    .option("--kubeconfig <file>", "the cluster's kubeconfig (default: KUBECONFIG, ~/.kube/config)")
    .option("--context <name>", "the context of the kubeconfig to use")
    .option("--strict", "end with 1 also when there are only warnings")
    .addHelpText("after", EXAMPLES)
    .action(async (files: string[], options: Options) => {
      onExit(await runLint(terminal, [...options.filename, ...files], options));
    });
}

function parseFormat(text: string): OutputFormat {
  if (text === "text" || text === "json" || text === "sarif") return text;
  throw new InvalidArgumentError("one of text, json, sarif.");
}

async function runLint(
  terminal: Terminal,
  paths: readonly string[],
  options: Options,
): Promise<number> {
  if (paths.length === 0) {
    throw new UsageError("no files are named: -f FILE, -f FOLDER, or -f - for standard input");
  }
  checkClusterFlags(options);
  // Loaded here, so that no other verb pays for the rules.
  const { judge, missingNames, readSources, summaryText } = await import("../lint/mod.ts");
  const { sources, refusals } = await gatherFiles(terminal, paths);
  const reading = readSources(sources);
  const plugins = await terminal.plugins();
  for (const file of reading.passedOver) {
    terminal.err(`note: ${file} is skipped: it holds no Kubernetes object\n`);
  }
  for (const { file, recipe } of reading.patches) {
    terminal.err(`note: ${file} is skipped: it is a patch of ${recipe}\n`);
  }
  const objects = options.cluster === true
    ? await lookUpMissing(terminal, options, (known) => missingNames(reading, plugins, known))
    : [];
  const findings = judge(reading, plugins, objects);
  terminal.out(await render(findings, reading, options.output));
  const unreadable = [
    ...refusals,
    ...reading.unreadable.map(({ file, detail }) => `Cannot read "${file}": it ${detail}`),
  ];
  for (const sentence of unreadable) terminal.err(`Error: ${sentence}\n`);
  if (unreadable.length > 0) return 2;
  if (reading.documents.length === 0 && findings.length === 0) {
    throw new UsageError(`there is no Kubernetes object in ${paths.join(", ")}`);
  }
  const skippedCount = reading.passedOver.length + reading.patches.length;
  terminal.err(`${summaryText(findings, sources.length - skippedCount)}\n`);
  const counts = ({ severity }: Finding) => severity === "error" || options.strict === true;
  return findings.some(counts) ? 1 : 0;
}

function checkClusterFlags({ cluster, offline, kubeconfig, context }: Options): void {
  if (cluster === true && offline === true) {
    throw new UsageError("--cluster and --offline exclude one another");
  }
  const flag = kubeconfig !== undefined ? "--kubeconfig" : "--context";
  if (cluster !== true && (kubeconfig !== undefined || context !== undefined)) {
    throw new UsageError(`${flag} says which cluster, but nothing is looked up without --cluster`);
  }
}

async function render(
  findings: readonly Finding[],
  { unreadable }: Reading,
  format: OutputFormat,
): Promise<string> {
  const { findingText, jsonReport, sarifReport } = await import("../lint/mod.ts");
  if (format === "json") return jsonReport(findings);
  if (format === "sarif") return sarifReport(findings, { version: VERSION, unreadable });
  return findings.map((finding) => `${findingText(finding)}\n`).join("");
}
