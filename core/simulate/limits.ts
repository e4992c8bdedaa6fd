/** Pods that one Rollout may ask for: more than any team waits for to be simulated. */
export const REPLICAS_MAX = 5_000;
