/**
 * A cluster whose node has only so many places: the model of `cluster_model.ts`, with pods that wait
 * for a place, pods that never get ready, and pods that are lost. Time moves when nothing else does.
 */
import { checkPass } from "../../../core/simulate/checker.ts";
import type { RolloutWorld } from "../../../core/rollout/mod.ts";
import { hashOf, type ReplicaSet } from "../../../core/sets/mod.ts";
import { afterPass, type Health, later, type Pass, runPass } from "./cluster_model.ts";
import { writesIn } from "./verdict_text.ts";
import { deepFreeze } from "./world.ts";

export interface Node {
  readonly world: RolloutWorld;
  /** Pods that have a place, by hash. */
  readonly placed: Readonly<Record<string, number>>;
  /** How many there are. */
  readonly places: number;
}

export const wanted = (set: ReplicaSet | undefined) =>
  set === undefined ? 0 : set.spec.replicas ?? 1;
export const available = (set: ReplicaSet | undefined) => set?.status?.availableReplicas ?? 0;
export const setIn = ({ replicaSets }: RolloutWorld, hash: string | undefined) =>
  replicaSets.find((set) => hashOf(set) === hash);

/** Pods that are wanted get places, stable's last; those that had one a moment ago serve now. */
export function withPlaces(node: Node, health: Health): Node {
  const { world, places } = node;
  const placed: Record<string, number> = {};
  const stableHash = world.rollout.status?.stableRS;
  for (const set of world.replicaSets) {
    placed[hashOf(set)] = Math.min(wanted(set), node.placed[hashOf(set)] ?? 0);
  }
  const serving = { ...placed };
  const inOrder = [...world.replicaSets]
    .sort((a, b) => Number(hashOf(a) === stableHash) - Number(hashOf(b) === stableHash));
  let free = places - Object.values(placed).reduce((sum, count) => sum + count, 0);
  for (const set of inOrder) {
    const more = Math.max(0, Math.min(free, wanted(set) - (placed[hashOf(set)] ?? 0)));
    placed[hashOf(set)] = (placed[hashOf(set)] ?? 0) + more;
    free -= more;
  }
  const replicaSets = world.replicaSets.map((set): ReplicaSet => {
    const ready = health(hashOf(set)) ? serving[hashOf(set)] ?? 0 : 0;
    const status = {
      replicas: wanted(set),
      readyReplicas: ready,
      availableReplicas: ready,
      observedGeneration: set.metadata.generation ?? 0,
    };
    return { ...set, status };
  });
  const nextSet = replicaSets.find((set) => hashOf(set) === world.templateHash);
  return { ...node, world: deepFreeze({ ...world, replicaSets, nextSet }), placed };
}

/** Pods of a set die; others take their place at once, and serve a pass later. */
export function lose(node: Node, { hash, count }: { hash: string; count: number }): Node {
  const placed = { ...node.placed, [hash]: Math.max(0, (node.placed[hash] ?? 0) - count) };
  return { ...node, placed };
}

/** The world after a pass came true, and pods have moved. */
export function afterNodePass(node: Node, pass: Pass, health: Health): Node {
  return withPlaces({ ...node, world: afterPass(pass) }, health);
}

/** Fails when a pass would breach a safety rule. */
export function assertSafe({ world, decision }: Pass): void {
  const [found] = checkPass(world, writesIn(decision));
  if (found !== undefined) throw new Error(`${found.rule}: ${found.message}`);
}

function podsText({ world, placed }: Node): string {
  const sets = world.replicaSets.map(({ spec, status }) => [spec.replicas, status]);
  return JSON.stringify([sets, placed]);
}

/**
 * Runs passes, and moves to the next wake-up when nothing else happens, until nothing ever will;
 * fails when that takes more than `limit` passes.
 */
export function runToEnd(
  start: Node,
  { limit = 150, health }: { limit?: number; health: Health },
): { node: Node; passes: Pass[] } {
  const passes: Pass[] = [];
  let node = start;
  while (passes.length < limit) {
    const pass = runPass(node.world);
    assertSafe(pass);
    passes.push(pass);
    const next = afterNodePass(node, pass, health);
    const isQuiet = pass.decision.effects.length === 0 && !pass.isStatusWritten &&
      podsText(next) === podsText(node);
    if (!isQuiet) {
      node = next;
      continue;
    }
    const { wakeAtMs } = pass.decision;
    if (wakeAtMs === undefined) return { node, passes };
    node = { ...node, world: later(node.world, (wakeAtMs - node.world.nowMs) / 1000) };
  }
  const last = passes.at(-1)?.decision;
  throw new Error(`Cannot end: after ${limit} passes ${last?.why}, wake ${last?.wakeAtMs}`);
}
