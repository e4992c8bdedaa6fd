/** Which cluster a command line means, and how to talk to it. */
import type { Credentials, KubeconfigOverrides } from "../cluster/kube/mod.ts";
import type { Flags, FlagValues } from "../command/flags.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

/** The flags that say which cluster is meant. */
export const CLUSTER_FLAGS = {
  kubeconfig: {
    value: "FILE",
    about: "The cluster's kubeconfig file; without it KUBECONFIG, then ~/.kube/config",
  },
  context: { value: "NAME", about: "The context of the kubeconfig to use" },
} as const satisfies Flags;

/** The flags with which kubectl connects; those without help are for scripts that have them. */
export const CONNECTION_FLAGS = {
  namespace: { short: "n", value: "NAME", about: "The namespace (default: that of the context)" },
  ...CLUSTER_FLAGS,
  cluster: { value: "NAME" },
  user: { value: "NAME" },
  server: { short: "s", value: "URL", about: "The address of the API server" },
  token: { value: "TOKEN", about: "The bearer token that says who you are" },
  as: { value: "USER", about: "Act as another user" },
  "as-group": { value: "GROUP", isRepeatable: true },
  "as-uid": { value: "UID" },
  username: { value: "NAME" },
  password: { value: "PASSWORD" },
  "certificate-authority": { value: "FILE" },
  "client-certificate": { value: "FILE" },
  "client-key": { value: "FILE" },
  "insecure-skip-tls-verify": {},
  "tls-server-name": { value: "NAME" },
  "request-timeout": {
    value: "DURATION",
    default: "0",
    about: "How long to wait for an answer of the server; 0 is 10 seconds",
  },
  // What kubectl's client libraries take beside: nothing here depends on it.
  "cache-dir": { value: "FOLDER" },
  "disable-compression": {},
  kloglevel: { short: "v", value: "LEVEL" },
  loglevel: { value: "LEVEL" },
} as const satisfies Flags;

/** What a command line says about the cluster. */
export type ClusterChoice =
  & FlagValues<typeof CLUSTER_FLAGS>
  & Partial<FlagValues<typeof CONNECTION_FLAGS>>;

/** The credentials of the cluster that is meant. @throws {UsageError} in one sentence */
export async function chosenCredentials(
  terminal: Terminal,
  choice: ClusterChoice,
): Promise<Credentials> {
  // Loaded here, so that no verb without a cluster pays for the network.
  const { clusterCredentials } = await import("../cluster/kube/mod.ts");
  const { kubeconfig, context } = choice;
  return await clusterCredentials({
    ...kubeconfigFiles(terminal, kubeconfig),
    ...(context ? { context } : {}),
    overrides: overridesOf(terminal, choice),
    pod: {
      host: terminal.environment("KUBERNETES_SERVICE_HOST") ?? "",
      port: terminal.environment("KUBERNETES_SERVICE_PORT") ?? "",
      directory: terminal.serviceAccountFolder,
    },
    clock: terminal.clock,
  }).catch((error: unknown) => {
    throw new UsageError(errorText(error));
  });
}

const NAMED = [
  ...["cluster", "user", "namespace", "server", "token", "as", "as-uid", "username", "password"],
  "tls-server-name",
] as const;
const FILES = ["certificate-authority", "client-certificate", "client-key"] as const;

/** What stands on the command line; an empty value is as good as none, as with kubectl. */
function overridesOf(terminal: Terminal, choice: ClusterChoice): KubeconfigOverrides {
  const given: Readonly<Record<string, unknown>> = choice;
  const overrides: Record<string, unknown> = {};
  for (const name of NAMED) if (given[name]) overrides[name] = given[name];
  for (const name of FILES) {
    const path = choice[name];
    if (path) overrides[name] = terminal.resolve(path);
  }
  if (choice["as-group"]?.length) overrides["as-groups"] = choice["as-group"];
  if (choice["insecure-skip-tls-verify"]) overrides["insecure-skip-tls-verify"] = true;
  return overrides;
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
