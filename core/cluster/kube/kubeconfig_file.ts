import { parseDocument } from "yaml";
import { z } from "zod";
import { dirname, isAbsolute, join } from "node:path";
import { readTextFile } from "./credential_files.ts";
import { type KubeconfigOverrides, withOverrides } from "./kubeconfig_overrides.ts";

const text = z.string().nullish();

const clusterEntry = z.looseObject({
  server: text,
  "certificate-authority": text,
  "certificate-authority-data": text,
  "insecure-skip-tls-verify": z.boolean().nullish(),
  "tls-server-name": text,
  "proxy-url": text,
});

const execEntry = z.looseObject({
  apiVersion: text,
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullish(),
  installHint: text,
  provideClusterInfo: z.boolean().nullish(),
});

const userEntry = z.looseObject({
  "client-certificate": text,
  "client-certificate-data": text,
  "client-key": text,
  "client-key-data": text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  "as-uid": text,
  "as-groups": z.array(z.string()).nullish(),
  "as-user-extra": z.record(z.string(), z.array(z.string())).nullish(),
  exec: execEntry.nullish(),
  "auth-provider": z.looseObject({
    name: z.string(),
    config: z.record(z.string(), z.string()).nullish(),
  }).nullish(),
});

const contextEntry = z.looseObject({ cluster: text, user: text, namespace: text });

function named<Shape extends z.ZodType, Key extends string>(key: Key, shape: Shape) {
  return z.array(
    z.looseObject({ name: z.string(), [key]: shape } as { name: z.ZodString } & Record<Key, Shape>),
  ).nullish();
}

const kubeconfigFile = z.looseObject({
  "current-context": text,
  clusters: named("cluster", clusterEntry),
  users: named("user", userEntry),
  contexts: named("context", contextEntry),
});

/** `cluster` of an entry under `clusters`. */
export type ClusterEntry = z.infer<typeof clusterEntry>;
/** `user` of an entry under `users`. */
export type UserEntry = z.infer<typeof userEntry>;
/** `exec` of a user. */
export type ExecEntry = z.infer<typeof execEntry>;

/** What one context of a kubeconfig says. */
export interface KubeconfigContext {
  /** The files read, for messages. */
  readonly origin: string;
  /** Its own; absent: what the command line says is all there is. */
  readonly name?: string;
  readonly cluster: ClusterEntry & { readonly server: string };
  readonly user: UserEntry;
  readonly namespace: string;
}

/** No kubeconfig says anything: there is no file, or nothing is in it. */
export class NoKubeconfigError extends Error {
  override readonly name = "NoKubeconfigError";
}

/** Entries of all files: the first file that names one wins, as with kubectl. */
interface Merged {
  currentContext: string | undefined;
  readonly clusters: Map<string, ClusterEntry>;
  readonly users: Map<string, UserEntry>;
  readonly contexts: Map<string, z.infer<typeof contextEntry>>;
}

/** Reads kubeconfig files and picks a context: the one asked for, or the current one. */
export async function readContext(
  paths: readonly string[],
  contextName: string | undefined,
  overrides: KubeconfigOverrides = {},
): Promise<KubeconfigContext> {
  const merged: Merged = {
    currentContext: undefined,
    clusters: new Map(),
    users: new Map(),
    contexts: new Map(),
  };
  const origin = paths.join('", "');
  for (const path of await present(paths)) addFile(merged, await parseFile(path), path);
  if (isEmpty(merged) && contextName === undefined) {
    // As with kubectl, a server on the command line needs no kubeconfig.
    if (overrides.server !== undefined) return plainContext(overrides.server, overrides);
    throw new NoKubeconfigError(
      `Cannot use kubeconfig "${origin}": it has no current-context, and none was asked for`,
    );
  }
  return pick(merged, { origin, contextName: contextName ?? merged.currentContext, overrides });
}

/** A context of which nothing is known but what the command line says. */
function plainContext(server: string, overrides: KubeconfigOverrides): KubeconfigContext {
  const context = {
    origin: "",
    cluster: { server: checkedServer(server, "Cannot use --server") },
    user: {},
    namespace: "default",
  };
  return withOverrides(context, overrides);
}

/** @throws {Error} in one sentence for what is no URL */
function checkedServer(server: string, doing: string, of = ""): string {
  if (/^https?:\/\//.test(server) && URL.canParse(server)) return server;
  throw new Error(
    `${doing}: the server "${server}"${of} is not a URL that starts with https:// or http://`,
  );
}

/** Of several files (a `KUBECONFIG` list) those that exist; one alone has to. */
async function present(paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length <= 1) return paths;
  const exist = await Promise.all(paths.map(isThere));
  return paths.filter((_, index) => exist[index]);
}

/** Whether there is a file; one that may not be looked at counts, so that reading it says why. */
export async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(
    () => true,
    (error: unknown) => !(error instanceof Deno.errors.NotFound),
  );
}

function isEmpty({ currentContext, clusters, users, contexts }: Merged): boolean {
  return currentContext === undefined && clusters.size + users.size + contexts.size === 0;
}

async function parseFile(path: string): Promise<z.infer<typeof kubeconfigFile>> {
  const doing = `Cannot read kubeconfig "${path}"`;
  const source = await readTextFile(path, doing);
  // Version 1.1 as kubectl: `insecure-skip-tls-verify: yes` is true.
  const document = parseDocument(source, { version: "1.1", uniqueKeys: false });
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw new Error(
      `${doing}: it is not YAML: ${problem.message.split("\n")[0]?.replace(/:$/, "")}`,
    );
  }
  const result = kubeconfigFile.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join(".");
  throw new Error(
    where
      ? `${doing}: "${where}": ${issue?.message}`
      : `${doing}: it is no kubeconfig: that has clusters, users and contexts`,
  );
}

function addFile(merged: Merged, file: z.infer<typeof kubeconfigFile>, path: string): void {
  const folder = dirname(path);
  if (file["current-context"]) merged.currentContext ??= file["current-context"];
  for (const { name, cluster } of file.clusters ?? []) {
    const entry = absolute(cluster, folder, ["certificate-authority"]);
    if (!merged.clusters.has(name)) merged.clusters.set(name, entry);
  }
  for (const { name, user } of file.users ?? []) {
    const entry = absolute(user, folder, ["client-certificate", "client-key", "tokenFile"]);
    if (entry.exec) entry.exec = { ...entry.exec, command: command(entry.exec.command, folder) };
    if (!merged.users.has(name)) merged.users.set(name, entry);
  }
  for (const { name, context } of file.contexts ?? []) {
    if (!merged.contexts.has(name)) merged.contexts.set(name, context);
  }
}

/** Paths in a kubeconfig are meant from its own folder. */
function absolute<Entry extends Record<string, unknown>>(
  entry: Entry,
  folder: string,
  keys: readonly (keyof Entry & string)[],
): Entry {
  const result: Record<string, unknown> = { ...entry };
  for (const key of keys) {
    const path = result[key];
    if (typeof path === "string" && path !== "" && !isAbsolute(path)) {
      result[key] = join(folder, path);
    }
  }
  return result as Entry;
}

/** A bare command is looked up in the search path; one with a slash is a path like any other. */
function command(name: string, folder: string): string {
  return name.includes("/") && !isAbsolute(name) ? join(folder, name) : name;
}

/** Which context is meant, and what the command line says instead. */
interface Choice {
  readonly origin: string;
  readonly contextName: string | undefined;
  readonly overrides: KubeconfigOverrides;
}

function pick(merged: Merged, { origin, contextName, overrides }: Choice): KubeconfigContext {
  const doing = `Cannot use kubeconfig "${origin}"`;
  if (!contextName) throw new Error(`${doing}: it has no current-context, and none was asked for`);
  const named = merged.contexts.get(contextName);
  if (named === undefined) {
    const known = [...merged.contexts.keys()].map((name) => `"${name}"`).join(", ");
    throw new Error(
      `${doing}: it has no context "${contextName}", ${known ? `only ${known}` : "nor any other"}`,
    );
  }
  const context = {
    ...named,
    cluster: overrides.cluster ?? named.cluster,
    user: overrides.user ?? named.user,
  };
  const cluster = merged.clusters.get(context.cluster ?? "");
  if (cluster === undefined) {
    throw new Error(
      `${doing}: context "${contextName}" names cluster "${context.cluster ?? ""}", ` +
        "which it does not have",
    );
  }
  const user = context.user ? merged.users.get(context.user) : {};
  if (user === undefined) {
    throw new Error(
      `${doing}: context "${contextName}" names user "${context.user}", which it does not have`,
    );
  }
  const given = overrides.server ?? cluster.server ?? "";
  const server = checkedServer(given, doing, ` of cluster "${context.cluster}"`);
  return withOverrides({
    origin,
    name: contextName,
    cluster: { ...cluster, server },
    user,
    namespace: context.namespace || "default",
  }, overrides);
}
