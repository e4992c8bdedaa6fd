/**
 * The safety checker: judges what a pass is about to write against the snapshot it was decided on.
 * It knows the rules, not the code that keeps them.
 */
import type { Effect } from "../engine/mod.ts";
import { REPLICA_SETS, SERVICES } from "../api/resources.ts";
import {
  availablePods,
  fenceposts,
  hashOf,
  type RolloutWorld,
  wantedPods,
} from "../rollout/mod.ts";

/** A breach of a safety rule of docs/architecture.md. */
export interface Violation {
  readonly rule: "S6" | "S7";
  readonly rollout: string;
  readonly message: string;
}

/** The size that an effect gives to a set; undefined: it does not touch sizes. */
function sizeIn(effect: Effect): number | undefined {
  if (effect.type !== REPLICA_SETS) return undefined;
  if (effect.verb === "delete") return 0;
  if (effect.verb === "evict") return undefined;
  const source = effect.verb === "create" ? effect.object : effect.patch.body;
  return (source as { spec?: { replicas?: number } }).spec?.replicas;
}

/** Sizes that a pass gives to the sets of its snapshot; sets that it leaves alone keep theirs. */
function sizesAfter(world: RolloutWorld, effects: readonly Effect[]): Map<string, number> {
  const sizes = new Map(world.replicaSets.map((set) => [set.metadata.name, wantedPods(set)]));
  for (const effect of effects) {
    const size = sizeIn(effect);
    if (size !== undefined) sizes.set(effect.ref.name, size);
  }
  return sizes;
}

/** The breaches in what a pass is about to write. */
export function checkPass(world: RolloutWorld, effects: readonly Effect[]): Violation[] {
  if (effects.length === 0) return [];
  const { namespace = "", name } = world.rollout.metadata;
  const rollout = `${namespace}/${name}`;
  const sizes = sizesAfter(world, effects);
  return [...emptiedWhileSelected(world, effects), ...outsideFenceposts(world, sizes)]
    .map(({ rule, message }) => ({ rule, rollout, message }));
}

type Finding = Pick<Violation, "rule" | "message">;

/** S6: the set that the stable Service selects is not emptied while another has pods. */
function emptiedWhileSelected(world: RolloutWorld, effects: readonly Effect[]): Finding[] {
  const name = world.rollout.spec.strategy?.canary?.stableService ?? "";
  const findings: Finding[] = [];
  let selector = world.services.get(name)?.spec?.selector;
  // In their order: what a pass drains after it moved the Service is no longer selected.
  for (const effect of effects) {
    if (effect.type === SERVICES && effect.ref.name === name && effect.verb === "patch") {
      const body = effect.patch.body as { spec?: { selector?: Record<string, string> } };
      selector = { ...selector, ...body.spec?.selector };
    }
    const set = world.replicaSets.find(({ metadata }) => metadata.name === effect.ref.name);
    if (set === undefined || sizeIn(effect) !== 0 || wantedPods(set) === 0) continue;
    const isSelected = Object.values(selector ?? {}).includes(hashOf(set));
    const othersServe = world.replicaSets
      .some((other) => other !== set && availablePods(other) > 0);
    if (!isSelected || !othersServe) continue;
    const message = `${set.metadata.name} is emptied while the stable Service selects it`;
    findings.push({ rule: "S6", message });
  }
  return findings;
}

/** S7: scaling keeps the pods between N - maxUnavailable and N + maxSurge, or no worse. */
function outsideFenceposts(world: RolloutWorld, sizes: Map<string, number>): Finding[] {
  const replicas = world.rollout.spec.replicas ?? 1;
  const { maxSurge, maxUnavailable } = world.rollout.spec.strategy?.canary ?? {};
  const { surge, unavailable } = fenceposts(replicas, { maxSurge, maxUnavailable });
  let availableBefore = 0;
  let availableAfter = 0;
  let wantedBefore = 0;
  for (const set of world.replicaSets) {
    const size = sizes.get(set.metadata.name) ?? 0;
    availableBefore += Math.min(wantedPods(set), availablePods(set));
    availableAfter += Math.min(size, availablePods(set));
    wantedBefore += wantedPods(set);
  }
  const wantedAfter = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const findings: Finding[] = [];
  const floor = Math.min(availableBefore, replicas - unavailable);
  if (availableAfter < floor) {
    const message = `scaling leaves ${availableAfter} available pods where ${floor} must stay`;
    findings.push({ rule: "S7", message });
  }
  const ceiling = Math.max(wantedBefore, replicas + surge);
  if (wantedAfter > ceiling) {
    const message = `scaling wants ${wantedAfter} pods where ${ceiling} are allowed`;
    findings.push({ rule: "S7", message });
  }
  return findings;
}
