import type { Clock } from "../../ports/clock.ts";
import type { Authentication, Credentials } from "./credentials.ts";
import { bearerFromFile, readTextFile } from "./credential_files.ts";
import {
  isThere,
  type KubeconfigContext,
  NoKubeconfigError,
  readContext,
  type UserEntry,
} from "./kubeconfig_file.ts";
import type { KubeconfigOverrides } from "./kubeconfig_overrides.ts";
import { remembered } from "./remembered.ts";

/** Which kubeconfig, and which of its contexts. */
export interface KubeconfigSource {
  /** One file, or the files of a `KUBECONFIG` list, where earlier ones win. */
  readonly paths: readonly string[];
  /** The files are where kubeconfigs usually are: that there is none is no mistake. */
  readonly mayBeMissing?: boolean;
  /** The current context when absent. */
  readonly context?: string;
  /** What is said instead of the kubeconfig. */
  readonly overrides?: KubeconfigOverrides;
  readonly clock: Clock;
}

/** Credentials from a kubeconfig; an exec plug-in or auth provider is run when it names one. */
export async function kubeconfigCredentials(source: KubeconfigSource): Promise<Credentials> {
  const { paths, mayBeMissing = false, overrides = {} } = source;
  const [path, ...more] = paths;
  if (path === undefined) {
    throw new NoKubeconfigError("Cannot find a cluster: KUBECONFIG names no file");
  }
  const isMissing = mayBeMissing && more.length === 0 && !await isThere(path);
  if (isMissing && overrides.server === undefined) {
    throw new NoKubeconfigError(
      `Cannot find a cluster: there is no file "${path}"; use --kubeconfig or set KUBECONFIG`,
    );
  }
  const readFrom = isMissing ? [] : paths;
  const context = await readContext(readFrom, source.context, overrides);
  const { cluster } = context;
  const doing = `Cannot use kubeconfig "${context.origin}"`;
  const readAgain = async () => {
    const found = await readContext(readFrom, context.name, overrides);
    // Nobody shows one server what is meant for another.
    if (found.cluster.server === cluster.server) return found;
    throw new Error(`${doing}: its server is another one now`);
  };
  const [authentication, caPem] = await Promise.all([
    authenticate({ context, readAgain, clock: source.clock, doing }),
    pemOf(cluster["certificate-authority-data"], cluster["certificate-authority"], doing),
  ]);
  // Put in and not copied: certificates are read where they stand, since they change.
  return Object.assign(authentication, {
    server: cluster.server,
    namespace: context.namespace,
    ...(caPem !== undefined && { caPem }),
    ...(cluster["insecure-skip-tls-verify"] && { insecureSkipTlsVerify: true }),
    ...(cluster["tls-server-name"] && { tlsServerName: cluster["tls-server-name"] }),
    ...(cluster["proxy-url"] && { proxyUrl: cluster["proxy-url"] }),
  });
}

/** A user of a kubeconfig, who may be somebody else when it is read again. */
interface User {
  readonly context: KubeconfigContext;
  readAgain(): Promise<KubeconfigContext>;
  readonly clock: Clock;
  /** Opens messages. */
  readonly doing: string;
}

async function authenticate(of: User): Promise<Authentication> {
  const impersonation = impersonationHeaders(of.context.user, of.doing);
  const own = await ownAuthentication(of);
  const { headers } = own;
  return Object.assign(own, {
    headers: async () => ({ ...await headers(), ...impersonation }),
  });
}

async function ownAuthentication(of: User): Promise<Authentication> {
  const { context, clock, doing } = of;
  const { user } = context;
  const isPlain = Boolean(user.token || user.tokenFile || user.username);
  if (!isPlain && (user.exec || user["auth-provider"])) {
    // Loaded only here: the library behind it costs 75 MB, and most users hold a token or a key.
    const { pluginAuthentication } = await import("./kubeconfig_plugin.ts");
    return pluginAuthentication(context, clock, doing);
  }
  let isFirst = true;
  const proof = remembered({
    clock,
    // Until the server does not accept it any more.
    maxAgeMs: Infinity,
    keepsOnFailure: true,
    async load() {
      const { user } = isFirst ? context : await of.readAgain();
      isFirst = false;
      return await proofOf(user, doing);
    },
  });
  let last = await proof();
  const authentication = {
    async headers() {
      last = await proof();
      return last.headers;
    },
    renew: proof.outdate,
  };
  if (user.tokenFile) {
    const headers = bearerFromFile({ path: user.tokenFile, clock, doing });
    await headers(); // A missing token file is better told now than at the first request.
    Object.assign(authentication, { headers, renew: headers.outdate });
  }
  if (last.certPem === undefined) return authentication;
  return Object.defineProperties(authentication, {
    certPem: { get: () => last.certPem, enumerable: true },
    keyPem: { get: () => last.keyPem, enumerable: true },
  });
}

/** What a user shows, as it stands in the kubeconfig now. */
interface Proof {
  readonly headers: Record<string, string>;
  readonly certPem: string | undefined;
  readonly keyPem: string | undefined;
}

async function proofOf(user: UserEntry, doing: string): Promise<Proof> {
  const [certPem, keyPem] = await Promise.all([
    pemOf(user["client-certificate-data"], user["client-certificate"], doing),
    pemOf(user["client-key-data"], user["client-key"], doing),
  ]);
  if ((certPem === undefined) !== (keyPem === undefined)) {
    throw new Error(`${doing}: its user has only one of client certificate and client key`);
  }
  const headers: Record<string, string> = {};
  if (user.token) headers["Authorization"] = `Bearer ${user.token}`;
  else if (user.username) {
    const bytes = new TextEncoder().encode(`${user.username}:${user.password ?? ""}`);
    headers["Authorization"] = `Basic ${bytes.toBase64()}`;
  }
  return { headers, certPem, keyPem };
}

function impersonationHeaders(user: UserEntry, doing: string): Record<string, string> {
  const groups = user["as-groups"] ?? [];
  const extra = Object.keys(user["as-user-extra"] ?? {});
  // Each value needs a header line of its own, which one record of headers cannot say. Leaving
  // them out would act with other rights than those asked for.
  if (groups.length > 1 || extra.length > 0) {
    const what = groups.length > 1 ? 'more than one of "as-groups"' : '"as-user-extra"';
    throw new Error(`${doing}: its user sets ${what}, which is not supported`);
  }
  const headers: Record<string, string> = {};
  const [group] = groups;
  if (group !== undefined) headers["Impersonate-Group"] = group;
  if (user.as) headers["Impersonate-User"] = user.as;
  if (user["as-uid"]) headers["Impersonate-Uid"] = user["as-uid"];
  return headers;
}

/** Embedded base64 wins over a file, as with kubectl. */
async function pemOf(
  data: string | null | undefined,
  path: string | null | undefined,
  doing: string,
): Promise<string | undefined> {
  if (data) {
    try {
      return new TextDecoder().decode(Uint8Array.fromBase64(data));
    } catch (error) {
      throw new Error(`${doing}: a certificate or key in it is not base64`, { cause: error });
    }
  }
  return path ? await readTextFile(path, doing) : undefined;
}
