/** The part that a set plays in an update, and the metadata that its pods carry meanwhile. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import {
  type EphemeralMetadata,
  hashOf,
  isInjected,
  NO_METADATA,
  type ReplicaSet,
} from "../sets/mod.ts";
import type { Situation } from "./situation.ts";

/** The part that a set plays in an update. */
export type Part = "stable" | "next" | "past";

/** What the strategy wants pods of this part to carry. */
export function metadataFor({ spec }: Rollout, part: Part): EphemeralMetadata {
  if (part === "past") return NO_METADATA;
  const { canary, blueGreen } = spec.strategy ?? {};
  const wanted = part === "stable"
    ? canary?.stableMetadata ?? blueGreen?.activeMetadata
    : canary?.canaryMetadata ?? blueGreen?.previewMetadata;
  return { ...NO_METADATA, ...wanted };
}

/** The part of a set; the first set of a Rollout counts as stable. */
export function partOf({ sets }: Situation, set: ReplicaSet | undefined): Part {
  if (set !== sets.next) return set === sets.stable ? "stable" : "past";
  return sets.stable === undefined || sets.stable === set ? "stable" : "next";
}

/** True when the pods of a set may lack metadata of its part, as the status names the parts. */
export function hasPendingMetadata(rollout: Rollout, set: ReplicaSet): boolean {
  const { stableRS, currentPodHash } = rollout.status ?? {};
  const hash = hashOf(set);
  const part = hash === stableRS ? "stable" : hash === currentPodHash ? "next" : "past";
  return set.spec.replicas !== 0 && !isInjected(set, metadataFor(rollout, part));
}
