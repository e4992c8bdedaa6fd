/**
 * ReplicaSets and their pods, for every kind that has some: reading them (`replica_set.ts`,
 * `pods.ts`), writing them (`writes.ts`, `new_replica_set.ts`), whose they are (`family.ts`,
 * `adoption.ts`), and what an update puts into their templates (`ephemeral_metadata.ts`,
 * `anti_affinity.ts`; `plain_template.ts` takes it out again).
 *
 * Deliberately absent: how large a set should be, and which of them serves. Their owners know.
 *
 * @module
 */
export { adopt } from "./adoption.ts";
export { antiAffinityTerm, type InjectedTerm, withInjectedTerm } from "./anti_affinity.ts";
export {
  type EphemeralMetadata,
  injectedMetadata,
  injectionText,
  isInjected,
  metadataPatch,
  NO_METADATA,
} from "./ephemeral_metadata.ts";
export {
  type Family,
  familyOf,
  freeSets,
  indexSets,
  isFree,
  membersOf,
  type SetOwner,
  setsControlledBy,
} from "./family.ts";
export { newReplicaSet } from "./new_replica_set.ts";
export { plainSelector, plainTemplate } from "./plain_template.ts";
export { podTrouble, shortened } from "./pod_trouble.ts";
export { withoutPodCounts } from "./pod_counts.ts";
export { isReady, livingPods, type Pod } from "./pods.ts";
export * from "./replica_set.ts";
export * from "./scale_down.ts";
export { selectorText } from "./selector_text.ts";
export * from "./writes.ts";
