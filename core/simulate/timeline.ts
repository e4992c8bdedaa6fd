/** The timeline of a simulation: one entry whenever anything that it tells of has changed. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { isControlledBy } from "../api/ownership.ts";
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
} from "../rollout/mod.ts";
import { canaryProgress, shownPhase } from "../view/mod.ts";

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

/** Collects entries by looking at the cluster whenever it is told to. */
export class Timeline {
  readonly entries: TimelineEntry[] = [];
  readonly #cluster: EmbeddedCluster;
  readonly #startMs: number;
  readonly #last = new Map<string, string>();
  /** The change after which a Rollout was looked at last: without another, nothing is new. */
  readonly #seen = new Map<string, number>();
  #changes = 0;
  readonly #peakPods = new Map<string, number>();

  constructor(cluster: EmbeddedCluster, { startMs }: { startMs: number }) {
    this.#cluster = cluster;
    this.#startMs = startMs;
    cluster.onWrite(({ changed }) => {
      if (changed) this.#changes++;
    });
  }

  /** Adds an entry for each Rollout that has changed since it was last looked at. */
  sample(nowMs: number, why: string, key?: string): void {
    for (const object of this.#cluster.objects(ROLLOUTS)) {
      const rollout = object as Rollout;
      const { namespace = "", name } = rollout.metadata;
      const rolloutKey = `${namespace}/${name}`;
      if (key !== undefined && key !== rolloutKey) continue;
      if (this.#seen.get(rolloutKey) === this.#changes) continue;
      this.#seen.set(rolloutKey, this.#changes);
      const entry = this.#entryOf(rollout, nowMs, why);
      this.#peakPods.set(rolloutKey, Math.max(this.peakPodsOf(rolloutKey), entry.pods));
      const text = JSON.stringify({ ...entry, atSeconds: 0, why: "" });
      if (this.#last.get(rolloutKey) === text) continue;
      this.#last.set(rolloutKey, text);
      this.entries.push(entry);
    }
  }

  /** The most pods that a Rollout had at a time. */
  peakPodsOf(key: string): number {
    return this.#peakPods.get(key) ?? 0;
  }

  lastOf(key: string): TimelineEntry | undefined {
    return this.entries.findLast(({ namespace, rollout }) => `${namespace}/${rollout}` === key);
  }

  /** Entries of a Rollout from a place on; without any, the one that still holds. */
  since(key: string, place: number): TimelineEntry[] {
    const isOfKey = (entry: TimelineEntry) => `${entry.namespace}/${entry.rollout}` === key;
    const after = this.entries.slice(place).filter(isOfKey);
    return after.length > 0 ? after : this.entries.filter(isOfKey).slice(-1);
  }

  #entryOf(rollout: Rollout, nowMs: number, why: string): TimelineEntry {
    const { namespace = "", name } = rollout.metadata;
    const sets = this.#cluster.objects(REPLICA_SETS, { namespace })
      .filter((set) => isControlledBy(set, rollout)) as ReplicaSet[];
    const owners = new Set(sets.map((set) => set.metadata.uid));
    const pods = this.#cluster.objects(PODS, { namespace })
      .filter((pod) => owners.has(pod.metadata.ownerReferences?.[0]?.uid));
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

  #servicesOf(rollout: Rollout): TimelineEntry["services"] {
    const { namespace } = rollout.metadata;
    const services: Record<string, TimelineEntry["services"][string]> = {};
    const present = namespace === undefined ? [] : this.#cluster.objects(SERVICES, { namespace });
    for (const { name } of referencedServices(rollout)) {
      const service = present.find((object) => object.metadata.name === name);
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
