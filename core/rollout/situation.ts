/**
 * What the stages of a pass look at: the snapshot, the state of the update as earlier stages of the
 * same pass left it, and the plan that follows from both.
 */
import type { BlueGreenStrategy, CanaryStep, CanaryStrategy } from "../../sdk/api/rollout.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { type Effect, equalJson } from "../engine/mod.ts";
import { hashOf, type ReplicaSet, revisionOf } from "../sets/mod.ts";
import type { Plan } from "./plan/plan.ts";
import type { UpdateState } from "./update_state.ts";
import type { RolloutWorld } from "./world.ts";

/** The Rollout's sets by their part in the update. */
export interface Sets {
  /** The set of the present template. */
  readonly next: ReplicaSet | undefined;
  /** The set that a finished update made stable; may be `next`. */
  readonly stable: ReplicaSet | undefined;
  /** All others, newest revision first. */
  readonly past: readonly ReplicaSet[];
}

export interface Canary {
  readonly kind: "canary";
  readonly spec: CanaryStrategy;
  readonly steps: readonly CanaryStep[];
}

/** A canary whose traffic is split by routers. */
export interface RoutedCanary {
  readonly kind: "routedCanary";
  readonly spec: CanaryStrategy;
  readonly steps: readonly CanaryStep[];
}

export interface BlueGreen {
  readonly kind: "blueGreen";
  readonly spec: BlueGreenStrategy;
  /** It has none. */
  readonly steps: readonly CanaryStep[];
}

export type Strategy = Canary | RoutedCanary | BlueGreen;

/** What is known without a plan. */
export interface Facts<Kind extends Strategy = Strategy> {
  readonly world: RolloutWorld;
  readonly state: UpdateState;
  readonly sets: Sets;
  /** Wanted pods. */
  readonly replicas: number;
  readonly strategy: Kind;
  /** What the cluster said when it refused a write of this pass; absent: it refused none. */
  readonly refusal?: string;
  /** It says that of each such write, and not only of one that came at a bad moment. */
  readonly isRefusedAnyhow?: boolean;
}

export interface Situation<Kind extends Strategy = Strategy> extends Facts<Kind> {
  /** What this pass wants: computed at the first call, once for each state. */
  readonly plan: () => Plan;
  /** Computes it. */
  readonly planner: (facts: Facts) => Plan;
}

/** What one stage says. */
export interface Verdict {
  readonly effects?: readonly Effect[];
  /** Carried out last: where one is refused, what keeps users served has come true already. */
  readonly closingEffects?: readonly Effect[];
  readonly state?: Partial<UpdateState>;
  /** Recorded after the status was written, before what the status itself gives rise to. */
  readonly events?: readonly EventDraft[];
  /** Recorded last. */
  readonly closingEvents?: readonly EventDraft[];
  /** settle: later stages wait for what this one began. */
  readonly then: "continue" | "settle";
  /** The world, or what is wanted, changes then: a delay is over, a pause ends. */
  readonly wakeAtMs?: number;
  /** What was refused, or not answered, is tried again then. */
  readonly retryAtMs?: number;
  readonly why?: string;
}

/** One named decision; pure. */
export type Stage<Kind extends Strategy = Strategy> = (situation: Situation<Kind>) => Verdict;

export const CONTINUE: Verdict = Object.freeze({ then: "continue" });

/** The situation after a stage decided; which set is stable may have changed with it. */
export function withState<Kind extends Strategy>(
  before: Omit<Situation<Kind>, "sets" | "plan">,
  decided: Partial<UpdateState>,
): Situation<Kind> {
  const { world } = before;
  const state = { ...before.state, ...decided };
  const next = world.nextSet;
  const stable = state.stableHash === ""
    ? undefined
    : world.replicaSets.find((set) => hashOf(set) === state.stableHash);
  const past = world.replicaSets
    .filter((set) => set !== next && set !== stable)
    .sort((a, b) => revisionOf(b) - revisionOf(a));
  const facts = { ...before, state, sets: { next, stable, past } };
  let plan: Plan | undefined;
  return { ...facts, plan: () => plan ??= facts.planner(facts) };
}

/** The situation after a stage decided; the same one, with its plan, if the state stays. */
export function afterStage<Kind extends Strategy>(
  before: Situation<Kind>,
  decided: Partial<UpdateState>,
): Situation<Kind> {
  const { state } = before;
  const isNews = (Object.keys(decided) as (keyof UpdateState)[])
    .some((field) => !equalJson(state[field], decided[field]));
  return isNews ? withState(before, decided) : before;
}

/** True for a canary without a router. */
export function isCanary(facts: Facts): facts is Facts<Canary> {
  return facts.strategy.kind === "canary";
}

export function isBlueGreen(facts: Facts): facts is Facts<BlueGreen> {
  return facts.strategy.kind === "blueGreen";
}

export function isRouted(facts: Facts): facts is Facts<RoutedCanary> {
  return facts.strategy.kind === "routedCanary";
}

/** True when the present template is the stable one. */
export function isFullyPromoted({ state }: Facts): boolean {
  return state.stableHash !== "" && state.stableHash === state.currentHash;
}

/** The stable set while another is to take its place. */
export function outgoingSet({ sets }: Facts): ReplicaSet | undefined {
  return sets.stable === sets.next ? undefined : sets.stable;
}

/** The step being carried out; undefined when there is none left, or none at all. */
export function currentStep({ state, strategy }: Facts): CanaryStep | undefined {
  return state.stepIndex === undefined ? undefined : strategy.steps[state.stepIndex];
}

/** The index that means "all steps done"; undefined for a Rollout without steps. */
export function lastIndex({ strategy: { steps } }: Facts): number | undefined {
  return steps.length === 0 ? undefined : steps.length;
}

export function hasDoneAllSteps(facts: Facts): boolean {
  const last = lastIndex(facts);
  return last === undefined || facts.state.stepIndex === last;
}

/** The revision of the present template's set, for messages; 0 before it exists. */
export function currentRevision({ sets, world }: Facts): number {
  if (sets.next !== undefined) return revisionOf(sets.next);
  return nextRevision(world);
}

/** The revision that a new set gets. */
export function nextRevision({ replicaSets, nextSet }: RolloutWorld): number {
  const revisions = replicaSets.filter((set) => set !== nextSet).map(revisionOf);
  return Math.max(0, ...revisions) + 1;
}
