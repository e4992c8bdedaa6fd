/**
 * The safety checker: judges what a pass is about to write against the snapshot it was decided on.
 * It knows the rules, not the code that keeps them.
 */
import { DEPLOYMENTS, REPLICA_SETS, SERVICES } from "../api/names/resources.ts";
import type { Write } from "../../sdk/wire/write.ts";
import { fenceposts, isAbortOverdue, type RolloutWorld } from "../rollout/mod.ts";
import { availablePods, hashOf, type ReplicaSet, wantedPods } from "../sets/mod.ts";

/** A breach of a safety rule of docs/architecture.md. */
export interface Violation {
  readonly rule: "S6" | "S7" | "S8" | "U1" | "U2" | "U3";
  readonly rollout: string;
  readonly message: string;
}

/** The size that a write gives to a set; undefined: it does not touch sizes. */
function sizeIn(write: Write): number | undefined {
  if (write.type !== REPLICA_SETS) return undefined;
  if (write.verb === "delete") return 0;
  if (write.verb === "evict") return undefined;
  const source = write.verb === "create" ? write.object : write.patch.body;
  return (source as { spec?: { replicas?: number } }).spec?.replicas;
}

/** Sizes that a pass gives to the sets of its snapshot; sets that it leaves alone keep theirs. */
function sizesAfter(world: RolloutWorld, writes: readonly Write[]): Map<string, number> {
  const sizes = new Map(world.replicaSets.map((set) => [set.metadata.name, wantedPods(set)]));
  for (const write of writes) {
    const size = sizeIn(write);
    if (size !== undefined) sizes.set(write.ref.name, size);
  }
  return sizes;
}

/** The breaches in what a pass is about to write. */
export function checkPass(world: RolloutWorld, writes: readonly Write[]): Violation[] {
  if (writes.length === 0) return [];
  const { namespace = "", name } = world.rollout.metadata;
  const rollout = `${namespace}/${name}`;
  const sizes = sizesAfter(world, writes);
  const { canary, blueGreen } = world.rollout.spec.strategy ?? {};
  const findings = blueGreen
    ? [
      ...emptiedWhileSelected(world, writes, { service: blueGreen.activeService, is: "active" }),
      ...switchedTooEarly(world, writes),
      ...outsideColours(world, sizes),
    ]
    : [
      ...emptiedWhileSelected(world, writes, { service: canary?.stableService, is: "stable" }),
      ...outsideFenceposts(world, sizes),
    ];
  return [...findings, ...givenUpTooEarly(world, writes)]
    .map(({ rule, message }) => ({ rule, rollout, message }));
}

type Finding = Pick<Violation, "rule" | "message">;

type Selector = Record<string, string> | undefined;

/** The selector of a Service after a write. */
function selectorAfter(selector: Selector, write: Write, name: string): Selector {
  if (write.type !== SERVICES || write.ref.name !== name || write.verb !== "patch") {
    return selector;
  }
  const body = write.patch.body as { spec?: { selector?: Record<string, string> } };
  return { ...selector, ...body.spec?.selector };
}

function selectedBy(world: RolloutWorld, selector: Selector): ReplicaSet | undefined {
  const values = Object.values(selector ?? {});
  return world.replicaSets.find((set) => values.includes(hashOf(set)));
}

/** S6: the set that the Service of users selects is not emptied while another has pods. */
function emptiedWhileSelected(
  world: RolloutWorld,
  writes: readonly Write[],
  { service: name = "", is }: { service: string | undefined; is: "stable" | "active" },
): Finding[] {
  const findings: Finding[] = [];
  let selector: Selector = world.services.get(name)?.spec?.selector;
  // In their order: what a pass drains after it moved the Service is no longer selected.
  for (const write of writes) {
    selector = selectorAfter(selector, write, name);
    const set = world.replicaSets.find(({ metadata }) => metadata.name === write.ref.name);
    if (set === undefined || sizeIn(write) !== 0 || wantedPods(set) === 0) continue;
    const isSelected = selectedBy(world, selector) === set;
    const othersServe = world.replicaSets
      .some((other) => other !== set && availablePods(other) > 0);
    if (!isSelected || !othersServe) continue;
    const message = `${set.metadata.name} is emptied while the ${is} Service selects it`;
    findings.push({ rule: "S6", message });
  }
  return findings;
}

/** S6: the active Service does not leave a whole set for one that is not. */
function switchedTooEarly(world: RolloutWorld, writes: readonly Write[]): Finding[] {
  const { replicas = 1, strategy } = world.rollout.spec;
  const name = strategy?.blueGreen?.activeService ?? "";
  const before: Selector = world.services.get(name)?.spec?.selector;
  const after = writes.reduce<Selector>(
    (selector, write) => selectorAfter(selector, write, name),
    before,
  );
  const [left, taken] = [selectedBy(world, before), selectedBy(world, after)];
  const isMoved = JSON.stringify(after) !== JSON.stringify(before);
  const isWhole = (set: ReplicaSet | undefined) => availablePods(set) >= replicas;
  if (!isMoved || left === undefined || left === taken || !isWhole(left) || isWhole(taken)) {
    return [];
  }
  const message = `the active Service leaves ${left.metadata.name}, which has all its pods, for ` +
    `${taken?.metadata.name ?? "no set"} with ${availablePods(taken)} of ${replicas}`;
  return [{ rule: "S6", message }];
}

/** S7: users keep their pods, and only the two sets of the update grow, to their size at most. */
function outsideColours(world: RolloutWorld, sizes: Map<string, number>): Finding[] {
  const { rollout, templateHash } = world;
  const { replicas = 1, strategy } = rollout.spec;
  const { activeService = "" } = strategy?.blueGreen ?? {};
  const active = selectedBy(world, world.services.get(activeService)?.spec?.selector);
  const findings: Finding[] = [];
  const sizeBefore = new Map(
    world.replicaSets.map((set) => [set.metadata.name, wantedPods(set)]),
  );
  const grows = [rollout.status?.stableRS, templateHash]
    .map((hash) => `${rollout.metadata.name}-${hash}`)
    .concat(world.nextSet?.metadata.name ?? []);
  for (const [name, size] of sizes) {
    const before = sizeBefore.get(name) ?? 0;
    if (size <= before) continue;
    const most = grows.includes(name) ? replicas : before;
    if (size <= most) continue;
    const message = `${name} grows from ${before} to ${size} pods where ${most} are allowed`;
    findings.push({ rule: "S7", message });
  }
  if (active === undefined) return findings;
  const available = availablePods(active);
  const left = Math.min(sizes.get(active.metadata.name) ?? 0, available);
  const floor = Math.min(wantedPods(active), available, activeFloor(world, active));
  if (left < floor) {
    const message = `scaling leaves ${left} available pods to users where ${floor} must stay`;
    findings.push({ rule: "S7", message });
  }
  return findings;
}

/** S8 before S7: an abort that should have ended takes a pod for each that stable has, and one. */
function activeFloor({ rollout, replicaSets, nowMs }: RolloutWorld, active: ReplicaSet): number {
  const { replicas = 1 } = rollout.spec;
  const stable = replicaSets.find((set) => hashOf(set) === rollout.status?.stableRS);
  const isLeft = stable !== undefined && stable !== active && isAbortOverdue(rollout, nowMs);
  return isLeft ? replicas - 1 - availablePods(stable) : replicas;
}

/** S7: scaling keeps the pods between N - maxUnavailable and N + maxSurge, or no worse. */
function outsideFenceposts(world: RolloutWorld, sizes: Map<string, number>): Finding[] {
  const replicas = world.rollout.spec.replicas ?? 1;
  const { maxSurge, maxUnavailable } = world.rollout.spec.strategy?.canary ?? {};
  const { surge, ...limits } = fenceposts(replicas, { maxSurge, maxUnavailable });
  // S8 before S7: an abort that should have ended may lack one pod.
  const isOverdue = isAbortOverdue(world.rollout, world.nowMs);
  const unavailable = Math.max(limits.unavailable, isOverdue ? 1 : 0);
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

/** S7: a Deployment gives up no pod that the Rollout lacks. */
function givenUpTooEarly(world: RolloutWorld, writes: readonly Write[]): Finding[] {
  const write = writes.find(({ type }) => type === DEPLOYMENTS);
  if (write?.verb !== "patch" || world.workload === undefined) return [];
  const pods = (object: unknown) =>
    (object as { spec?: { replicas?: number } }).spec?.replicas ?? 1;
  const kept = pods(write.patch.body);
  const available = world.replicaSets.reduce((sum, set) => sum + availablePods(set), 0);
  const floor = Math.min(pods(world.workload.object) + available, world.rollout.spec.replicas ?? 1);
  if (kept + available >= floor) return [];
  const message = `Deployment ${write.ref.name} keeps ${kept} pods beside ${available} available ` +
    `ones of the Rollout, where ${floor} must stay`;
  return [{ rule: "S7", message }];
}
