/** The timeline of a simulation: one entry whenever anything that it tells of has changed. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { PODS, REPLICA_SETS, ROLLOUTS, SERVICES } from "../api/names/resources.ts";
import { referencedServices } from "../api/validation/validate_services.ts";
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
import { TouchedRollouts } from "./touched_rollouts.ts";

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
  readonly pods: number;
  readonly why: string;
}

/** What is known of one Rollout. */
interface Track {
  /** Its entries, each with its place among those of all Rollouts. */
  readonly own: { readonly entry: TimelineEntry; readonly place: number }[];
  /** Its last entry as text, without time and reason. */
  lastText: string;
  peakPods: number;
}

/** Collects entries by looking at the cluster whenever it is told to. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  readonly #cluster: EmbeddedCluster;
  readonly #startMs: number;
  readonly #touched = new TouchedRollouts();
  readonly #tracks = new Map<string, Track>();

  constructor(cluster: EmbeddedCluster, { startMs }: { startMs: number }) {
    this.#cluster = cluster;
    this.#startMs = startMs;
    cluster.onWrite((write) => this.#touched.note(write));
  }

  /** Adds an entry for each Rollout, or that of the key, that has changed since the last look. */
  sample(nowMs: number, why: string, key?: string): void {
    if (key === undefined) {
      for (const each of this.#touched.takeAll()) this.#look(each, nowMs, why);
    } else if (this.#touched.take(key)) this.#look(key, nowMs, why);
  }

  #look(key: string, nowMs: number, why: string): void {
    const [namespace = "", name = ""] = key.split("/");
    const rollout = this.#cluster.object(ROLLOUTS, { namespace, name }) as Rollout | undefined;
    if (rollout === undefined) return;
    const track = this.#trackOf(key);
    const entry = this.#entryOf(rollout, nowMs, why);
    track.peakPods = Math.max(track.peakPods, entry.pods);
    const text = JSON.stringify({ ...entry, atSeconds: 0, why: "" });
    if (track.lastText === text) return;
    track.lastText = text;
    track.own.push({ entry, place: this.entries.length });
    this.entries.push(entry);
  }

  #trackOf(key: string): Track {
    let track = this.#tracks.get(key);
    if (track === undefined) {
      this.#tracks.set(key, track = { own: [], lastText: "", peakPods: 0 });
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

  #entryOf(rollout: Rollout, nowMs: number, why: string): TimelineEntry {
    const { namespace = "", name } = rollout.metadata;
    const sets = this.#ownSetsOf(rollout);
    const pods = sets.flatMap(({ metadata }) => this.#cluster.controlledBy(metadata.uid, PODS));
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
      actualWeight: progress?.actualWeight ?? 0,
      active: active === undefined ? null : revisionOf(active),
      stable: stable === undefined ? null : setEntry(stable),
      canary: canary === undefined ? null : setEntry(canary),
      others: others.map(setEntry),
      services: this.#servicesOf(rollout),
      pods: pods.length,
      why,
    };
  }

  #ownSetsOf({ metadata }: Rollout): ReplicaSet[] {
    return this.#cluster.controlledBy(metadata.uid, REPLICA_SETS) as ReplicaSet[];
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

function withoutLastApplied(annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !key.startsWith("kubectl.kubernetes.io/")),
  );
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
