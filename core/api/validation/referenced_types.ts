/** The kinds of objects that a Rollout or an Experiment may name, as an API server has them. */
import {
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  DEPLOYMENTS,
  POD_TEMPLATES,
  REPLICA_SETS,
  SERVICES,
} from "../names/resources.ts";
import { defineResource, type ResourceType } from "../../../sdk/wire/resource_type.ts";

const REFERENCED: readonly ResourceType[] = Object.freeze([
  SERVICES,
  POD_TEMPLATES,
  DEPLOYMENTS,
  REPLICA_SETS,
  defineResource("networking.k8s.io", "v1", "ingresses", "Ingress"),
  defineResource("networking.istio.io", "v1beta1", "virtualservices", "VirtualService"),
  defineResource("networking.istio.io", "v1beta1", "destinationrules", "DestinationRule"),
  defineResource("getambassador.io", "v2", "mappings", "Mapping"),
  defineResource("appmesh.k8s.aws", "v1beta2", "virtualservices", "VirtualService"),
  defineResource("appmesh.k8s.aws", "v1beta2", "virtualrouters", "VirtualRouter"),
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
]);

/** How an object of a kind is asked for; undefined for a kind that nothing refers to. */
export function referencedType(
  { group, kind }: { group: string; kind: string },
): ResourceType | undefined {
  return REFERENCED.find((type) => type.group === group && type.kind === kind);
}
