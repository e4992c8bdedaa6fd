/** Which cluster a command line means, and how to talk to it. */
import type { Credentials } from "../cluster/kube/mod.ts";
import type { Flags, FlagValues } from "../command/flags.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The flags that say which cluster is meant. */
export const CLUSTER_FLAGS = {
  kubeconfig: {
    value: "FILE",
    about: "The cluster's kubeconfig file; without it KUBECONFIG, then ~/.kube/config",
  },
  context: { value: "NAME", about: "The context of the kubeconfig to use" },
} as const satisfies Flags;

/** What a command line says about the cluster. */
export type ClusterChoice = FlagValues<typeof CLUSTER_FLAGS>;

/** The credentials of the cluster that is meant. @throws {UsageError} in one sentence */
export async function chosenCredentials(
  terminal: Terminal,
  { kubeconfig, context }: ClusterChoice,
): Promise<Credentials> {
  // Loaded here, so that no verb without a cluster pays for the network.
  const { clusterCredentials } = await import("../cluster/kube/mod.ts");
  return await clusterCredentials({
    ...kubeconfigFiles(terminal, kubeconfig),
    ...(context === undefined ? {} : { context }),
    pod: {
      host: terminal.environment("KUBERNETES_SERVICE_HOST") ?? "",
      port: terminal.environment("KUBERNETES_SERVICE_PORT") ?? "",
      directory: terminal.serviceAccountFolder,
    },
    clock: terminal.clock,
  }).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  });
}

/** As kubectl has it: what the flag names, else what KUBECONFIG lists, else that of the user. */
function kubeconfigFiles(
  terminal: Terminal,
  flag: string | undefined,
): { paths: string[]; mayBeMissing?: boolean } {
  if (flag !== undefined && flag !== "") return { paths: [terminal.resolve(flag)] };
  const list = terminal.environment("KUBECONFIG");
  if (list !== undefined && list !== "") {
    return { paths: list.split(":").filter((path) => path !== ""), mayBeMissing: true };
  }
  return { paths: [`${terminal.environment("HOME") ?? ""}/.kube/config`], mayBeMissing: true };
}
