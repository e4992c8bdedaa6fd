/** What a simulation came to: data for people's screens and for machines. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  EXPERIMENTS,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../api/names/resources.ts";
import { controllerOf } from "../api/ownership.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import { keyOfObject } from "../engine/mod.ts";
import {
  type ExperimentScreen,
  experimentScreen,
  type RolloutInfo,
  rolloutInfo,
} from "../view/mod.ts";
import type { Violation } from "./checker.ts";
import { type ExperimentEntry, type ExperimentTimeline, worstEnd } from "./experiment_timeline.ts";
import type { MissingData, MissingStep } from "./rehearsal.ts";
import { START_MS } from "./scenario.ts";
import type { SentNotification } from "./simulated_notifications.ts";
import type { Timeline, TimelineEntry } from "./timeline.ts";
import type { UserLevels } from "./user_levels.ts";
import { type Users, usersOf } from "./users.ts";

export interface EventEntry {
  readonly atSeconds: number;
  readonly reason: string;
  readonly type: "Normal" | "Warning";
  readonly message: string;
  readonly namespace: string;
  /** `rollout/web` */
  readonly object: string;
}

/** A command that was carried out. */
export interface Action {
  readonly atSeconds: number;
  readonly text: string;
  /** Entries of the timeline that were there before. */
  readonly entriesBefore: number;
  /** What the command said, where nothing else says it. */
  answer?: string;
}

/** The controller's writes, without events. */
export interface WriteCounts {
  total: number;
  /** `replicasets`, `rollouts/status`, … */
  byResource: Record<string, number>;
}

/**
 * How the worst of the Rollouts ended, of equals the last to come to it; without any, the worst of
 * the Experiments.
 */
export interface Result {
  /** `namespace/name`; absent: it is about no Rollout. */
  readonly rollout?: string;
  /** Empty when none is left. */
  readonly phase: string;
  readonly message: string;
  /** When it came to this. */
  readonly atSeconds: number;
  readonly peakPods: number;
  readonly violations: readonly Violation[];
}

export interface Outcome {
  readonly timeline: readonly TimelineEntry[];
  /** Absent: there was no Experiment. */
  readonly experiments?: readonly ExperimentEntry[];
  readonly events: readonly EventEntry[];
  /** What would have been sent; absent: no configuration of notifications was given. */
  readonly notifications?: readonly SentNotification[];
  readonly writes: WriteCounts;
  readonly result: Result;
  readonly users: Users;
  readonly actions: readonly Action[];
  /** Measurements that could not be made, since nothing says what they find. */
  readonly missing: readonly MissingData[];
  /** Steps whose plugins could not be called, since nothing says what they answer. */
  readonly missingSteps: readonly MissingStep[];
  /** The Rollouts as they are at the end. */
  readonly rollouts: readonly Rollout[];
  /** All objects of the kinds that play a part, as they are at the end. */
  readonly objects: readonly KubeObject[];
  /** The screen of each Rollout at the end. */
  readonly screens: readonly RolloutInfo[];
  /** The screen of each Experiment that is no Rollout's, at the end. */
  readonly experimentScreens: readonly ExperimentScreen[];
  /** Seconds since the start at the end. */
  readonly endSeconds: number;
}

/** From best to worst; a phase that is none of them is the worst of all. */
const PHASES: readonly string[] = ["Degraded", "Progressing", "Paused", "Healthy"];

/** The kinds whose objects a simulation is about. */
const SHOWN = [
  ROLLOUTS,
  EXPERIMENTS,
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  REPLICA_SETS,
  PODS,
  SERVICES,
  ENDPOINT_SLICES,
  DEPLOYMENTS,
];

/** Sums a run up, as far as it has come. */
export function outcomeOf(parts: {
  cluster: EmbeddedCluster;
  timeline: Timeline;
  experiments: ExperimentTimeline;
  levels: UserLevels;
  events: readonly EventEntry[];
  notifications: readonly SentNotification[] | undefined;
  actions: readonly Action[];
  violations: readonly Violation[];
  writes: WriteCounts;
  missing: readonly MissingData[];
  /** The kinds that routers steer. */
  routed: readonly ResourceType[];
  missingSteps: readonly MissingStep[];
  nowMs: number;
}): Outcome {
  const { cluster, timeline, experiments, levels, events, actions, writes, missing, nowMs } = parts;
  const endSeconds = (nowMs - START_MS) / 1000;
  return {
    timeline: timeline.entries,
    ...(experiments.entries.length === 0 ? {} : { experiments: experiments.entries }),
    events,
    ...(parts.notifications === undefined ? {} : { notifications: parts.notifications }),
    writes,
    result: resultOf(parts),
    users: usersOf(cluster, levels, endSeconds),
    actions,
    missing: [...missing],
    missingSteps: [...parts.missingSteps],
    rollouts: cluster.objects(ROLLOUTS) as readonly Rollout[],
    objects: [...SHOWN, ...parts.routed].flatMap((type) => cluster.objects(type)),
    screens: screensOf(cluster, nowMs),
    experimentScreens: experimentScreensOf(cluster, nowMs),
    endSeconds,
  };
}

/** The screen of each Rollout at a time. */
export function screensOf(cluster: EmbeddedCluster, nowMs: number): RolloutInfo[] {
  return cluster.objects(ROLLOUTS).map((rollout) => {
    const experiments = ownedBy(cluster, [rollout], EXPERIMENTS);
    const parts = partsOf(cluster, [rollout, ...experiments]);
    return rolloutInfo({ ...parts, rollout: rollout as Rollout, experiments, nowMs });
  });
}

function experimentScreensOf(cluster: EmbeddedCluster, nowMs: number): ExperimentScreen[] {
  return cluster.objects(EXPERIMENTS)
    .filter((experiment) => controllerOf(experiment)?.kind !== ROLLOUTS.kind)
    .map((experiment) =>
      experimentScreen({ ...partsOf(cluster, [experiment]), experiment, nowMs })
    );
}

/** What these have on their screen. */
function partsOf(cluster: EmbeddedCluster, owners: readonly KubeObject[]) {
  const replicaSets = ownedBy(cluster, owners, REPLICA_SETS);
  const pods = ownedBy(cluster, replicaSets, PODS);
  return { replicaSets, pods, analysisRuns: ownedBy(cluster, owners, ANALYSIS_RUNS) };
}

function ownedBy(
  cluster: EmbeddedCluster,
  owners: readonly KubeObject[],
  type: ResourceType,
): KubeObject[] {
  return owners.flatMap(({ metadata }) => cluster.controlledBy(metadata.uid, type));
}

function resultOf(
  { cluster, timeline, experiments, violations }: {
    cluster: EmbeddedCluster;
    timeline: Timeline;
    experiments: ExperimentTimeline;
    violations: readonly Violation[];
  },
): Result {
  const ends = cluster.objects(ROLLOUTS)
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .flatMap((key) => {
      const entry = timeline.lastOf(key);
      return entry === undefined
        ? []
        : [{ key, entry, sinceSeconds: timeline.sinceSecondsOf(key) }];
    })
    .sort((a, b) =>
      PHASES.indexOf(a.entry.phase) - PHASES.indexOf(b.entry.phase) ||
      b.sinceSeconds - a.sinceSeconds
    );
  const [worst] = ends;
  if (worst === undefined) {
    const present = cluster.objects(EXPERIMENTS).map(keyOfObject);
    const entries = experiments.entries
      .filter(({ namespace, experiment }) => present.includes(`${namespace}/${experiment}`));
    const { phase = "", message = "", atSeconds = 0 } = worstEnd(entries) ?? {};
    return { phase, message, atSeconds, peakPods: experiments.peakPods, violations };
  }
  return {
    rollout: worst.key,
    phase: worst.entry.phase,
    message: worst.entry.message,
    atSeconds: worst.sinceSeconds,
    peakPods: timeline.peakPodsOf(worst.key),
    violations,
  };
}

const BAD_ENDS: readonly string[] = ["Degraded", "Failed", "Error", "Inconclusive"];
const GOOD_ENDS: readonly string[] = ["Healthy", "Successful", ""];

/**
 * 0: well; 1: Degraded or failed, or a rule was broken; 2: data of metrics or step plugins are
 * missing; 3: on its way, or paused.
 */
export function exitCodeOf({ result, missing, missingSteps }: Outcome): 0 | 1 | 2 | 3 {
  if (missing.length + missingSteps.length > 0) return 2;
  if (BAD_ENDS.includes(result.phase) || result.violations.length > 0) return 1;
  return GOOD_ENDS.includes(result.phase) ? 0 : 3;
}
