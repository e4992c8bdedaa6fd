/** The kinds of objects that a Rollout or an Experiment may name, as an API server has them. */
import type { ResourceType } from "./resources.ts";

const ROWS: readonly (readonly [group: string, version: string, plural: string, kind: string])[] = [
  ["", "v1", "services", "Service"],
  ["", "v1", "podtemplates", "PodTemplate"],
  ["apps", "v1", "deployments", "Deployment"],
  ["apps", "v1", "replicasets", "ReplicaSet"],
  ["networking.k8s.io", "v1", "ingresses", "Ingress"],
  ["networking.istio.io", "v1beta1", "virtualservices", "VirtualService"],
  ["networking.istio.io", "v1beta1", "destinationrules", "DestinationRule"],
  ["getambassador.io", "v2", "mappings", "Mapping"],
  ["appmesh.k8s.aws", "v1beta2", "virtualservices", "VirtualService"],
  ["appmesh.k8s.aws", "v1beta2", "virtualrouters", "VirtualRouter"],
  ["argoproj.io", "v1alpha1", "analysistemplates", "AnalysisTemplate"],
  ["argoproj.io", "v1alpha1", "clusteranalysistemplates", "ClusterAnalysisTemplate"],
];

/** How an object of a kind is asked for; undefined for a kind that nothing refers to. */
export function referencedType(
  { group, kind }: { group: string; kind: string },
): ResourceType | undefined {
  const row = ROWS.find(([rowGroup, , , rowKind]) => rowGroup === group && rowKind === kind);
  if (row === undefined) return undefined;
  const [, version, plural] = row;
  return { group, version, plural, kind, namespaced: kind !== "ClusterAnalysisTemplate" };
}
