/**
 * Replica arithmetic of a canary with a traffic router: the router splits the traffic, so sizes
 * follow from weights, and no set is scaled below what its written weight needs (safety rule S4).
 * Pure numbers: sizes in pods, weights from 0 to `weightMax`.
 */

/** How a weight becomes pods. */
export interface RoutedScale {
  /** `spec.replicas`. */
  readonly replicas: number;
  /** The weight that means: all traffic; `maxTrafficWeight`, 100 by default. */
  readonly weightMax: number;
  /** `minPodsPerReplicaSet`; 0 or 1: no set is raised. */
  readonly podsMin: number;
}

/** The weights that the routers were last told; no pods may go that they need. */
export interface WrittenWeights {
  readonly canary: number;
  readonly stable: number;
}

/** What a `setCanaryScale` step in force asks for; its weight or pods replace those of the step. */
export type CanaryScale = { readonly pods: number } | { readonly weight: number };

/** Everything that the sizes of a routed canary depend on. */
export interface RoutedSizesInput extends RoutedScale {
  /** The weight that the canary is to reach with the present step. */
  readonly weight: number;
  readonly canaryScale?: CanaryScale | undefined;
  /** Stable gives up the pods that its weight does not need. */
  readonly isStableDynamic: boolean;
  readonly written: WrittenWeights;
}

/** Pods of canary and stable. */
export interface RoutedSizes {
  readonly canary: number;
  readonly stable: number;
}

/** Pods that a weight needs: its share of all pods, rounded up. */
export function podsForWeight(weight: number, { replicas, weightMax }: RoutedScale): number {
  return Math.ceil((weight * replicas) / weightMax);
}

/** The same, and no fewer than `podsMin` where there are any. */
export function sizeForWeight(weight: number, scale: RoutedScale): number {
  const pods = podsForWeight(weight, scale);
  return pods === 0 ? 0 : Math.max(pods, Math.min(scale.podsMin, scale.replicas));
}

/** The share of the traffic that pods can take, as a weight rounded up; at most all of it. */
export function weightForPods(pods: number, { replicas, weightMax }: RoutedScale): number {
  if (replicas === 0) return weightMax;
  return Math.min(weightMax, Math.ceil((weightMax * pods) / replicas));
}

/** The sizes that the present step asks for, before anything that is written holds pods back. */
export function wantedSizes(input: RoutedSizesInput): RoutedSizes {
  const { canaryScale, weight, weightMax, replicas, isStableDynamic } = input;
  const canary = canaryScale !== undefined && "pods" in canaryScale
    ? canaryScale.pods
    : sizeForWeight(canaryScale?.weight ?? weight, input);
  const stable = isStableDynamic ? sizeForWeight(weightMax - weight, input) : replicas;
  return { canary, stable };
}

/**
 * The sizes to set now. What a weight that is written needs stays (S4), but for a size that a
 * `setCanaryScale` step names: who asks for fewer pods than the step's weight needs gets them.
 */
export function routedSizes(input: RoutedSizesInput): RoutedSizes {
  const wanted = wantedSizes(input);
  const { canaryScale, written } = input;
  // Who asks for few pods does not ask for what stable's lost pods send to them as well.
  const isAsked = canaryScale !== undefined && written.canary <= input.weight;
  const needed = isAsked ? 0 : sizeForWeight(written.canary, input);
  return {
    canary: Math.max(wanted.canary, needed),
    stable: Math.max(wanted.stable, sizeForWeight(written.stable, input)),
  };
}
