/**
 * Plays a recorded case on a cluster: what was done is done, what was seen is waited for, and at
 * each snapshot the state and the screen are taken from the cluster's own objects.
 */
import assert from "node:assert/strict";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { PodTemplate, Rollout } from "../../sdk/api/rollout.ts";
import {
  ANALYSIS_RUNS,
  DEPLOYMENTS,
  EXPERIMENTS,
  findResourceType,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../core/api/names/resources.ts";
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import { readManifests } from "../../core/api/manifest/mod.ts";
import { plugins } from "../../plugins/mod.ts";
import { loadRouters, routedTypeOf } from "../../core/simulate/routed_kinds.ts";
import { abort, apply, promote, retry, setImage, undo } from "../../core/command/mod.ts";
import type { RecordedEvent } from "../../core/engine/mod.ts";
import type { Cluster } from "../../core/ports/cluster.ts";
import { renderRollout, rolloutInfo, shownPhase } from "../../core/view/mod.ts";
import {
  type ClusterState,
  isOfRollout,
  normaliseScreen,
  type SeenEvent,
  stateOf,
} from "./compare.ts";

/** Runs a verb of the program, as a user does. */
export type CommandLine = (
  words: readonly string[],
) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;

/** A cluster with a controller on it, embedded or real. */
export interface CaseWorld {
  readonly user: Cluster;
  readonly namespace: string;
  /** What the recorder was handed so far. */
  readonly events: readonly SeenEvent[];
  /** Where Prometheus is, if not where the manifests say. */
  readonly prometheusUrl?: string;
  /** The runs as they are compared; absent: as they are. */
  readonly comparableRuns?: (runs: readonly KubeObject[]) => KubeObject[];
  /** Runs a verb of the program; absent: its function is called. */
  readonly commandLine?: CommandLine;
  nowMs(): number;
  /** Lets time pass until the probe says yes; fails after two minutes of it. */
  until(what: string, probe: () => Promise<boolean>): Promise<void>;
  /** Lets so much time pass that what is under way comes to rest. */
  rest(): Promise<void>;
  /** Lets time pass. */
  wait(durationMs: number): Promise<void>;
}

export type ScriptLine =
  | { t: number; do: string }
  | { t: number; seen: string }
  /** Seconds in which nothing is done: a delay runs out. */
  | { t: number; pass: number }
  | { t: number; snapshot: number; note?: string };

/** An event as the comparison takes it. */
export function seenEvent({ object, type, reason, message }: RecordedEvent): SeenEvent {
  const about = `${object.kind.toLowerCase()}/${object.metadata.name}`;
  return { object: about, type, reason, message };
}

/** Where Prometheus is in the manifests. */
const PROMETHEUS = "http://prometheus.istio-system.svc.cluster.local:9090";

/** What a case came to. */
export interface CaseRun {
  readonly states: ClusterState[];
  /** As long as there is a Rollout. */
  readonly screens: string[];
}

export async function runCase(
  world: CaseWorld,
  { manifests, script }: { manifests: string; script: readonly ScriptLine[] },
): Promise<CaseRun> {
  const run: CaseRun = { states: [], screens: [] };
  const { prometheusUrl = PROMETHEUS, comparableRuns = (runs) => [...runs] } = world;
  const text = manifests.replaceAll(PROMETHEUS, prometheusUrl);
  const documents = readManifests({ file: "manifests.yaml", text }).documents
    .map(({ object }) => object);
  await loadRouters(documents, plugins);
  for (const line of script) {
    if ("do" in line) await carryOut(world, line.do, documents);
    else if ("seen" in line) await waitFor(world, line.seen);
    else if ("pass" in line) await world.wait(line.pass * 1000);
    else {
      await world.rest();
      const objects = await readObjects(world, documents);
      run.states.push(stateOf({ ...objects, runs: comparableRuns(objects.runs) }));
      if (objects.rollout === undefined) continue;
      run.screens.push(screenOf(world, objects));
      if (world.commandLine !== undefined) {
        await compareCommandLine(world, world.commandLine, documents);
      }
    }
  }
  return run;
}

type Objects = Awaited<ReturnType<typeof readObjects>>;

function screenOf({ nowMs }: CaseWorld, objects: Objects): string {
  const { rollout, runs } = objects;
  const info = { ...objects, rollout: rollout as Rollout, analysisRuns: runs, nowMs: nowMs() };
  return renderRollout(rolloutInfo(info));
}

/** Files that hold the documents of one kind only. */
const KINDS: Readonly<Record<string, string>> = {
  "services.yaml": "Service",
  "deployments.yaml": "Deployment",
  "virtualsvc.yaml": "VirtualService",
  "rollout.yaml": "Rollout",
};

/** What is done by verbs of the program, and what they answer. */
const ANSWERS: readonly (readonly [words: RegExp, answer: string])[] = [
  [/^set image (\S+) \S+$/, 'rollout "$1" image updated\n'],
  [/^promote (\S+)$/, "rollout '$1' promoted\n"],
  [/^undo (\S+)$/, "rollout '$1' undo\n"],
  [/^abort (\S+)$/, "rollout '$1' aborted\n"],
  [/^retry rollout (\S+)$/, "rollout '$1' retried\n"],
];

async function carryOut(
  world: CaseWorld,
  text: string,
  documents: readonly KubeObject[],
): Promise<void> {
  const { user, namespace } = world;
  const [verb, ...words] = text.split(" ");
  if (verb === "apply" || verb === "create") {
    const kind = KINDS[words[0] ?? ""];
    for (const object of documents.filter((one) => kind === undefined || one.kind === kind)) {
      const type = (routedTypeOf(object, plugins) ?? findResourceType(object)) as ResourceType;
      // Istio's objects come in several versions that say the same.
      const apiVersion = apiVersionOf(type);
      const metadata = { ...object.metadata, namespace };
      await apply(user, type, { ...object, apiVersion, metadata });
    }
  } else if (world.commandLine !== undefined && ANSWERS.some(([form]) => form.test(text))) {
    await orderOnCommandLine(world.commandLine, text);
  } else if (verb === "set" && words[1] === "deployment") {
    const [, , name = "", color = ""] = words;
    const deployment = await user.get(DEPLOYMENTS, { namespace, name });
    const { spec } = deployment as unknown as { spec: { template: PodTemplate } };
    const [container] = spec.template.spec?.containers ?? [];
    if (container === undefined) throw new Error(`Cannot play "${text}": there is no container`);
    const image = container.image?.replace(/:.*/, `:${color}`);
    const containers = [{ name: container.name, image }];
    const body = { spec: { template: { spec: { containers } } } };
    await user.patch(DEPLOYMENTS, { namespace, name }, { type: "strategic", body });
  } else if (verb === "set") {
    const [, name = "", assignment = ""] = words;
    const [container = "", image = ""] = assignment.split("=");
    await setImage(user, { namespace, name }, { container, image });
  } else if (verb === "promote") {
    await promote(user, { namespace, name: words[0] ?? "" });
  } else if (verb === "undo") {
    await undo(user, { namespace, name: words[0] ?? "" });
  } else if (verb === "retry") {
    await retry(user, { namespace, name: words[1] ?? "" });
  } else if (verb === "abort") {
    await abort(user, { namespace, name: words[0] ?? "" });
  } else if (verb === "delete") {
    const rollouts = documents.filter(({ kind }) => kind === ROLLOUTS.kind);
    for (const { metadata: { name } } of rollouts) {
      await user.delete(ROLLOUTS, { namespace, name }, { propagationPolicy: "Background" });
    }
  } else {
    throw new Error(`Cannot play "${text}": it is not known here`);
  }
}

async function orderOnCommandLine(commandLine: CommandLine, text: string): Promise<void> {
  const [form, answer] = ANSWERS.find(([words]) => words.test(text)) ?? [/$/, ""];
  const out = text.replace(form, answer);
  assert.deepEqual(await commandLine(text.split(" ")), { code: 0, out, err: "" }, text);
}

/** How often it is looked at anew, when something happened while verbs were under way. */
const LOOKS = 10;

/**
 * What `get rollout` and `status` say has to be what the cluster holds. That may change while they
 * run: they are compared where it is the same before and after.
 */
async function compareCommandLine(
  world: CaseWorld,
  commandLine: CommandLine,
  documents: readonly KubeObject[],
): Promise<void> {
  const look = async () => {
    const objects = await readObjects(world, documents);
    const { rollout } = objects;
    return { rollout: rollout as Rollout, screen: normaliseScreen(screenOf(world, objects)) };
  };
  for (let looks = 1;; looks++) {
    const before = await look();
    const { name } = before.rollout.metadata;
    const [screen, status] = await Promise.all([
      commandLine(["get", "rollout", name]),
      commandLine(["status", name, "--watch=false"]),
    ]);
    const after = await look();
    if (looks < LOOKS && before.screen !== after.screen) continue;
    assert.deepEqual([screen.code, screen.err], [0, ""], screen.out);
    assert.equal(normaliseScreen(screen.out), after.screen);
    assert.deepEqual(status, statusOf(after.rollout));
    return;
  }
}

/** What `status` answers. */
function statusOf(rollout: Rollout): Awaited<ReturnType<CommandLine>> {
  const { phase, message } = shownPhase(rollout);
  const isDegraded = phase === "Degraded";
  const isEnd = isDegraded || phase === "Healthy";
  return {
    code: isDegraded ? 1 : 0,
    out: isEnd || message === "" ? `${phase}\n` : `${phase} - ${message}\n`,
    err: isDegraded ? `Error: The rollout is in a degraded state with message: ${message}\n` : "",
  };
}

/**
 * Waits for `Healthy`, or for `Paused at 1`: a phase, and the step where that matters; `analysis`:
 * the run of the step goes on; `experiment`: that of the step is there.
 */
async function waitFor(world: CaseWorld, seen: string): Promise<void> {
  const [phase, , step] = seen.split(" ");
  await world.until(seen, async () => {
    const { items } = await world.user.list(ROLLOUTS, { namespace: world.namespace });
    const rollout = items[0] as Rollout;
    const index = rollout.status?.currentStepIndex;
    if (phase === "analysis") return isMeasuring(rollout);
    if (phase === "experiment") return rollout.status?.canary?.["currentExperiment"] !== undefined;
    return shownPhase(rollout).phase === phase && (step === undefined || index === Number(step));
  });
}

function isMeasuring({ status }: Rollout): boolean {
  const run = status?.canary?.["currentStepAnalysisRunStatus"] as { status?: string } | undefined;
  return run?.status === "Running";
}

async function readObjects(world: CaseWorld, documents: readonly KubeObject[]) {
  const list = async (type: ResourceType): Promise<KubeObject[]> => {
    const { items } = await world.user.list(type, { namespace: world.namespace });
    // A list leaves out what all of its items share.
    return items.map((item) => ({ ...item, kind: type.kind }));
  };
  const [rollouts, replicaSets, services, pods] = await Promise.all(
    [ROLLOUTS, REPLICA_SETS, SERVICES, PODS].map(list),
  );
  // A cluster without a router's kinds is not asked for them.
  const routedTypes = new Set(documents.flatMap((object) => routedTypeOf(object, plugins) ?? []));
  const routed = await Promise.all([...routedTypes].map(list));
  const isMeasured = documents.some(({ kind }) => kind === "AnalysisTemplate");
  const runs = isMeasured ? await list(ANALYSIS_RUNS) : [];
  const experiments = isMeasured ? await list(EXPERIMENTS) : [];
  return {
    rollout: rollouts?.[0] as Rollout | undefined,
    replicaSets: (replicaSets ?? []).filter(isOfRollout),
    services: services ?? [],
    pods: pods ?? [],
    routed: routed.flat(),
    runs,
    experiments,
  };
}
