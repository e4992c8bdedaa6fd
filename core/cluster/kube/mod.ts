/**
 * The cluster port on a real Kubernetes API server. Start at `kube_cluster.ts` (the verbs), then
 * `connection.ts` (which client carries a request, and when all of them are replaced).
 * Credentials come from a kubeconfig or from the pod's service account (`cluster_credentials.ts`).
 *
 * Deliberately absent: caching, re-listing and re-watching (an ended watch is the caller's to take
 * up again), any knowledge of kinds, and reading of the environment.
 *
 * @module
 */
export type { Credentials } from "./credentials.ts";
export { clusterCredentials, type CredentialSources } from "./cluster_credentials.ts";
export { inClusterCredentials, type ServiceAccount } from "./service_account.ts";
export { kubeconfigCredentials, type KubeconfigSource } from "./kubeconfig.ts";
export { httpsTransport } from "./https_transport.ts";
export type { Call, Verb } from "./call.ts";
export type { RequestObserver } from "./request_observer.ts";
export { Slots } from "./slots.ts";
export type { KubeconfigOverrides } from "./kubeconfig_overrides.ts";
export { KubeCluster, type KubeClusterOptions, type KubeClusterPorts } from "./kube_cluster.ts";
