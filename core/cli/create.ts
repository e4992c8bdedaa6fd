/** `create -f FILE` and `create analysisrun`. */
import type { AnalysisArgument } from "../../sdk/api/analysis.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { collectManifests, problemText } from "../api/manifest/mod.ts";
import {
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  EXPERIMENTS,
  ROLLOUTS,
} from "../api/names/resources.ts";
import { findKind, type Kind } from "../api/schema/kinds.ts";
import {
  CommandLineError,
  FROM_FLAG,
  readArguments,
  readTemplate,
  RUN_FLAGS,
  runOf,
} from "../command/mod.ts";
import type { FlagValues } from "../command/flags.ts";
import { onCluster, type Session } from "./cluster_session.ts";
import { type Done, reportDone } from "./done_report.ts";
import { readBytes } from "./files.ts";
import { watchObject } from "./get.ts";
import { CONNECTION_FLAGS } from "./kubeconfig.ts";
import { OUTPUT_FLAG } from "./output.ts";
import { programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const FLAGS = {
  filename: {
    short: "f",
    value: "FILE",
    isRepeatable: true,
    about: "A file with objects, or - for standard input; can be repeated",
  },
  watch: { short: "w", about: "Then watch the one Rollout or Experiment that was created" },
  "no-color": { about: "Without colours" },
  ...OUTPUT_FLAG,
  ...CONNECTION_FLAGS,
} as const;

const EXIT_CODES = "Exit codes: 0 created; 1 not created, as standard error tells.";

export const CREATE = programVerb({
  usage: "create -f FILE... [flags]",
  about: "Create rollouts, experiments, analysis templates and runs from files",
  flags: FLAGS,
  notes: `
Examples:
  sluice create -f rollout.yaml
  sluice create -f experiment.yaml -n shop --watch

A field that the kind does not have is refused.

${EXIT_CODES}`,
  badInputCode: 1,
  async run(terminal, names, flags) {
    const files = [...flags.filename, ...names];
    if (files.length === 0) throw new CommandLineError("no file is named; use -f FILE");
    const objects: Creation[] = [];
    for (const file of files) objects.push(...await readObjects(terminal, file));
    checkWatch(objects, flags);
    return await createAll(terminal, objects, flags);
  },
});

/** An object that is to be created, and as what. */
interface Creation {
  readonly kind: Kind;
  readonly object: KubeObject;
}

async function readObjects(terminal: Terminal, file: string): Promise<Creation[]> {
  const bytes = await readBytes(terminal, file);
  const name = file === "-" ? "standard input" : file;
  const { documents, problems, warnings } = collectManifests({ file: name, bytes });
  const wrong = problems[0] ?? warnings.find((warning) => warning.kind === "unknown-field");
  if (wrong !== undefined) throw new UsageError(problemText(wrong));
  return documents.map(({ object }) => {
    const kind = findKind(object);
    if (kind === undefined) {
      throw new UsageError(`creates of ${object.apiVersion}/${object.kind} unsupported`);
    }
    return { kind, object };
  });
}

function checkWatch(objects: readonly Creation[], flags: FlagValues<typeof FLAGS>): void {
  if (!flags.watch) return;
  const [first, ...more] = objects;
  if (more.length > 0) throw new UsageError("Cannot watch multiple resources");
  if (first?.kind.type !== ROLLOUTS && first?.kind.type !== EXPERIMENTS) {
    throw new UsageError("Can only watch resources of type Rollout or Experiment");
  }
  if (flags.output !== "text") {
    throw new CommandLineError(`--watch cannot be combined with -o ${flags.output}`);
  }
}

async function createAll(
  terminal: Terminal,
  creations: readonly Creation[],
  flags: FlagValues<typeof FLAGS>,
): Promise<number> {
  let code = 0;
  await reportDone(
    terminal,
    { command: "create", output: flags.output },
    (tell) =>
      onCluster(terminal, flags, async (session) => {
        for (const creation of creations) {
          const { name, done } = await create(session, creation);
          tell(done);
          const { type } = creation.kind;
          if (!flags.watch || (type !== ROLLOUTS && type !== EXPERIMENTS)) continue;
          const subject = { type, namespace: done.namespace, name };
          const hasColour = terminal.hasColour && !flags["no-color"];
          code = await watchObject(terminal, session, { subject, hasColour });
        }
      }),
  );
  return code;
}

/** What the manifest says about the namespace comes before what the command line says. */
async function create(
  { cluster, namespace: otherwise }: Session,
  { kind, object }: Creation,
): Promise<{ name: string; done: Done }> {
  const { type, singular } = kind;
  const namespace = type.namespaced ? object.metadata.namespace ?? otherwise : "";
  const metadata = { ...object.metadata, ...(type.namespaced ? { namespace } : {}) };
  const { metadata: { name } } = await cluster.create(type, { ...object, metadata });
  const said = `${singular}.argoproj.io/${name}`;
  return { name, done: { object: said, namespace, message: `${said} created` } };
}

const ALL_RUN_FLAGS = {
  ...FROM_FLAG,
  "from-file": { value: "FILE", about: "A file with the AnalysisTemplate to run" },
  ...RUN_FLAGS,
  ...OUTPUT_FLAG,
  ...CONNECTION_FLAGS,
} as const;

export const CREATE_ANALYSIS_RUN = programVerb({
  usage: "create analysisrun --from NAME [flags]",
  about: "Run an analysis template",
  flags: ALL_RUN_FLAGS,
  notes: `
Examples:
  sluice create analysisrun --from success-rate --argument service=web
  sluice create analysisrun --from success-rate --global -n shop
  sluice create analysisrun --from-file template.yaml

${EXIT_CODES}`,
  badInputCode: 1,
  async run(terminal, [name], flags) {
    if (name !== undefined) throw new CommandLineError(`unexpected argument "${name}"`);
    if (!flags.from === !flags["from-file"]) {
      throw new UsageError("one of --from or --from-file must be specified");
    }
    const given = givenArguments(flags.argument);
    const command = { command: "create analysisrun", output: flags.output };
    await reportDone(terminal, command, (tell) =>
      onCluster(terminal, flags, async (session) => {
        const template = flags["from-file"]
          ? await templateOfFile(terminal, flags["from-file"])
          : await templateOfCluster(session, flags.from ?? "", flags.global);
        const object = runOf(template, given, flags);
        const { done } = await create(session, { kind: findKind(object) as Kind, object });
        tell(done);
      }));
    return 0;
  },
});

/** @throws {UsageError}: the sentence alone, as scripts know it */
function givenArguments(texts: readonly string[]): AnalysisArgument[] {
  try {
    return readArguments(texts);
  } catch (error) {
    throw error instanceof CommandLineError ? new UsageError(error.message) : error;
  }
}

async function templateOfFile(terminal: Terminal, file: string): Promise<KubeObject> {
  const [found, ...more] = await readObjects(terminal, file);
  const isTemplate = found?.kind.type === ANALYSIS_TEMPLATES ||
    found?.kind.type === CLUSTER_ANALYSIS_TEMPLATES;
  if (found !== undefined && isTemplate && more.length === 0) return found.object;
  throw new UsageError(`"${file}" must hold one AnalysisTemplate or ClusterAnalysisTemplate`);
}

function templateOfCluster(
  { cluster, namespace }: Session,
  name: string,
  isGlobal: boolean,
): Promise<KubeObject> {
  return readTemplate(cluster, { namespace: isGlobal ? "" : namespace, name }, { isGlobal });
}
