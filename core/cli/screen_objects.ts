/** The objects that a screen is made of: read once, or followed as the cluster changes them. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import {
  ANALYSIS_RUNS,
  EXPERIMENTS,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
} from "../api/names/resources.ts";
import { byController, controlledBy } from "../api/ownership.ts";
import { toldIfMissing } from "../command/mod.ts";
import { Reflector, Store } from "../engine/mod.ts";
import {
  type Clock,
  isForbidden,
  isNotFound,
  type Log,
  type Selection,
  silentLog,
} from "../ports/mod.ts";
import type { Session } from "./cluster_session.ts";

/** Which object a screen is about. */
export interface Subject {
  readonly type: typeof ROLLOUTS | typeof EXPERIMENTS;
  readonly namespace: string;
  readonly name: string;
}

/** What there is of the kinds of a screen. */
export interface ScreenObjects {
  readonly subject: KubeObject;
  readonly replicaSets: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  readonly experiments: readonly KubeObject[];
  readonly analysisRuns: readonly KubeObject[];
}

/** A kind, and which of its objects. */
export interface Source {
  readonly type: ResourceType;
  readonly selection: Selection;
  /** The screen can do without: the kind may not be installed, or may not be listed. */
  readonly mayBeAbsent?: true;
}

/** Reads what a screen shows; `tell` gets a sentence for what may not be seen. */
export async function readScreen(
  { cluster }: Session,
  { type, ...target }: Subject,
  tell: (text: string) => void,
): Promise<ScreenObjects> {
  const { namespace } = target;
  const listed = async (wanted: ResourceType, labelSelector?: string) => {
    try {
      const selection = labelSelector === undefined ? {} : { labelSelector };
      return (await cluster.list(wanted, { namespace, ...selection })).items;
    } catch (error) {
      if (isForbidden(error)) tell(`${wanted.plural} are not shown: ${(error as Error).message}`);
      else if (!isNotFound(error)) throw error;
      return [];
    }
  };
  const [subject, replicaSets, experiments, analysisRuns] = await Promise.all([
    toldIfMissing(type, target, cluster.get(type, target)),
    listed(REPLICA_SETS, POD_TEMPLATE_HASH_LABEL),
    type === ROLLOUTS ? listed(EXPERIMENTS) : [],
    listed(ANALYSIS_RUNS),
  ]);
  const hashes = hashesOf(subject, replicaSets, experiments);
  const pods = hashes.length === 0
    ? []
    : await listed(PODS, `${POD_TEMPLATE_HASH_LABEL} in (${hashes.join(",")})`);
  return { subject, replicaSets, pods, experiments, analysisRuns };
}

/** The hashes of the sets of the subject and of its Experiments. */
function hashesOf(
  subject: KubeObject,
  replicaSets: readonly KubeObject[],
  experiments: readonly KubeObject[],
): string[] {
  const groups = byController(replicaSets);
  const owners = [subject, ...controlledBy(subject, byController(experiments))];
  const hashes = owners.flatMap((owner) => controlledBy(owner, groups))
    .map(({ metadata }) => metadata.labels?.[POD_TEMPLATE_HASH_LABEL] ?? "");
  return [...new Set(hashes)].filter((hash) => hash !== "").sort();
}

/** What a screen that is kept up to date follows. */
export function sourcesOf({ type, namespace, name }: Subject): Source[] {
  const ofPods = { namespace, labelSelector: POD_TEMPLATE_HASH_LABEL };
  return [
    { type, selection: { namespace, fieldSelector: `metadata.name=${name}` } },
    { type: REPLICA_SETS, selection: ofPods, mayBeAbsent: true },
    { type: PODS, selection: ofPods, mayBeAbsent: true },
    ...(type === ROLLOUTS
      ? [{ type: EXPERIMENTS, selection: { namespace }, mayBeAbsent: true as const }]
      : []),
    { type: ANALYSIS_RUNS, selection: { namespace }, mayBeAbsent: true },
  ];
}

/** Objects that are kept as the cluster has them. */
export class ObjectFeed {
  readonly #reflectors: readonly Reflector[];

  /** `onChange` is called for each change; `tell` gets what goes wrong on the way. */
  constructor(
    { cluster }: Session,
    sources: readonly Source[],
    { clock, onChange, tell }: {
      readonly clock: Clock;
      onChange(): void;
      tell(text: string): void;
    },
  ) {
    this.#reflectors = sources.map(({ type, selection, mayBeAbsent = false }) => {
      const store = new Store(type);
      const log: Log = {
        ...silentLog,
        warn(message, fields) {
          // Of a kind that is not installed there is nothing to miss.
          if (reflector.cacheState === "missing") return;
          tell([message, fields?.["cause"]].filter(Boolean).join(": "));
        },
      };
      const reflector: Reflector = new Reflector({
        cluster,
        clock,
        log,
        store,
        selection,
        mayBeAbsent: () => mayBeAbsent,
      });
      store.onChange(onChange);
      reflector.onSync(onChange);
      reflector.onState(onChange);
      return reflector;
    });
  }

  start(): void {
    for (const reflector of this.#reflectors) reflector.start();
  }

  stop(): void {
    for (const reflector of this.#reflectors) reflector.stop();
  }

  /** True once there is something to show of every kind. */
  get isFilled(): boolean {
    return this.#reflectors.every(({ hasSynced, isUnavailable }) => hasSynced || isUnavailable);
  }

  objects(type: ResourceType): KubeObject[] {
    const found = this.#reflectors.find(({ store }) => store.type === type);
    return found === undefined ? [] : [...found.store.all()];
  }

  /** What a screen shows; undefined when its subject is gone. */
  screen({ type, name }: Subject): ScreenObjects | undefined {
    const subject = this.objects(type).find(({ metadata }) => metadata.name === name);
    if (subject === undefined) return undefined;
    return {
      subject,
      replicaSets: this.objects(REPLICA_SETS),
      pods: this.objects(PODS),
      experiments: this.objects(EXPERIMENTS),
      analysisRuns: this.objects(ANALYSIS_RUNS),
    };
  }
}
