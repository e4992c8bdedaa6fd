import type { Clock } from "../../ports/clock.ts";
import type { Credentials } from "./credentials.ts";
import { bearerFromFile, readTextFile } from "./credential_files.ts";

/** What a pod knows of its cluster. */
export interface ServiceAccount {
  /** `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT` of the pod's environment. */
  readonly host: string;
  readonly port: string;
  readonly clock: Clock;
  /** Folder of `token`, `ca.crt` and `namespace`. */
  readonly directory: string;
}

/** Whether this process runs in a pod that has a service account. */
export async function isInPod(
  { host, port, directory }: Omit<ServiceAccount, "clock">,
): Promise<boolean> {
  if (host === "" || port === "") return false;
  return await Deno.stat(`${directory}/token`).then(({ isFile }) => isFile, () => false);
}

/** Credentials of the pod that this process runs in. */
export async function inClusterCredentials(account: ServiceAccount): Promise<Credentials> {
  const { directory } = account;
  if (account.host === "" || account.port === "") {
    throw new Error(
      "Cannot use the service account of this pod: " +
        "the host or the port of the API server is not known",
    );
  }
  const doing = "Cannot use the service account of this pod";
  const headers = bearerFromFile({ path: `${directory}/token`, clock: account.clock, doing });
  const [caPem, namespace] = await Promise.all([
    readTextFile(`${directory}/ca.crt`, doing),
    readTextFile(`${directory}/namespace`, doing),
    headers(),
  ]);
  // An IPv6 address needs brackets in a URL.
  const host = account.host.includes(":") ? `[${account.host}]` : account.host;
  return {
    server: `https://${host}:${account.port}`,
    namespace: namespace.trim() || "default",
    caPem,
    headers,
    renew: headers.outdate,
  };
}
