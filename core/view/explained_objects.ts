/** What an explanation is made of. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { Decision } from "../engine/mod.ts";
import type { RolloutWorld } from "../rollout/mod.ts";

/** What is known of a Rollout that somebody wonders about. */
export interface ExplainedObjects {
  readonly rollout: Rollout;
  /** What a pass saw and would decide; undefined: none is made, the Rollout is on its way out. */
  readonly pass: { readonly world: RolloutWorld; readonly decision: Decision } | undefined;
  readonly replicaSets: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  readonly analysisRuns: readonly KubeObject[];
  readonly experiments: readonly KubeObject[];
  readonly nowMs: number;
  /** Since when its namespace is being deleted, if that is known. */
  readonly namespaceEndsSinceMs?: number | undefined;
  /** False: the controller had objects, of those that the Rollout names, that are not here. */
  readonly areAllRead: boolean;
  /** What users write before a verb, and after the name. */
  readonly program: string;
  readonly options: string;
}
