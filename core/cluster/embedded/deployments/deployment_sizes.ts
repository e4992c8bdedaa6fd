/** How many pods each ReplicaSet of a Deployment is to have: pure numbers. */
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { fieldsOf } from "../../../../sdk/wire/json.ts";
import { podsIn } from "../pod_amount.ts";

/** How many pods a Deployment wants, and how far it may leave that number. */
export interface DeploymentSize {
  readonly replicas: number;
  /** Pods above the wanted number. */
  readonly surge: number;
  /** Pods that may be missing. */
  readonly missing: number;
}

/** What one set wants and has. */
export interface SizedSet {
  readonly size: number;
  readonly available: number;
}

/** The size of a Deployment; one that is recreated goes neither above nor, by itself, below. */
export function sizeOfDeployment(deployment: KubeObject): DeploymentSize {
  const spec = fieldsOf(deployment["spec"]);
  const replicas = Number(spec["replicas"] ?? 1);
  const { type, rollingUpdate } = fieldsOf(spec["strategy"]);
  if (type === "Recreate") return { replicas, surge: 0, missing: 0 };
  const { maxSurge, maxUnavailable } = fieldsOf(rollingUpdate);
  const surge = podsIn(maxSurge, replicas, "up");
  const rounded = podsIn(maxUnavailable, replicas, "down");
  // With neither, no pod could ever be replaced.
  const missing = surge === 0 && rounded === 0 ? 1 : rounded;
  return { replicas, surge, missing: Math.min(missing, replicas) };
}

/** The size to which the newest set may grow, or must shrink, beside so many pods in all. */
export function newestSize(wanted: DeploymentSize, own: number, total: number): number {
  const { replicas, surge } = wanted;
  if (own >= replicas) return replicas;
  const room = replicas + surge - total;
  return room <= 0 ? own : own + Math.min(room, replicas - own);
}

/**
 * The sizes to which old sets, oldest first, may shrink beside the newest one: first they give up
 * pods that serve nobody, then as many others as there are available ones to spare.
 */
export function oldSizes(
  wanted: DeploymentSize,
  newest: SizedSet,
  old: readonly SizedSet[],
): number[] {
  const needed = wanted.replicas - wanted.missing;
  const sizes = old.map(({ size }) => size);
  const total = sizes.reduce((sum, size) => sum + size, newest.size);
  let useless = total - needed - (newest.size - newest.available);
  if (useless <= 0) return sizes;
  old.forEach(({ size, available }, index) => {
    const leaving = Math.max(0, Math.min(useless, size - available));
    sizes[index] = size - leaving;
    useless -= leaving;
  });
  let spare = old.reduce((sum, { available }) => sum + available, newest.available) - needed;
  return sizes.map((size) => {
    const leaving = Math.max(0, Math.min(spare, size));
    spare -= leaving;
    return size - leaving;
  });
}

/** A set with pods, as a change of the Deployment's size meets it. */
export interface Share {
  readonly size: number;
  /** How many pods there might be at most when it was last sized. */
  readonly max: number;
}

/**
 * The sizes of several sets with pods when the Deployment is sized anew in the middle of an update:
 * each grows or shrinks in proportion, and the first takes what rounding leaves.
 */
export function proportionalSizes(
  { replicas, surge }: DeploymentSize,
  shares: readonly Share[],
): number[] {
  const allowed = replicas > 0 ? replicas + surge : 0;
  const change = allowed - shares.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const sizes = shares.map(({ size, max }) => {
    const left = change - done;
    if (left === 0) return size;
    const part = replicas === 0 ? 0 : Math.round((size * (replicas + surge)) / (max || Infinity));
    const step = change > 0 ? Math.min(part - size, left) : Math.max(part - size, left);
    done += step;
    return size + step;
  });
  return sizes.map((size, index) => index === 0 ? Math.max(0, size + change - done) : size);
}
