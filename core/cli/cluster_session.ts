/** A cluster that a command line works on, and what its errors mean for the person at it. */
import { nearest } from "../api/values/nearest.ts";
import { parseGoDuration } from "../api/values/durations.ts";
import { CommandLineError, CommandRefused, ObjectNotFound } from "../command/mod.ts";
import type { FlagValues } from "../command/flags.ts";
import type { KubeCluster } from "../cluster/kube/mod.ts";
import { ApiError, type Cluster, isNotFound, silentLog, UnreachableError } from "../ports/mod.ts";
import { chosenCredentials, type CONNECTION_FLAGS } from "./kubeconfig.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** What is said about the connection. */
export type ConnectionChoice = FlagValues<typeof CONNECTION_FLAGS>;

/** A cluster that can be asked. */
export interface Session {
  readonly cluster: Cluster;
  /** The namespace that is meant where a command names none. */
  readonly namespace: string;
  readonly server: string;
}

/** One with a connection of its own. */
export interface OpenSession extends Session {
  readonly cluster: KubeCluster;
}

/** Connects, and lets everything go at the end. @throws {UsageError} in one sentence */
export async function onCluster<Result>(
  terminal: Terminal,
  choice: ConnectionChoice,
  use: (session: OpenSession) => Promise<Result>,
): Promise<Result> {
  // Loaded here, so that no verb without a cluster pays for the network.
  const kube = await import("../cluster/kube/mod.ts");
  const limits = timeLimits(choice["request-timeout"]);
  const credentials = await chosenCredentials(terminal, choice);
  const { clock, random } = terminal;
  const cluster = new kube.KubeCluster(credentials, { clock, random, log: silentLog }, {
    userAgent: `sluice/${VERSION}`,
    ...limits,
  });
  const session = { cluster, namespace: credentials.namespace, server: credentials.server };
  try {
    return await use(session);
  } catch (error) {
    const text = await errorText(session, error);
    throw text === undefined ? error : new UsageError(text);
  } finally {
    await cluster.close();
  }
}

/** `5s`, or a number of seconds, as with kubectl; 0 leaves it to the adapter. */
export function timeLimits(text: string): { requestTimeoutMs?: number } {
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : parseGoDuration(text);
  if (ms === undefined || ms < 0) {
    throw new CommandLineError(
      `invalid value "${text}" for --request-timeout; write for example 30s, or 0`,
    );
  }
  return ms === 0 ? {} : { requestTimeoutMs: Math.round(ms) };
}

/** An error in one sentence, with what to do; undefined for one that is our own fault. */
export async function errorText(session: Session, error: unknown): Promise<string | undefined> {
  const { server } = session;
  if (error instanceof ObjectNotFound) return await notFoundText(session, error);
  if (error instanceof CommandRefused) return error.message;
  if (error instanceof UnreachableError) {
    const detail = error.message.replace(/^Cannot [^:]*: "[^"]*" /, "")
      .replace(/ \(os error \d+\)/, "");
    return `Cannot reach the cluster at ${server}: it ${detail}; ` +
      "check the address, or choose another with --context";
  }
  if (!(error instanceof ApiError)) return undefined;
  if (error.code === 401) {
    return `The cluster at ${server} does not accept your credentials: log in again ` +
      "(a token may have expired), or choose another context with --context";
  }
  if (isNotFound(error)) return missingKindText(server);
  return error.message.replaceAll(/\s*\n\s*/g, " ");
}

function missingKindText(server: string): string {
  return `The cluster at ${server} does not know the kinds of Argo Rollouts: ` +
    "install them (sluice manifests --crds | kubectl apply -f -), " +
    "or choose another cluster with --context";
}

/** Says whether there is one of a like name, or of this name elsewhere. */
async function notFoundText(session: Session, error: ObjectNotFound): Promise<string> {
  const { cluster, server } = session;
  const { type, ref: { namespace, name } } = error;
  try {
    const { items } = await cluster.list(type, { namespace });
    const meant = nearest(name, items.map(({ metadata }) => metadata.name));
    if (meant !== undefined) return `${error.message}; did you mean "${meant}"?`;
  } catch (problem) {
    // A server that does not know the kind gives the same answer to both questions.
    return isNotFound(problem) ? missingKindText(server) : error.message;
  }
  try {
    const { items } = await cluster.list(type, { fieldSelector: `metadata.name=${name}` });
    const [elsewhere] = items.map(({ metadata }) => metadata.namespace);
    if (elsewhere !== undefined) {
      return `${error.message}; there is one in namespace "${elsewhere}" (-n ${elsewhere})`;
    }
  } catch {
    // Whoever may see only one namespace is told no more.
  }
  return error.message;
}
