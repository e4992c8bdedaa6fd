/**
 * The laws of the cluster port, one file for each semantic of the API and for each controller
 * around it. What a law needs of its cluster is in `../subject.ts`. Absent on purpose: how fast a
 * cluster is, how it pages or reconnects (tests of the adapters), and whatever Sluice never asks
 * of a cluster, such as server-side apply or leases.
 *
 * @module
 */
import type { Law } from "../law.ts";
import { laws as bookmarks } from "./bookmarks.ts";
import { laws as conflicts } from "./conflicts.ts";
import { laws as defaulting } from "./defaulting.ts";
import { laws as deploymentUpdates } from "./deployment_updates.ts";
import { laws as deployments } from "./deployments.ts";
import { laws as dryRun } from "./dry_run.ts";
import { laws as endpoints } from "./endpoints.ts";
import { laws as evictions } from "./evictions.ts";
import { laws as expired } from "./expired.ts";
import { laws as fieldSelectors } from "./field_selectors.ts";
import { laws as finalizers } from "./finalizers.ts";
import { laws as garbageCollection } from "./garbage_collection.ts";
import { laws as generateName } from "./generate_name.ts";
import { laws as generation } from "./generation.ts";
import { laws as jsonPatch } from "./json_patch.ts";
import { laws as labelSelectors } from "./label_selectors.ts";
import { laws as mergePatch } from "./merge_patch.ts";
import { laws as noOpWrites } from "./no_op_writes.ts";
import { laws as podTemplates } from "./pod_templates.ts";
import { laws as pods } from "./pods.ts";
import { laws as pruning } from "./pruning.ts";
import { laws as quotas } from "./quotas.ts";
import { laws as replicaSets } from "./replica_sets.ts";
import { laws as resourceVersion } from "./resource_version.ts";
import { laws as scaleSubresource } from "./scale_subresource.ts";
import { laws as statusSubresource } from "./status_subresource.ts";
import { laws as strategicMergePatch } from "./strategic_merge_patch.ts";
import { laws as unknownKinds } from "./unknown_kinds.ts";
import { laws as validation } from "./validation.ts";
import { laws as watch } from "./watch.ts";

/** Every law, in the order in which they are best read. */
export const allLaws: readonly Law[] = [
  resourceVersion,
  generation,
  conflicts,
  statusSubresource,
  scaleSubresource,
  labelSelectors,
  fieldSelectors,
  mergePatch,
  jsonPatch,
  strategicMergePatch,
  dryRun,
  garbageCollection,
  finalizers,
  watch,
  bookmarks,
  expired,
  generateName,
  defaulting,
  pruning,
  noOpWrites,
  validation,
  unknownKinds,
  replicaSets,
  deployments,
  deploymentUpdates,
  podTemplates,
  endpoints,
  pods,
  evictions,
  quotas,
].flat();
