/**
 * A saved write of the cases with experiments: a canary that never had a pod is not given a time to
 * give them up when its update is aborted. Argo Rollouts gives it one, which says nothing.
 */
import type { ClusterState } from "./compare.ts";

const DEADLINE = "scale-down-deadline";

/** A recorded state without that time. */
export function withoutIdleDeadline(state: unknown, set: string): ClusterState {
  const { replicaSets, ...others } = state as ClusterState;
  return {
    ...others,
    replicaSets: replicaSets.map((one) => {
      if (one.name !== set) return one;
      const { [DEADLINE]: _, ...annotations } = one.annotations;
      return { ...one, annotations };
    }),
  };
}

/** A recorded screen without it: of the canary alone, which has no pods. */
export function withoutIdleDelay(screen: readonly string[]): string[] {
  return screen.map((line) =>
    line.includes("ScaledDown") ? line.replace("canary,delay:passed", "canary") : line
  );
}
