/** The kinds of objects that a Rollout or an Experiment may name, as an API server has them. */
import {
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  DEPLOYMENTS,
  POD_TEMPLATES,
  REPLICA_SETS,
  SERVICES,
} from "../names/resources.ts";
import type { PluginRegistry } from "../../../sdk/registry.ts";
import type { ObjectKind } from "../../../sdk/traffic_router.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";

const REFERENCED: readonly ResourceType[] = Object.freeze([
  SERVICES,
  POD_TEMPLATES,
  DEPLOYMENTS,
  REPLICA_SETS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
]);

/** How an object of a kind is asked for; undefined for a kind that nothing refers to. */
export function referencedType(
  { group, kind }: ObjectKind,
  { trafficRouters }: PluginRegistry,
): ResourceType | undefined {
  return [...REFERENCED, ...trafficRouters.flatMap(({ resources }) => resources)]
    .find((type) => type.group === group && type.kind === kind);
}
