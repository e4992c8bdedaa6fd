/**
 * The safety checker: judges what a pass is about to write against the snapshot it was decided on.
 * It knows the rules, not the code that keeps them.
 */
import { POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { DEPLOYMENTS, REPLICA_SETS, SERVICES } from "../api/names/resources.ts";
import type { TrafficIntent } from "../../sdk/traffic_intent.ts";
import type { Write } from "../../sdk/wire/write.ts";
import { fenceposts, isAbortOverdue, type RolloutWorld } from "../rollout/mod.ts";
import { availablePods, hashOf, type ReplicaSet, wantedPods } from "../sets/mod.ts";
import { checkRouting, isIdle, restingService, type RoutingFinding } from "./routing_checker.ts";

/** A breach of a safety rule of docs/architecture.md. */
export interface Violation {
  readonly rule: RoutingFinding["rule"] | "S6" | "S7" | "S8" | "U1" | "U2" | "U3";
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

/** The breaches in what a pass is about to write, and to tell the routers. */
export function checkPass(
  world: RolloutWorld,
  writes: readonly Write[],
  intent?: TrafficIntent,
): Violation[] {
  if (writes.length === 0 && intent === undefined) return [];
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
      ...(canary?.trafficRouting
        ? [...routingFindings(world, { writes, sizes, intent }), ...outsideWeights(world, sizes)]
        : outsideFenceposts(world, sizes)),
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

function routingFindings(
  world: RolloutWorld,
  { writes, sizes, intent }: {
    writes: readonly Write[];
    sizes: Map<string, number>;
    intent: TrafficIntent | undefined;
  },
): Finding[] {
  const selector = (name: string): Selector => world.services.get(name)?.spec?.selector;
  const after = (name: string) =>
    writes.reduce((selector, write) => selectorAfter(selector, write, name), selector(name));
  return checkRouting(world, {
    intent,
    sizes,
    selected: (name) => selectedBy(world, after(name)),
    selectedBefore: (name) => selectedBy(world, selector(name)),
  });
}

/** S7 with a router: the sets stand beside each other, none with more than all pods. */
function outsideWeights(world: RolloutWorld, sizes: Map<string, number>): Finding[] {
  const { replicas = 1, strategy } = world.rollout.spec;
  const scales = (strategy?.canary?.steps ?? []).map((step) => step.setCanaryScale?.replicas ?? 0);
  const most = Math.max(replicas, ...scales);
  const before = new Map(world.replicaSets.map((set) => [set.metadata.name, wantedPods(set)]));
  return [
    ...[...sizes].filter(([name, size]) => size > Math.max(most, before.get(name) ?? 0))
      .map(([name, size]): Finding => ({
        rule: "S7",
        message: `${name} is to have ${size} pods where ${most} are allowed`,
      })),
    ...tooFewLeft(world, sizes, (set) => isReached(world, set)),
  ];
}

/** True for a set that a router may send somebody to: a Service selects it, or a subset does. */
function isReached(world: RolloutWorld, set: ReplicaSet): boolean {
  const { rollout, services } = world;
  if (services.size === 0) {
    const { stableRS, currentPodHash } = rollout.status ?? {};
    return [stableRS, currentPodHash].includes(hashOf(set));
  }
  const resting = restingService(world);
  return [...services.values()].some(({ metadata, spec }) => {
    if (metadata.name === resting) return false;
    const selected = spec?.selector?.[POD_TEMPLATE_HASH_LABEL];
    // Without a hash it selects all pods.
    return selected === undefined ? !isIdle(world, metadata.name) : selected === hashOf(set);
  });
}

/** S7: scaling keeps the pods between N - maxUnavailable and N + maxSurge, or no worse. */
function outsideFenceposts(world: RolloutWorld, sizes: Map<string, number>): Finding[] {
  const replicas = world.rollout.spec.replicas ?? 1;
  const { maxSurge, maxUnavailable } = world.rollout.spec.strategy?.canary ?? {};
  const { surge } = fenceposts(replicas, { maxSurge, maxUnavailable });
  const wantedBefore = world.replicaSets.reduce((sum, set) => sum + wantedPods(set), 0);
  const wantedAfter = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const ceiling = Math.max(wantedBefore, replicas + surge);
  const findings = tooFewLeft(world, sizes);
  if (wantedAfter <= ceiling) return findings;
  const message = `scaling wants ${wantedAfter} pods where ${ceiling} are allowed`;
  return [...findings, { rule: "S7", message }];
}

/** S7: scaling leaves N - maxUnavailable available pods, or as many as there are. */
function tooFewLeft(
  world: RolloutWorld,
  sizes: Map<string, number>,
  counts: (set: ReplicaSet) => boolean = () => true,
): Finding[] {
  const replicas = world.rollout.spec.replicas ?? 1;
  const { maxSurge, maxUnavailable } = world.rollout.spec.strategy?.canary ?? {};
  const limits = fenceposts(replicas, { maxSurge, maxUnavailable });
  // S8 before S7: an abort that should have ended may lack one pod.
  const isOverdue = isAbortOverdue(world.rollout, world.nowMs);
  const unavailable = Math.max(limits.unavailable, isOverdue ? 1 : 0);
  let availableBefore = 0;
  let availableAfter = 0;
  for (const set of world.replicaSets.filter(counts)) {
    const size = sizes.get(set.metadata.name) ?? 0;
    availableBefore += Math.min(wantedPods(set), availablePods(set));
    availableAfter += Math.min(size, availablePods(set));
  }
  const floor = Math.min(availableBefore, replicas - unavailable);
  if (availableAfter >= floor) return [];
  const message = `scaling leaves ${availableAfter} available pods where ${floor} must stay`;
  return [{ rule: "S7", message }];
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
