/** The part that a set plays in an update, and the metadata that its pods carry meanwhile. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import {
  type EphemeralMetadata,
  hashOf,
  isInjected,
  metadataPatch,
  NO_METADATA,
  type ReplicaSet,
} from "../sets/mod.ts";
import { completionOf } from "./completion.ts";
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

/**
 * The part of a set; the first set of a Rollout counts as stable, and so does the newest one once
 * its update is complete: its pods are told before the status is. What was begun goes on.
 */
export function partOf(situation: Situation, set: ReplicaSet | undefined): Part {
  const { sets: { next, stable }, world: { rollout } } = situation;
  if (set === undefined || set !== next) return set === stable ? "stable" : "past";
  const isStable = stable === undefined || stable === set;
  const isPromoted = isStable || completionOf(situation) !== undefined ||
    isBecomingStable(rollout, set);
  return isPromoted ? "stable" : "next";
}

/** True when the newest set's template has left the metadata of an update, and its pods may not. */
function isBecomingStable(rollout: Rollout, set: ReplicaSet): boolean {
  const next = metadataFor(rollout, "next");
  return isInjected(set, next) && isTemplateStable(rollout, set) &&
    templatePatch(rollout, set, next) !== undefined;
}

/** True when nothing but the pods of the newest set may lack the metadata of the stable part. */
function isTemplateStable(rollout: Rollout, set: ReplicaSet): boolean {
  const stable = metadataFor(rollout, "stable");
  return !isInjected(set, stable) && templatePatch(rollout, set, stable) === undefined;
}

function templatePatch(rollout: Rollout, set: ReplicaSet, wanted: EphemeralMetadata) {
  const base = rollout.spec.template?.metadata;
  return metadataPatch(set.spec.template.metadata ?? {}, { wanted, set, base });
}

/** True when the pods of a set may lack metadata of its part, as the status names the parts. */
export function hasPendingMetadata(rollout: Rollout, set: ReplicaSet): boolean {
  if (set.spec.replicas === 0) return false;
  const { stableRS, currentPodHash } = rollout.status ?? {};
  const hash = hashOf(set);
  const part = hash === stableRS ? "stable" : hash === currentPodHash ? "next" : "past";
  return !isInjected(set, metadataFor(rollout, part)) ||
    (part === "next" && isTemplateStable(rollout, set));
}
