import type { PodTemplate } from "../../../sdk/api/rollout.ts";
import { canonicalTemplate } from "./normalise_template.ts";
import { safeHash } from "./safe_hash.ts";

/**
 * The hash that names a revision: the same for every way of writing a template, another one for
 * every change of what its pods are. `collisionCount` (`status.collisionCount`) gives the next
 * hash when another Rollout's ReplicaSet took the name.
 */
export function templateHash(template: PodTemplate | undefined, collisionCount?: number): string {
  return safeHash(canonicalTemplate(template), collisionCount);
}
