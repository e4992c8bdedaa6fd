/** `sluice lint`: what is wrong with manifests, before a cluster sees them. */
import { CommandLineError } from "../command/command_line_error.ts";
import type { FlagValues } from "../command/flags.ts";
import type { Finding, Reading } from "../lint/mod.ts";
import { CLUSTER_FLAGS } from "./kubeconfig.ts";
import { lookUpMissing } from "./lint_cluster.ts";
import { gatherFiles, tellSkipped } from "./lint_files.ts";
import { programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

const NOTES = `
Examples:
  # One file; every finding is FILE:LINE:COLUMN: error|warning: field: text [rule]
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

const FLAGS = {
  filename: {
    short: "f",
    value: "FILE",
    isRepeatable: true,
    about: "A file or folder, or - for standard input; can be repeated",
  },
  output: {
    short: "o",
    value: "FORMAT",
    default: "text",
    choices: ["text", "json", "sarif"],
    about: "text, json or sarif",
  },
  offline: { about: "Look for named objects only in the files (the default)" },
  cluster: { about: "Look in the cluster for named objects that the files do not have" },
  ...CLUSTER_FLAGS,
  strict: { about: "Exit with 1 also when there are only warnings" },
} as const;

type Options = FlagValues<typeof FLAGS>;

export const LINT = programVerb({
  usage: "lint [FILE...] [flags]",
  flags: FLAGS,
  notes: NOTES,
  badInputCode: 2,
  run: (terminal, files, flags) => runLint(terminal, [...flags.filename, ...files], flags),
});

async function runLint(
  terminal: Terminal,
  paths: readonly string[],
  options: Options,
): Promise<number> {
  if (paths.length === 0) {
    throw new UsageError("no file is named; use -f FILE, -f FOLDER, or -f - for standard input");
  }
  checkClusterFlags(options);
  // Loaded here, so that no other verb pays for the rules.
  const { isNotificationConfig, judge, missingNames, readSources, summaryText } = await import(
    "../lint/mod.ts"
  );
  const { sources, refusals } = await gatherFiles(terminal, paths);
  const reading = readSources(sources);
  const plugins = await terminal.plugins();
  tellSkipped(terminal, reading);
  const { kubeconfig, context } = options;
  const objects = options.cluster
    ? await lookUpMissing(
      terminal,
      { kubeconfig, context },
      (known) => missingNames(reading, plugins, known),
    )
    : [];
  const notifications = reading.documents.some(({ object }) => isNotificationConfig(object))
    // Loaded here: nobody else pays for the languages of templates and conditions.
    ? (await import("../lint/notification_reader.ts")).NOTIFICATION_READER
    : undefined;
  const findings = judge(reading, plugins, { clusterObjects: objects, notifications });
  terminal.out(await render(findings, reading, options.output));
  const unreadable = [
    ...refusals,
    ...reading.unreadable.map(({ file, detail }) => `Cannot read "${file}": it ${detail}`),
  ];
  for (const sentence of unreadable) terminal.err(`Error: ${sentence}\n`);
  if (unreadable.length > 0) return 2;
  if (reading.documents.length === 0 && findings.length === 0) {
    throw new UsageError(`no Kubernetes object in ${paths.join(", ")}`);
  }
  const skippedCount = reading.passedOver.length + reading.patches.length;
  terminal.err(`${summaryText(findings, sources.length - skippedCount)}\n`);
  const counts = ({ severity }: Finding) => severity === "error" || options.strict;
  return findings.some(counts) ? 1 : 0;
}

function checkClusterFlags({ cluster, offline, kubeconfig, context }: Options): void {
  if (cluster && offline) {
    throw new CommandLineError("--cluster and --offline cannot be used together");
  }
  const flag = kubeconfig !== undefined ? "--kubeconfig" : "--context";
  if (!cluster && (kubeconfig !== undefined || context !== undefined)) {
    throw new CommandLineError(`${flag} needs --cluster`);
  }
}

async function render(
  findings: readonly Finding[],
  { unreadable }: Reading,
  format: string,
): Promise<string> {
  const { findingText, jsonReport, sarifReport } = await import("../lint/mod.ts");
  if (format === "json") return jsonReport(findings);
  if (format === "sarif") return sarifReport(findings, { version: VERSION, unreadable });
  return findings.map((finding) => `${findingText(finding)}\n`).join("");
}
