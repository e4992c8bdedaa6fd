/** What a command line says instead of the kubeconfig, as kubectl's connection flags do. */
export interface KubeconfigOverrides {
  /** Names of entries of the kubeconfig. */
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly server?: string;
  readonly "certificate-authority"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "tls-server-name"?: string;
  readonly "client-certificate"?: string;
  readonly "client-key"?: string;
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly "as-uid"?: string;
  readonly "as-groups"?: readonly string[];
}

const OF_CLUSTER = [
  "server",
  "certificate-authority",
  "insecure-skip-tls-verify",
  "tls-server-name",
] as const;
const OF_USER = [
  "client-certificate",
  "client-key",
  "token",
  "username",
  "password",
  "as",
  "as-uid",
  "as-groups",
] as const;
/** Who gives one of these means it: no other way to prove who one is may win. */
const PROOFS = ["token", "username", "client-certificate"] as const;
const OTHER_PROOFS = [
  "token",
  "tokenFile",
  "username",
  "password",
  "exec",
  "auth-provider",
] as const;

/** What a context is made of. */
interface Entries {
  readonly cluster: object;
  readonly user: object;
  readonly namespace: string;
}

/** The context with what the command line says. */
export function withOverrides<Context extends Entries>(
  context: Context,
  overrides: KubeconfigOverrides,
): Context {
  const cluster: Record<string, unknown> = { ...context.cluster };
  const user: Record<string, unknown> = { ...context.user };
  if (PROOFS.some((field) => overrides[field] !== undefined)) {
    for (const field of OTHER_PROOFS) delete user[field];
  }
  for (const field of OF_CLUSTER) put(cluster, field, overrides[field]);
  for (const field of OF_USER) put(user, field, overrides[field]);
  // Embedded data would win over a file.
  if (overrides["certificate-authority"]) delete cluster["certificate-authority-data"];
  if (overrides["client-certificate"]) delete user["client-certificate-data"];
  if (overrides["client-key"]) delete user["client-key-data"];
  // As kubectl: who takes any certificate trusts no authority beside.
  if (overrides["insecure-skip-tls-verify"]) {
    delete cluster["certificate-authority"];
    delete cluster["certificate-authority-data"];
  }
  return {
    ...context,
    cluster,
    user,
    namespace: overrides.namespace ?? context.namespace,
  };
}

function put(entry: Record<string, unknown>, field: string, value: unknown): void {
  if (value !== undefined) entry[field] = value;
}
