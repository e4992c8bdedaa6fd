/** What a simulation came to: data for people's screens and for machines. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import {
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../api/names/resources.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import { type RolloutInfo, rolloutInfo } from "../view/mod.ts";
import type { Violation } from "./checker.ts";
import { START_MS } from "./scenario.ts";
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

/** How the worst of the Rollouts ended. */
export interface Result {
  /** Empty when no Rollout is left. */
  readonly phase: string;
  readonly message: string;
  /** When it came to this. */
  readonly atSeconds: number;
  readonly peakPods: number;
  readonly violations: readonly Violation[];
}

export interface Outcome {
  readonly timeline: readonly TimelineEntry[];
  readonly events: readonly EventEntry[];
  readonly writes: WriteCounts;
  readonly result: Result;
  readonly users: Users;
  readonly actions: readonly Action[];
  /** The Rollouts as they are at the end. */
  readonly rollouts: readonly Rollout[];
  /** All objects of the kinds that play a part, as they are at the end. */
  readonly objects: readonly KubeObject[];
  /** The screen of each Rollout at the end. */
  readonly screens: readonly RolloutInfo[];
  /** Seconds since the start at the end. */
  readonly endSeconds: number;
}

/** From best to worst; a phase that is none of them is the worst of all. */
const PHASES: readonly string[] = ["Degraded", "Progressing", "Paused", "Healthy"];

/** The kinds whose objects a simulation is about. */
const SHOWN = [ROLLOUTS, REPLICA_SETS, PODS, SERVICES, ENDPOINT_SLICES, DEPLOYMENTS];

/** Sums a run up, as far as it has come. */
export function outcomeOf(parts: {
  cluster: EmbeddedCluster;
  timeline: Timeline;
  levels: UserLevels;
  events: readonly EventEntry[];
  actions: readonly Action[];
  violations: readonly Violation[];
  writes: WriteCounts;
  nowMs: number;
}): Outcome {
  const { cluster, timeline, levels, events, actions, writes, nowMs } = parts;
  const endSeconds = (nowMs - START_MS) / 1000;
  return {
    timeline: timeline.entries,
    events,
    writes,
    result: resultOf(parts),
    users: usersOf(cluster, levels, endSeconds),
    actions,
    rollouts: cluster.objects(ROLLOUTS) as readonly Rollout[],
    objects: SHOWN.flatMap((type) => cluster.objects(type)),
    screens: screensOf(cluster, nowMs),
    endSeconds,
  };
}

/** The screen of each Rollout at a time. */
export function screensOf(cluster: EmbeddedCluster, nowMs: number): RolloutInfo[] {
  return cluster.objects(ROLLOUTS).map((rollout) => {
    const replicaSets = cluster.controlledBy(rollout.metadata.uid, REPLICA_SETS);
    const pods = replicaSets.flatMap(({ metadata }) => cluster.controlledBy(metadata.uid, PODS));
    return rolloutInfo({ rollout: rollout as Rollout, replicaSets, pods, nowMs });
  });
}

function resultOf(
  { cluster, timeline, violations }: {
    cluster: EmbeddedCluster;
    timeline: Timeline;
    violations: readonly Violation[];
  },
): Result {
  const ends = cluster.objects(ROLLOUTS)
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .flatMap((key) => {
      const entry = timeline.lastOf(key);
      return entry === undefined ? [] : [{ key, entry }];
    })
    .sort((a, b) => PHASES.indexOf(a.entry.phase) - PHASES.indexOf(b.entry.phase));
  const worst = ends[0];
  return {
    phase: worst?.entry.phase ?? "",
    message: worst?.entry.message ?? "",
    atSeconds: worst === undefined ? 0 : timeline.sinceSecondsOf(worst.key),
    peakPods: worst === undefined ? 0 : timeline.peakPodsOf(worst.key),
    violations,
  };
}

/** 0: Healthy; 1: Degraded, or a rule was broken; 3: on its way, or paused. */
export function exitCodeOf({ result }: Outcome): 0 | 1 | 3 {
  if (result.phase === "Degraded" || result.violations.length > 0) return 1;
  return result.phase === "Healthy" || result.phase === "" ? 0 : 3;
}
