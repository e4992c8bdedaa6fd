/**
 * What a pass wants of the sets and of the Services, and why: computed once from the situation,
 * whatever stage asks. Stages carry out their part of it when their turn comes; what they do not
 * reach in this pass is planned anew by the next.
 */
import type { ReplicaSet } from "../../sets/mod.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import type { Service } from "../world.ts";

/** Pods that the present step, or the preview, asks for. */
export interface Goal {
  /** Pods of the newest set. */
  readonly updated: number;
  /** Pods of stable; undefined: they do not matter. */
  readonly stable: number | undefined;
  /** Pods whose readiness counts; undefined: all that are present. */
  readonly serving: number | undefined;
}

/** What one set is to be in this pass. */
export interface SetPlan {
  readonly set: ReplicaSet;
  readonly size: number;
  /** The `spec.replicas` that the size is noted to be for. */
  readonly replicas: number;
  /** When the set is to give its pods up; undefined: not at all. */
  readonly deadline?: string | undefined;
  /** The deadline is kept up to date also while the set has no pods. */
  readonly isDelayShown?: boolean;
  /** The change in words, should there be one. */
  readonly change: string;
}

/** Which set of pods a Service is to select. */
export interface SelectorPlan {
  readonly service: Service;
  readonly hash: string;
  readonly why: string;
}

/** How the traffic of a routed canary is to be split. */
export interface TrafficPlan {
  /** What every router is to make true now; undefined: what is written stays. */
  readonly intent: TrafficIntent | undefined;
  /** The canary's weight that the step asks for. */
  readonly goalWeight: number;
  /** Why the goal is not reached with this pass, as a sentence; undefined: it is. */
  readonly missing: string | undefined;
  /** Why templates of an experiment get none of their weight; undefined: they do. */
  readonly unfit?: string | undefined;
}

export interface Plan {
  readonly goal: Goal;
  /** Pods that the newest set starts with, when it is created. */
  readonly startSize: number;
  /** The sets whose sizes matter, in the order in which they are changed. */
  readonly sizes: readonly SetPlan[];
  /** Why the sizes are as they are; empty: each change says so itself. */
  readonly sizesWhy: string;
  /** When the sizes change though nothing else does; times that have passed say nothing. */
  readonly sizesChangeAtMs: readonly number[];
  /** Where users' Service (stable or active) may go now; undefined: it stays. */
  readonly users: SelectorPlan | undefined;
  /** Where the newest revision's Service (canary or preview) may go now; undefined: it stays. */
  readonly update: SelectorPlan | undefined;
  /** Undefined without a router. */
  readonly traffic?: TrafficPlan;
}
