/** The resource types that Sluice reads or writes, as the API server addresses them. */
import {
  apiVersionOf,
  defineResource,
  type ResourceType,
} from "../../../sdk/wire/resource_type.ts";

export const ROLLOUTS = defineResource("argoproj.io", "v1alpha1", "rollouts", "Rollout");
export const EXPERIMENTS = defineResource("argoproj.io", "v1alpha1", "experiments", "Experiment");
export const ANALYSIS_TEMPLATES = defineResource(
  "argoproj.io",
  "v1alpha1",
  "analysistemplates",
  "AnalysisTemplate",
);
export const CLUSTER_ANALYSIS_TEMPLATES = defineResource(
  "argoproj.io",
  "v1alpha1",
  "clusteranalysistemplates",
  "ClusterAnalysisTemplate",
  false,
);
export const ANALYSIS_RUNS = defineResource(
  "argoproj.io",
  "v1alpha1",
  "analysisruns",
  "AnalysisRun",
);
export const REPLICA_SETS = defineResource("apps", "v1", "replicasets", "ReplicaSet");
export const DEPLOYMENTS = defineResource("apps", "v1", "deployments", "Deployment");
export const POD_TEMPLATES = defineResource("", "v1", "podtemplates", "PodTemplate");
export const PODS = defineResource("", "v1", "pods", "Pod");
export const SERVICES = defineResource("", "v1", "services", "Service");
export const EVENTS = defineResource("", "v1", "events", "Event");
export const NAMESPACES = defineResource("", "v1", "namespaces", "Namespace", false);
export const CONFIG_MAPS = defineResource("", "v1", "configmaps", "ConfigMap");
export const ENDPOINT_SLICES = defineResource(
  "discovery.k8s.io",
  "v1",
  "endpointslices",
  "EndpointSlice",
);
export const LEASES = defineResource("coordination.k8s.io", "v1", "leases", "Lease");
export const RESOURCE_QUOTAS = defineResource("", "v1", "resourcequotas", "ResourceQuota");
export const POD_DISRUPTION_BUDGETS = defineResource(
  "policy",
  "v1",
  "poddisruptionbudgets",
  "PodDisruptionBudget",
);
export const CUSTOM_RESOURCE_DEFINITIONS = defineResource(
  "apiextensions.k8s.io",
  "v1",
  "customresourcedefinitions",
  "CustomResourceDefinition",
  false,
);

const KNOWN: readonly ResourceType[] = Object.freeze([
  ROLLOUTS,
  EXPERIMENTS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  ANALYSIS_RUNS,
  REPLICA_SETS,
  DEPLOYMENTS,
  POD_TEMPLATES,
  PODS,
  SERVICES,
  EVENTS,
  NAMESPACES,
  CONFIG_MAPS,
  ENDPOINT_SLICES,
  RESOURCE_QUOTAS,
  POD_DISRUPTION_BUDGETS,
  CUSTOM_RESOURCE_DEFINITIONS,
]);

/** The resource type of an object as its manifest names it; undefined for a kind not known here. */
export function findResourceType(
  { apiVersion, kind }: { apiVersion: string; kind: string },
): ResourceType | undefined {
  return KNOWN.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion);
}

/** What kubectl's users call these kinds for short. */
const SHORT_NAMES: Readonly<Record<string, string>> = Object.freeze({
  ro: "rollouts",
  exp: "experiments",
  at: "analysistemplates",
  cat: "clusteranalysistemplates",
  ar: "analysisruns",
  rs: "replicasets",
  deploy: "deployments",
  po: "pods",
  svc: "services",
  ns: "namespaces",
  cm: "configmaps",
  quota: "resourcequotas",
  pdb: "poddisruptionbudgets",
  vs: "virtualservices",
  dr: "destinationrules",
  ing: "ingresses",
});

/**
 * The resource type that a person means: `rollout`, `Rollout`, `rollouts`, `ro`,
 * `rollouts.argoproj.io`; of these types, or of `others`.
 */
export function findTypeByName(
  name: string,
  others: readonly ResourceType[] = [],
): ResourceType | undefined {
  const lower = name.toLowerCase();
  const plural = Object.hasOwn(SHORT_NAMES, lower) ? SHORT_NAMES[lower] : lower;
  return [...KNOWN, ...others].find((type) =>
    type.plural === plural || type.kind.toLowerCase() === lower ||
    (type.group !== "" && `${type.plural}.${type.group}` === lower)
  );
}
