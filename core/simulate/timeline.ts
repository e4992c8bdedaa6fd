/** The timeline of a simulation: one entry whenever anything that it tells of has changed. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { SeenRoute } from "../../sdk/traffic_router.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { ROLLOUTS, SERVICES } from "../api/names/resources.ts";
import { referencedServices } from "../api/validation/validate_services.ts";
import { equalJson, keyOfObject } from "../engine/mod.ts";
import { areSeen, entriesIn, type RouterFacts, type StepEntry } from "../rollout/mod.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import {
  availablePods,
  hashOf,
  readyPods,
  type ReplicaSet,
  revisionOf,
  wantedPods,
} from "../sets/mod.ts";
import { canaryProgress, shownPhase } from "../view/mod.ts";
import {
  allSets,
  availableIn,
  experimentSetsOf,
  type Holdings,
  holdingsOf,
  podsOf,
  type WorkloadHolding,
} from "./holdings.ts";
import { newsOfRun, runEntries, type RunEntry } from "./run_entries.ts";
import { type Trouble, troublesOf } from "./troubles.ts";

const WEIGHT_MAX = 100;

/** Why, when nobody did anything but pods. */
export const PODS_CHANGED = "pods were created, deleted or became ready";

/** Why, when nothing happened but to AnalysisRuns. */
export const MEASURED = "an analysis has measured";

/** One set of pods. */
export interface SetEntry {
  readonly hash: string;
  readonly revision: number;
  /** Pods that the set is to have. */
  readonly replicas: number;
  readonly ready: number;
  readonly available: number;
}

/** How a Rollout stood. */
export interface TimelineEntry {
  readonly atSeconds: number;
  readonly namespace: string;
  readonly rollout: string;
  readonly strategy: "Canary" | "BlueGreen";
  readonly phase: string;
  readonly message: string;
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  readonly setWeight: number;
  readonly actualWeight: number;
  /** The revision that the active Service of a blue-green selects; null: none in particular. */
  readonly active: number | null;
  readonly stable: SetEntry | null;
  /** The newest revision while it differs from stable. */
  readonly canary: SetEntry | null;
  readonly others: readonly SetEntry[];
  readonly services: Readonly<
    Record<string, { selector: Record<string, string>; annotations: Record<string, string> }>
  >;
  /** With a traffic router: the weight by destination of each route, `VirtualService/web`. */
  readonly routes?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The Deployment or ReplicaSet of `workloadRef`; null: there is none. */
  readonly workload: WorkloadEntry | null;
  /** Pods that there are, those of the workload and of Experiments too. */
  readonly pods: number;
  /** The AnalysisRuns of the newest revision, the oldest first. */
  readonly runs: readonly RunEntry[];
  /** What step plugins were asked to do, and what they answered; absent: nothing. */
  readonly stepPlugins?: readonly StepPluginEntry[];
  /** What keeps pods from getting ready, or from being made. */
  readonly troubles: readonly Trouble[];
  /** What users miss from this moment on. */
  readonly warnings: readonly string[];
  readonly why: string;
}

/** One task of a step plugin. */
export interface StepPluginEntry {
  /** From 1. */
  readonly step: number;
  readonly plugin: string;
  readonly operation: StepEntry["operation"];
  readonly phase: StepEntry["phase"];
  readonly message: string;
}

/** The workload that a Rollout takes over. */
export interface WorkloadEntry {
  readonly kind: string;
  readonly name: string;
  /** Pods that it is to have. */
  readonly replicas: number;
  readonly available: number;
}

/** When, and why, somebody looks. */
export interface Look {
  readonly nowMs: number;
  readonly why: string;
  readonly warnings?: readonly string[];
}

/** What is known of one Rollout. */
interface Track {
  /** Its entries, each with its place among those of all Rollouts. */
  readonly own: { readonly entry: TimelineEntry; readonly place: number }[];
  /** Its last entry as text, without time, reason, runs and warnings. */
  lastText: string;
  /** The runs of its last entry, as far as they are news. */
  lastRunsText: string;
  peakPods: number;
}

/** Collects entries by looking at the cluster whenever it is told to. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  readonly #cluster: EmbeddedCluster;
  readonly #startMs: number;
  /** The keys of Rollouts that may have changed since they were looked at last. */
  readonly #touched = new Set<string>();
  readonly #tracks = new Map<string, Track>();
  /** What routers last saw, by the keys of their Rollouts. */
  readonly #routes = new Map<string, NonNullable<TimelineEntry["routes"]>>();
  /** What these were read from: a router that was not asked anew sees the same. */
  readonly #observations = new Map<string, readonly unknown[]>();

  constructor(cluster: EmbeddedCluster, { startMs }: { startMs: number }) {
    this.#cluster = cluster;
    this.#startMs = startMs;
  }

  /** Takes in that these Rollouts may have changed. */
  touch(keys: Iterable<string>): void {
    for (const key of keys) this.#touched.add(key);
  }

  /** Takes in how the routers of a Rollout were found to send traffic. */
  noteRoutes(key: string, routers: readonly RouterFacts[]): void {
    if (routers.length === 0 || !areSeen(routers)) return;
    const before = this.#observations.get(key);
    const seen = routers.map(({ observation }) =>
      observation.state === "seen" ? observation.seen : undefined
    );
    const isSame = before?.length === seen.length &&
      seen.every((each, index) => each === before[index]);
    if (isSame) return;
    this.#observations.set(key, seen);
    const routes = routesIn(routers);
    if (equalJson(this.#routes.get(key), routes)) return;
    this.#routes.set(key, routes);
    this.#touched.add(key);
  }

  /** Adds an entry for a Rollout, if it has changed since the last look. */
  sample(key: string, look: Look): void {
    if (this.#touched.delete(key)) this.#look(key, look);
  }

  /** Adds an entry for each Rollout that has changed; `warnings` by the Rollouts' keys. */
  sampleAll(look: Look, warnings: ReadonlyMap<string, readonly string[]> = new Map()): void {
    const keys = [...new Set([...this.#touched, ...warnings.keys()])].sort();
    this.#touched.clear();
    for (const key of keys) this.#look(key, { ...look, warnings: warnings.get(key) ?? [] });
  }

  #look(key: string, look: Look): void {
    const [namespace = "", name = ""] = key.split("/");
    const rollout = this.#cluster.object(ROLLOUTS, { namespace, name }) as Rollout | undefined;
    if (rollout === undefined) return;
    const track = this.#trackOf(key);
    const seen = this.#entryOf(rollout, look);
    track.peakPods = Math.max(track.peakPods, seen.pods);
    // What a cause says may count on and on; that it is there is what matters.
    const troubles = seen.troubles.map(({ of, reason }) => `${of} ${reason}`);
    const bare = { ...seen, troubles, runs: [], warnings: [], atSeconds: 0, why: "" };
    const text = JSON.stringify(bare);
    const runsText = JSON.stringify(seen.runs.map(newsOfRun));
    // A warning is told once, in the entry in which what it says begins.
    const isStill = track.lastText === text && track.lastRunsText === runsText;
    if (isStill && this.#warned(track, seen)) return;
    const isSame = track.lastText === text && seen.warnings.length === 0;
    track.lastText = text;
    track.lastRunsText = runsText;
    const entry = isSame && look.why === PODS_CHANGED ? { ...seen, why: MEASURED } : seen;
    track.own.push({ entry, place: this.entries.length });
    this.entries.push(entry);
  }

  /** Adds warnings to the last entry, if that is of the same instant; false: it is not. */
  #warned({ own }: Track, { atSeconds, warnings }: TimelineEntry): boolean {
    if (warnings.length === 0) return true;
    const last = own.at(-1);
    if (last?.entry.atSeconds !== atSeconds) return false;
    const entry = { ...last.entry, warnings: [...last.entry.warnings, ...warnings] };
    this.entries[last.place] = entry;
    own[own.length - 1] = { ...last, entry };
    return true;
  }

  #trackOf(key: string): Track {
    let track = this.#tracks.get(key);
    if (track === undefined) {
      this.#tracks.set(key, track = { own: [], lastText: "", lastRunsText: "", peakPods: 0 });
    }
    return track;
  }

  /** The most pods that a Rollout had at a time. */
  peakPodsOf(key: string): number {
    return this.#tracks.get(key)?.peakPods ?? 0;
  }

  lastOf(key: string): TimelineEntry | undefined {
    return this.#tracks.get(key)?.own.at(-1)?.entry;
  }

  /** When a Rollout came to the phase and message that its last entry has. */
  sinceSecondsOf(key: string): number {
    const own = this.#tracks.get(key)?.own ?? [];
    const last = own.at(-1)?.entry;
    const before = own.findLastIndex(({ entry }) =>
      entry.phase !== last?.phase || entry.message !== last.message
    );
    return own[before + 1]?.entry.atSeconds ?? 0;
  }

  /** Entries of a Rollout from a place on; without any, the one that still holds. */
  since(key: string, place: number): TimelineEntry[] {
    const own = this.#tracks.get(key)?.own ?? [];
    const before = own.findLastIndex((each) => each.place < place);
    const after = own.slice(before + 1);
    return (after.length > 0 ? after : own.slice(-1)).map(({ entry }) => entry);
  }

  #entryOf(rollout: Rollout, { nowMs, why, warnings = [] }: Look): TimelineEntry {
    const { namespace = "", name } = rollout.metadata;
    const holdings = holdingsOf(this.#cluster, rollout);
    const { sets, workload } = holdings;
    const { phase, message } = shownPhase(rollout);
    const strategy = rollout.spec.strategy?.canary;
    const progress = strategy === undefined ? undefined : canaryProgress(rollout, sets);
    const { stableRS = "", currentPodHash = "", blueGreen = {} } = rollout.status ?? {};
    const active = sets.find((set) => hashOf(set) === blueGreen.activeSelector);
    const stable = sets.find((set) => hashOf(set) === stableRS && stableRS !== "");
    const newest = sets.find((set) => hashOf(set) === currentPodHash && currentPodHash !== "");
    const canary = newest === stable ? undefined : newest;
    const others = sets.filter((set) => set !== stable && set !== canary)
      .sort((a, b) => revisionOf(b) - revisionOf(a));
    return {
      atSeconds: (nowMs - this.#startMs) / 1000,
      namespace,
      rollout: name,
      strategy: rollout.spec.strategy?.blueGreen ? "BlueGreen" : "Canary",
      phase,
      message,
      step: rollout.status?.currentStepIndex ?? 0,
      steps: strategy?.steps?.length ?? 0,
      setWeight: progress?.setWeight ?? 0,
      actualWeight: progress === undefined
        ? 0
        : routedWeightOf(rollout) ?? weightOf({ newest, stable }, holdings),
      active: active === undefined ? null : revisionOf(active),
      stable: stable === undefined ? null : setEntry(stable),
      canary: canary === undefined ? null : setEntry(canary),
      others: others.map(setEntry),
      services: this.#servicesOf(rollout),
      ...(strategy?.trafficRouting ? { routes: this.#routes.get(keyOfObject(rollout)) ?? {} } : {}),
      workload: workload === undefined ? null : workloadEntry(workload),
      pods: podsOf(this.#cluster, [
        ...allSets(holdings),
        ...experimentSetsOf(this.#cluster, rollout),
      ]).length,
      runs: runEntries(this.#cluster, rollout),
      ...stepPluginsOf(rollout),
      troubles: this.#troublesOf(holdings),
      warnings,
      why,
    };
  }

  #troublesOf({ sets, workload }: Holdings): Trouble[] {
    const own = sets.flatMap((set) =>
      troublesOf(`revision ${revisionOf(set)}`, set, podsOf(this.#cluster, [set]))
    );
    if (workload === undefined) return own;
    const { kind, metadata } = workload.object;
    const others = workload.sets.flatMap((set) =>
      troublesOf(`${kind} ${metadata.name}`, set, podsOf(this.#cluster, [set]))
    );
    return [...own, ...others];
  }

  #servicesOf(rollout: Rollout): TimelineEntry["services"] {
    const { namespace = "" } = rollout.metadata;
    const services: Record<string, TimelineEntry["services"][string]> = {};
    for (const { name } of referencedServices(rollout)) {
      const service = this.#cluster.object(SERVICES, { namespace, name });
      if (service === undefined) continue;
      const spec = service["spec"] as { selector?: Record<string, string> } | undefined;
      services[name] = {
        selector: spec?.selector ?? {},
        annotations: withoutLastApplied(service.metadata.annotations ?? {}),
      };
    }
    return services;
  }
}

function stepPluginsOf({ status = {} }: Rollout): Pick<TimelineEntry, "stepPlugins"> {
  const entries = entriesIn(status);
  if (entries.length === 0) return {};
  const stepPlugins = entries.map(({ index, name, operation, phase, message = "" }) => ({
    step: index + 1,
    plugin: name,
    operation,
    phase,
    message,
  }));
  return { stepPlugins };
}

const KUBECTL = "kubectl.kubernetes.io/";

function withoutLastApplied(annotations: Record<string, string>): Record<string, string> {
  // Most have none, and are never changed.
  if (!Object.keys(annotations).some((key) => key.startsWith(KUBECTL))) return annotations;
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !key.startsWith(KUBECTL)),
  );
}

/**
 * The share of the available pods that are of the newest revision, in percent. Argo's screen says
 * 100 once the steps are done, whatever pods there are.
 */
function weightOf(
  { newest, stable }: { newest: ReplicaSet | undefined; stable: ReplicaSet | undefined },
  holdings: Holdings,
): number {
  const all = availableIn(allSets(holdings));
  // Without any pod nobody else has a share either.
  if (all === 0) return newest === stable ? WEIGHT_MAX : 0;
  return Math.floor((availablePods(newest) * WEIGHT_MAX) / all);
}

/** The share that routers send to the newest revision; undefined without routers. */
function routedWeightOf({ spec, status }: Rollout): number | undefined {
  const { trafficRouting } = spec.strategy?.canary ?? {};
  if (!trafficRouting) return undefined;
  const { stableRS, currentPodHash, canary } = status ?? {};
  // Stable's Service leads to the newest revision.
  if (stableRS === currentPodHash) return WEIGHT_MAX;
  const { weight } = fieldsOf(fieldsOf(canary?.["weights"])["canary"]);
  return typeof weight === "number" ? weight : 0;
}

function routesIn(routers: readonly RouterFacts[]): NonNullable<TimelineEntry["routes"]> {
  const seen = routers.flatMap(({ observation }) =>
    observation.state === "seen" ? observation.seen.routes : []
  );
  const nameOf = ({ type, ref }: SeenRoute) => `${type.kind}/${ref.name}`;
  return Object.fromEntries(seen.map((route) => {
    const isAlone = seen.filter((other) => nameOf(other) === nameOf(route)).length === 1;
    const name = isAlone ? nameOf(route) : `${nameOf(route)}/${route.route}`;
    return [name, route.weights];
  }));
}

function workloadEntry({ object, sets }: WorkloadHolding): WorkloadEntry {
  const { kind, metadata, spec } = object as KubeObject & { spec?: { replicas?: number } };
  const replicas = spec?.replicas ?? 1;
  return { kind, name: metadata.name, replicas, available: availableIn(sets) };
}

function setEntry(set: ReplicaSet): SetEntry {
  return {
    hash: hashOf(set),
    revision: revisionOf(set),
    replicas: wantedPods(set),
    ready: readyPods(set),
    available: availablePods(set),
  };
}
