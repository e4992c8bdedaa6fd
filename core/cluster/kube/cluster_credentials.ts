import type { Credentials } from "./credentials.ts";
import { kubeconfigCredentials, type KubeconfigSource } from "./kubeconfig.ts";
import { NoKubeconfigError } from "./kubeconfig_file.ts";
import { inClusterCredentials, isInPod, type ServiceAccount } from "./service_account.ts";

/** Where to look for a cluster. */
export interface CredentialSources extends KubeconfigSource {
  /** What the environment says, should this process run in a pod. */
  readonly pod: Omit<ServiceAccount, "clock">;
}

/**
 * Credentials in the order of kubectl and of controllers in Go: kubeconfig files first; where none
 * of them says anything, the service account of the pod that this process runs in.
 */
export async function clusterCredentials(sources: CredentialSources): Promise<Credentials> {
  const { pod, clock } = sources;
  try {
    return await kubeconfigCredentials(sources);
  } catch (error) {
    if (!(error instanceof NoKubeconfigError) || !await isInPod(pod)) throw error;
    return await inClusterCredentials({ ...pod, clock });
  }
}
