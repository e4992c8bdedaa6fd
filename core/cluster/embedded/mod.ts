/**
 * The embedded cluster: a Kubernetes API in memory behind the cluster port, with a clock that only
 * moves when told and randomness from a seed, so that the same calls give the same bytes.
 *
 * It answers as the real API server does, as far as controllers depend on it: versions, conflicts,
 * generations, defaults, patches, watches, finalizers, garbage collection. Around that live the
 * controllers that a Rollout's world needs: ReplicaSets, Deployments, pods, EndpointSlices,
 * namespaces, budgets of disruptions, quotas of pods. Deliberately absent: Jobs, quotas of anything
 * else, events of controllers, server-side apply, managed fields, authorization, paging, kubelets,
 * and all else that costs time and that no decision of ours looks at.
 *
 * Start with `cluster.ts`; the verbs are in `api.ts`, the rules of writing in `object_rules.ts`,
 * and what is particular to one kind in the file of that kind.
 *
 * @module
 */
export { EmbeddedCluster, type EmbeddedClusterOptions } from "./cluster.ts";
export type { WriteReport } from "./api.ts";
export { RestoreRefused } from "./restore.ts";
export { randomUid, seededRandom } from "./random.ts";
export { VirtualClock } from "./virtual_clock.ts";
