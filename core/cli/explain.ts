/** `explain`: what a Rollout waits for, and what to do; on a cluster, or of objects in a file. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { nearest } from "../api/values/nearest.ts";
import { findResourceType, NAMESPACES, ROLLOUTS } from "../api/names/resources.ts";
import { timeMs } from "../api/values/time.ts";
import { ReadObjects } from "../cluster/read_objects.ts";
import { CommandLineError, onlyName } from "../command/mod.ts";
import type { FlagValues } from "../command/flags.ts";
import { onePass } from "../controller/mod.ts";
import type { Clock, Cluster } from "../ports/mod.ts";
import { newestTimeMs } from "../simulate/mod.ts";
import { type Explanation, explanation, renderExplanation } from "../view/mod.ts";
import { onCluster } from "./cluster_session.ts";
import { CONNECTION_FLAGS } from "./kubeconfig.ts";
import { readManifests } from "./manifest_files.ts";
import { dataText, OUTPUT_FLAG } from "./output.ts";
import { programVerb } from "./program_verb.ts";
import { readScreen } from "./screen_objects.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const FLAGS = {
  filename: {
    short: "f",
    value: "FILE",
    isRepeatable: true,
    about: "Objects that were read from a cluster, or - for standard input; can be repeated",
  },
  ...OUTPUT_FLAG,
  ...CONNECTION_FLAGS,
} as const;

type Choice = FlagValues<typeof FLAGS>;

export const EXPLAIN = programVerb({
  usage: "explain ROLLOUT [flags]",
  about: "Tell what a rollout waits for, since when, and what to do",
  flags: FLAGS,
  notes: `
Examples:
  sluice explain web -n shop

  # Without access to the cluster: of what somebody else has read
  kubectl get ro,rs,svc,pods,analysistemplates,ar,experiments -n shop -o yaml > shop.yaml
  sluice explain web -f shop.yaml

It makes one pass of the controller over what it reads, and writes nothing. Of a file, the newest
time in it is taken for the present.

Exit codes: 0 explained; 1 it cannot be.`,
  badInputCode: 1,
  async run(terminal, names, flags) {
    const name = onlyName(names);
    const isOfFile = flags.filename.length > 0;
    if (name === undefined && !(isOfFile && names.length === 0)) {
      throw new CommandLineError(`the usage is: ${terminal.calledAs} explain ROLLOUT`);
    }
    if (isOfFile) return await explainFile(terminal, name, flags);
    return await onCluster(terminal, flags, async ({ cluster, namespace }) => {
      const subject = { namespace, name: name as string };
      return await explain(terminal, { cluster, clock: terminal.clock, subject }, flags);
    });
  },
});

async function explainFile(
  terminal: Terminal,
  name: string | undefined,
  flags: Choice,
): Promise<number> {
  const objects: KubeObject[] = [];
  for (const file of flags.filename) {
    for (const { object } of await readManifests(terminal, file)) {
      const isNamespaced = findResourceType(object)?.namespaced ?? true;
      const namespace = object.metadata.namespace ?? flags.namespace ?? "default";
      const metadata = { ...object.metadata, ...(isNamespaced ? { namespace } : {}) };
      objects.push({ ...object, metadata });
    }
  }
  const readMs = newestTimeMs(objects);
  const { clock } = terminal;
  const then = Number.isFinite(readMs) ? readMs : clock.now();
  return await explain(terminal, {
    cluster: new ReadObjects(objects),
    clock: { ...timersOf(clock), now: () => then },
    subject: subjectIn(objects, name, flags.namespace),
  }, flags);
}

function timersOf(clock: Clock): Pick<Clock, "after" | "monotonic"> {
  return {
    after: (delayMs, callback) => clock.after(delayMs, callback),
    monotonic: () => clock.monotonic(),
  };
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** The Rollout that is meant: of this name, or the only one. @throws {UsageError} */
function subjectIn(
  objects: readonly KubeObject[],
  name: string | undefined,
  namespace: string | undefined,
): Named {
  const rollouts = objects.filter(({ kind, metadata }) =>
    kind === ROLLOUTS.kind && (namespace === undefined || metadata.namespace === namespace)
  ).map(({ metadata }) => ({ namespace: metadata.namespace ?? "", name: metadata.name }));
  const found = name === undefined ? rollouts : rollouts.filter((one) => one.name === name);
  const [first, ...more] = found;
  if (first !== undefined && more.length === 0) return first;
  if (first !== undefined && name !== undefined) {
    throw new UsageError(
      `there are ${found.length} Rollouts "${name}" in the files; choose one with -n`,
    );
  }
  if (first !== undefined) {
    const names = found.map((one) => one.name).join(", ");
    throw new UsageError(`there are several Rollouts in the files; name one of ${names}`);
  }
  const meant = name === undefined ? undefined : nearest(name, rollouts.map((one) => one.name));
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  throw new UsageError(
    `there is no Rollout${name === undefined ? "" : ` "${name}"`} in the files${hint}`,
  );
}

/** Where a Rollout is, and when. */
interface Sight {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly subject: Named;
}

async function explain(
  terminal: Terminal,
  { cluster, clock, subject }: Sight,
  flags: Choice,
): Promise<number> {
  const tell = (text: string) => terminal.err(`Warning: ${text}\n`);
  const { subject: rollout, ...objects } = await readScreen(
    { cluster, namespace: subject.namespace, server: "" },
    { type: ROLLOUTS, ...subject },
    tell,
  );
  const isGoing = rollout.metadata.deletionTimestamp !== undefined;
  const plugins = await terminal.plugins();
  const pass = isGoing ? undefined : await onePass({ cluster, clock, plugins, ...subject });
  if (pass === undefined && !isGoing) {
    throw new UsageError(`Cannot explain "${subject.name}": not all that it needs could be read`);
  }
  const areAllRead = flags.filename.length === 0 || pass?.world.invalid === undefined ||
    isKnownInvalid(rollout);
  if (!areAllRead) {
    tell("the controller found nothing wrong: the files lack objects that the Rollout names");
  }
  const nowMs = clock.now();
  const namespaceEndsSinceMs = await endOfNamespace(cluster, subject.namespace);
  // Whoever reads a file may have another namespace for their own.
  const isDefault = flags.namespace === undefined && flags.filename.length === 0;
  const said = explanation({
    ...objects,
    rollout: rollout as Rollout,
    pass,
    nowMs,
    namespaceEndsSinceMs,
    areAllRead,
    program: terminal.calledAs,
    options: isDefault ? "" : ` -n ${subject.namespace}`,
  });
  terminal.out(await textOf(said, { nowMs, terminal, output: flags.output }));
  return 0;
}

/** Since when the namespace is being deleted; not everybody may look. */
async function endOfNamespace(cluster: Cluster, name: string): Promise<number | undefined> {
  const found = await cluster.get(NAMESPACES, { name }).catch(() => undefined);
  return timeMs(found?.metadata.deletionTimestamp);
}

/** Whether the controller itself found something wrong, or has not looked yet. */
function isKnownInvalid({ metadata, status }: KubeObject): boolean {
  const { conditions, observedGeneration = 0 } = fieldsOf(status);
  return Number(observedGeneration) < (metadata.generation ?? 0) ||
    listOf(conditions).map(fieldsOf)
      .some(({ type, status: is }) => type === "InvalidSpec" && is === "True");
}

async function textOf(
  said: Explanation,
  { nowMs, terminal, output }: {
    readonly nowMs: number;
    readonly terminal: Terminal;
    readonly output: Choice["output"];
  },
): Promise<string> {
  if (output === "name") return `rollout.argoproj.io/${said.name}\n`;
  if (output !== "text") return await dataText(said, output);
  const { columns } = terminal.size();
  const width = columns === undefined ? {} : { widthColumns: columns };
  return renderExplanation(said, { nowMs, color: terminal.hasColour, ...width });
}
