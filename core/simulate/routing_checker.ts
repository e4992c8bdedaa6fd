/**
 * Judges what a pass is about to tell the routers, and the sizes beside it, against the snapshot:
 * safety rules S1 to S5. It knows the rules, not the code that keeps them.
 */
import type { TrafficIntent } from "../../sdk/traffic_intent.ts";
import { fieldsOf, isUnset, listOf, textOf } from "../../sdk/wire/json.ts";
import { fenceposts, isAbortOverdue, type RolloutWorld } from "../rollout/mod.ts";
import { availablePods, hashOf, type ReplicaSet, wantedPods } from "../sets/mod.ts";

const PERCENT_MAX = 100;

export interface RoutingFinding {
  readonly rule: "S1" | "S2" | "S3" | "S4" | "S5";
  readonly message: string;
}

/** What a pass is about to do. */
export interface RoutingPass {
  /** Undefined: routers are told nothing. */
  readonly intent: TrafficIntent | undefined;
  /** Sizes of the sets after the pass, by name. */
  readonly sizes: ReadonlyMap<string, number>;
  /** The set that a Service of this name selects after the pass. */
  readonly selected: (service: string) => ReplicaSet | undefined;
  /** The set that it selects as the pass finds it. */
  readonly selectedBefore: (service: string) => ReplicaSet | undefined;
}

/** One side of the traffic: what it is sent, and who answers. */
interface Side {
  readonly name: "stable" | "canary";
  readonly before: number;
  readonly after: number;
  readonly set: ReplicaSet | undefined;
  /** Who answered before the pass. */
  readonly setBefore: ReplicaSet | undefined;
}

export function checkRouting(world: RolloutWorld, pass: RoutingPass): RoutingFinding[] {
  const { intent } = pass;
  const findings = drainedTooEarly(world, pass);
  if (intent === undefined) return findings;
  const sides = sidesOf(world, pass, intent);
  return [
    ...wrongSum(intent),
    ...sentToNobody(sides),
    ...raisedTooFar(world, sides, intent),
    ...abortHeldUp(world, sides),
    ...findings,
  ];
}

/** The most that routers were found to send to each side. */
function writtenBefore(world: RolloutWorld): { stable: number; canary: number } | undefined {
  const { stable, canary } = namesOf(world);
  const weights = world.routers.flatMap(({ observation }) =>
    observation.state === "seen"
      ? observation.seen.routes.map(({ weights, sides = { stable, canary } }) => ({
        stable: weights[sides.stable] ?? 0,
        canary: weights[sides.canary] ?? 0,
      }))
      : []
  );
  if (weights.length === 0) return undefined;
  return {
    stable: Math.max(...weights.map((each) => each.stable)),
    canary: Math.max(...weights.map((each) => each.canary)),
  };
}

function namesOf({ rollout }: RolloutWorld): { stable: string; canary: string } {
  const canary = fieldsOf(rollout.spec.strategy?.canary);
  const { pingService, pongService } = fieldsOf(canary["pingPong"]);
  if (isUnset(canary["pingPong"])) {
    return { stable: textOf(canary["stableService"]), canary: textOf(canary["canaryService"]) };
  }
  const isPing = rollout.status?.canary?.["stablePingPong"] === "ping";
  const [ping, pong] = [textOf(pingService), textOf(pongService)];
  return isPing ? { stable: ping, canary: pong } : { stable: pong, canary: ping };
}

/** True for the canary's Service while nothing is sent to it. */
export function isIdle(world: RolloutWorld, service: string): boolean {
  return service === namesOf(world).canary && writtenBefore(world)?.canary === 0;
}

/** Of two Services that take turns, the one that is sent nothing once an update is over. */
export function restingService(world: RolloutWorld): string | undefined {
  const { spec, status } = world.rollout;
  if (isUnset(spec.strategy?.canary?.["pingPong"])) return undefined;
  const isOver = status?.stableRS !== undefined && status.stableRS === status.currentPodHash;
  const { canary } = namesOf(world);
  return isOver && isIdle(world, canary) ? canary : undefined;
}

function sidesOf(
  world: RolloutWorld,
  { selected, selectedBefore }: RoutingPass,
  { stable, canary }: TrafficIntent,
): Side[] {
  const before = writtenBefore(world) ?? { stable: 0, canary: 0 };
  // A Service without a hash selects all pods.
  const named = ({ podTemplateHash }: TrafficIntent["stable"]) =>
    world.replicaSets.find((set) => hashOf(set) === podTemplateHash);
  const setsOf = (side: TrafficIntent["stable"]) => ({
    set: selected(side.service) ?? named(side),
    setBefore: selectedBefore(side.service) ?? named(side),
  });
  return [
    { name: "stable", before: before.stable, after: stable.weight, ...setsOf(stable) },
    { name: "canary", before: before.canary, after: canary.weight, ...setsOf(canary) },
  ];
}

/** S5 */
function wrongSum({ stable, canary, additional, maxWeight }: TrafficIntent): RoutingFinding[] {
  const weights = [stable, canary, ...additional].map(({ weight }) => weight);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const isInRange = weights.every((weight) =>
    Number.isInteger(weight) && weight >= 0 && weight <= maxWeight
  );
  if (sum === maxWeight && isInRange) return [];
  return [{ rule: "S5", message: `weights ${weights.join(", ")} are not parts of ${maxWeight}` }];
}

/** S2 */
function sentToNobody(sides: readonly Side[]): RoutingFinding[] {
  return sides.filter(({ after, set, name }) =>
    after > 0 && availablePods(set) === 0 &&
    sides.some((other) => other.name !== name && availablePods(other.set) > 0)
  ).map(({ name, after }) => ({
    rule: "S2",
    message: `weight ${after} goes to ${name}, which has no available pod`,
  }));
}

/** S1 */
function raisedTooFar(
  world: RolloutWorld,
  sides: readonly Side[],
  { maxWeight, additional }: TrafficIntent,
): RoutingFinding[] {
  const { rollout, replicaSets } = world;
  const { replicas = 1, strategy } = rollout.spec;
  const { replicaProgressThreshold, steps } = strategy?.canary ?? {};
  if (hasScale(steps) || !isUnset(replicaProgressThreshold) || replicas === 0) return [];
  // S2 before S1 as well: whoever the canary's share reached until now may be gone.
  const { podTemplateHash } = fieldsOf(fieldsOf(rollout.status?.canary?.["weights"])["canary"]);
  const reached = replicaSets.find((set) => hashOf(set) === podTemplateHash);
  const isLost = reached !== undefined && availablePods(reached) === 0;
  // What an experiment gives back goes to stable at once, whatever that can take.
  const shares = listOf(fieldsOf(rollout.status?.canary?.["weights"])["additional"]).map(fieldsOf);
  const givenBack = Math.max(0, sumOf(shares) - sumOf(additional));
  return sides.flatMap(({ name, before, after, set }): RoutingFinding[] => {
    // What reached these pods by the other side is nothing new to them.
    const other = sides.find((side) => side.name !== name && side.setBefore === set);
    const known = before + (other?.before ?? 0) + (name === "stable" ? givenBack : 0);
    const most = Math.max(known, Math.ceil((maxWeight * availablePods(set)) / replicas));
    // S2 before S1: the other side may have nothing.
    const isOnly = sides.every((other) => other.name === name || availablePods(other.set) === 0);
    // S3 before S1: an abort gives stable everything as soon as most of its pods are there.
    const isForced = isOnly || (name === "stable" && (isLost || isAbortDue(world)));
    if (after <= most || isForced || availablePods(set) >= replicas) return [];
    const message = `weight ${after} of ${name} is above ${most}, which its pods can take`;
    return [{ rule: "S1", message }];
  });
}

function sumOf(shares: readonly { readonly weight?: unknown }[]): number {
  return shares.reduce((sum, { weight }) => sum + (typeof weight === "number" ? weight : 0), 0);
}

/** Sizes that users choose are none of these rules. */
function hasScale(steps: unknown): boolean {
  return listOf(steps).some((step) => !isUnset(fieldsOf(step)["setCanaryScale"]));
}

/** The stable set that an abort gives all traffic back to; undefined: nothing is aborted. */
function abortTarget({ rollout, replicaSets, nextSet }: RolloutWorld): ReplicaSet | undefined {
  const { abort, abortedAt, promoteFull, stableRS, currentPodHash } = rollout.status ?? {};
  // Whoever promotes in full after the abort takes it back.
  if (promoteFull === true && abortedAt !== undefined) return undefined;
  if (abort !== true || stableRS === currentPodHash) return undefined;
  const stable = replicaSets.find((set) => hashOf(set) === stableRS);
  return stable === nextSet ? undefined : stable;
}

/** True when stable has pods enough for all traffic after an abort, or that has waited too long. */
function isAbortDue(world: RolloutWorld): boolean {
  const { rollout, nowMs } = world;
  const { replicas = 1, strategy } = rollout.spec;
  const stable = abortTarget(world);
  if (stable === undefined) return false;
  const { unavailable } = fenceposts(replicas, strategy?.canary ?? {});
  const isWhole = availablePods(stable) >= Math.max(1, replicas - unavailable);
  return isWhole || (isAbortOverdue(rollout, nowMs) && availablePods(stable) > 0);
}

/** S3 */
function abortHeldUp(world: RolloutWorld, sides: readonly Side[]): RoutingFinding[] {
  const canary = sides.find(({ name }) => name === "canary");
  const stable = abortTarget(world);
  if (canary === undefined || stable === undefined) return [];
  if (isAbortDue(world) && canary.after > 0) {
    const message = `after an abort ${canary.after} still goes to the canary`;
    return [{ rule: "S3", message }];
  }
  if (canary.after <= canary.before || availablePods(stable) === 0) return [];
  const message = `an abort raises the canary from ${canary.before} to ${canary.after}`;
  return [{ rule: "S3", message }];
}

/** S4 */
function drainedTooEarly(
  world: RolloutWorld,
  { sizes, selectedBefore }: RoutingPass,
): RoutingFinding[] {
  const { rollout } = world;
  const { replicas = 1, strategy } = rollout.spec;
  const written = writtenBefore(world);
  const canary = fieldsOf(strategy?.canary);
  const max = fieldsOf(canary["trafficRouting"])["maxTrafficWeight"];
  const weightMax = typeof max === "number" ? max : PERCENT_MAX;
  if (written === undefined || hasScale(canary["steps"])) return [];
  const names = namesOf(world);
  return (["stable", "canary"] as const).flatMap((name): RoutingFinding[] => {
    const set = selectedBefore(names[name]);
    if (set === undefined) return [];
    const size = sizes.get(set.metadata.name) ?? 0;
    const needed = Math.ceil((written[name] * replicas) / weightMax);
    if (size >= Math.min(wantedPods(set), needed)) return [];
    const message = `${set.metadata.name} is scaled to ${size} pods where its weight ` +
      `${written[name]} needs ${needed}`;
    return [{ rule: "S4", message }];
  });
}
