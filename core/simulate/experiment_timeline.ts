/** How Experiments stood: one entry whenever phase, sizes or available pods of one have changed. */
import type { Experiment } from "../../sdk/api/experiment.ts";
import { EXPERIMENT_TEMPLATE_NAME_ANNOTATION } from "../api/names/names.ts";
import { EXPERIMENTS, REPLICA_SETS } from "../api/names/resources.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import { keyOfObject } from "../engine/mod.ts";
import { availablePods, type ReplicaSet, wantedPods } from "../sets/mod.ts";
import { podsOf } from "./holdings.ts";

/** The pods of one template. */
export interface TemplateEntry {
  readonly name: string;
  /** Pods that its set is to have. */
  readonly replicas: number;
  readonly available: number;
}

/** How an Experiment stood. */
export interface ExperimentEntry {
  readonly atSeconds: number;
  readonly namespace: string;
  readonly experiment: string;
  readonly phase: string;
  readonly message: string;
  readonly templates: readonly TemplateEntry[];
  /** Pods that there are. */
  readonly pods: number;
  readonly why: string;
  /** Entries of the Rollouts' timeline that were there before. */
  readonly entriesBefore: number;
}

/** When, and after which entries of the Rollouts, somebody looks. */
interface Look {
  readonly nowMs: number;
  readonly why: string;
  /** The one Experiment that is looked at, `namespace/name`; absent: all. */
  readonly key?: string;
  readonly entriesBefore: number;
}

export class ExperimentTimeline {
  readonly entries: ExperimentEntry[] = [];
  readonly #cluster: EmbeddedCluster;
  readonly #startMs: number;
  /** What the last entry of each said. */
  readonly #lastTexts = new Map<string, string>();
  #peakPods = 0;

  constructor(cluster: EmbeddedCluster, { startMs }: { startMs: number }) {
    this.#cluster = cluster;
    this.#startMs = startMs;
  }

  /** The most pods that all of them had at a time. */
  get peakPods(): number {
    return this.#peakPods;
  }

  /** Adds an entry for each that has changed. */
  sample(look: Look): void {
    let pods = 0;
    for (const object of this.#cluster.objects(EXPERIMENTS)) {
      const entry = this.#entryOf(object as Experiment, look);
      pods += entry.pods;
      if (look.key !== undefined && look.key !== keyOfObject(object)) continue;
      const { phase, message, templates } = entry;
      const text = JSON.stringify({ phase, message, templates });
      if (this.#lastTexts.get(keyOfObject(object)) === text) continue;
      this.#lastTexts.set(keyOfObject(object), text);
      this.entries.push(entry);
    }
    this.#peakPods = Math.max(this.#peakPods, pods);
  }

  #entryOf({ metadata, status }: Experiment, { nowMs, why, entriesBefore }: Look): ExperimentEntry {
    const sets = this.#cluster.controlledBy(metadata.uid, REPLICA_SETS) as readonly ReplicaSet[];
    return {
      atSeconds: (nowMs - this.#startMs) / 1000,
      namespace: metadata.namespace ?? "",
      experiment: metadata.name,
      phase: status?.phase ?? "",
      message: status?.message ?? "",
      templates: sets.map((set) => ({
        name: set.metadata.annotations?.[EXPERIMENT_TEMPLATE_NAME_ANNOTATION] ?? set.metadata.name,
        replicas: wantedPods(set),
        available: availablePods(set),
      })),
      pods: podsOf(this.#cluster, sets).length,
      why,
      entriesBefore,
    };
  }
}

/** From best to worst. */
const PHASES: readonly string[] = [
  "Successful",
  "Running",
  "Pending",
  "",
  "Inconclusive",
  "Error",
  "Failed",
];

/** The one that came to the worst, from when on; undefined: there is none. */
export function worstEnd(entries: readonly ExperimentEntry[]): ExperimentEntry | undefined {
  const ends = new Map<string, ExperimentEntry>();
  for (const entry of entries) {
    const key = `${entry.namespace}/${entry.experiment}`;
    const before = ends.get(key);
    if (before?.phase !== entry.phase || before.message !== entry.message) ends.set(key, entry);
  }
  const rankOf = ({ phase }: ExperimentEntry) => PHASES.indexOf(phase);
  return [...ends.values()].sort((one, other) => rankOf(other) - rankOf(one))[0];
}
