/** The configuration of notifications that a command line means: of the cluster, or of files. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { CONFIG_MAPS, ROLLOUTS } from "../api/names/resources.ts";
import { CommandLineError, ObjectNotFound } from "../command/mod.ts";
import type { Flags, FlagValues } from "../command/flags.ts";
import {
  CONFIG_MAP_NAME,
  configOfObjects,
  type NotificationConfig,
  problemLine,
  SECRET_NAME,
} from "../notify/mod.ts";
import { isNotFound } from "../ports/mod.ts";
import { defineResource, type ResourceType } from "../../sdk/wire/resource_type.ts";
import { onCluster, type Session } from "./cluster_session.ts";
import { CONNECTION_FLAGS } from "./kubeconfig.ts";
import { readManifests } from "./manifest_files.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const SECRETS = defineResource("", "v1", "secrets", "Secret");
/** Where Argo Rollouts is installed, if the present namespace has no configuration. */
const USUAL_NAMESPACE = "argo-rollouts";
const NO_SECRET = ":empty";

export const CONFIG_FLAGS = {
  "config-map": { value: "FILE", about: "The ConfigMap in a file, or - for standard input" },
  secret: { value: "FILE", about: "The Secret in a file, - for standard input, or :empty" },
  ...CONNECTION_FLAGS,
} as const satisfies Flags;

type ConfigChoice = FlagValues<typeof CONFIG_FLAGS>;

/** What a command works on. */
export interface NotificationSources {
  readonly config: NotificationConfig;
  /** The Rollout of this name, or of the file of this name. */
  rollout(name: string): Promise<Rollout>;
}

/** Reads the configuration, and connects to a cluster where one is needed. */
export async function withNotifications<Result>(
  terminal: Terminal,
  flags: ConfigChoice,
  use: (sources: NotificationSources) => Promise<Result>,
): Promise<Result> {
  if (flags["config-map"] === "-" && flags.secret === "-") {
    throw new CommandLineError("only one of --config-map and --secret can be standard input");
  }
  const files = {
    configMap: await fileObject(terminal, flags["config-map"], CONFIG_MAPS.kind),
    secret: flags.secret === NO_SECRET
      ? { apiVersion: "v1", kind: "Secret", metadata: { name: SECRET_NAME } }
      : await fileObject(terminal, flags.secret, "Secret"),
  };
  const { notifiers } = await terminal.plugins();
  const run = async (session: Session | undefined): Promise<Result> => {
    const objects = session === undefined ? files : await completed(files, session);
    const { configMap, secret } = objects;
    const config = configOfObjects(
      {
        ...(configMap === undefined ? {} : { configMap }),
        ...(secret === undefined ? {} : { secret }),
      },
      { notifiers },
    );
    for (const problem of config.problems) {
      terminal.err(`${problem.severity}: ${problemLine(problem)}\n`);
    }
    return await use({
      config,
      rollout: async (name) =>
        await rolloutInFile(terminal, name) ?? await rolloutIn(terminal, { name, flags, session }),
    });
  };
  const isComplete = files.configMap !== undefined && files.secret !== undefined;
  return isComplete ? await run(undefined) : await onCluster(terminal, flags, run);
}

async function fileObject(
  terminal: Terminal,
  path: string | undefined,
  kind: string,
): Promise<KubeObject | undefined> {
  if (path === undefined) return undefined;
  const documents = await readManifests(terminal, path);
  const objects = documents.map(({ object }) => object).filter((object) => object.kind === kind);
  const [first, second] = objects;
  if (first === undefined) throw new UsageError(`no ${kind} in ${path}`);
  if (second === undefined) return first;
  const names = [CONFIG_MAP_NAME, SECRET_NAME];
  const named = objects.find(({ metadata: { name } }) => names.includes(name));
  if (named === undefined) throw new UsageError(`several objects of kind ${kind} in ${path}`);
  return named;
}

interface Objects {
  readonly configMap: KubeObject | undefined;
  readonly secret: KubeObject | undefined;
}

/** With what the cluster has where no file is named. @throws {UsageError} without a ConfigMap */
async function completed(files: Objects, { cluster, namespace }: Session): Promise<Objects> {
  const read = async (type: ResourceType, name: string) => {
    for (const place of new Set([namespace, USUAL_NAMESPACE])) {
      try {
        return await cluster.get(type, { namespace: place, name });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    return undefined;
  };
  const configMap = files.configMap ?? await read(CONFIG_MAPS, CONFIG_MAP_NAME);
  if (configMap === undefined) {
    const places = [...new Set([namespace, USUAL_NAMESPACE])].map((place) => `"${place}"`);
    throw new UsageError(
      `no ConfigMap "${CONFIG_MAP_NAME}" in namespace ${places.join(" or ")}; ` +
        "choose another namespace with -n, or a file with --config-map",
    );
  }
  return {
    configMap,
    secret: files.secret ?? await read(SECRETS, SECRET_NAME),
  };
}

/** Undefined: there is no file of that name. */
async function rolloutInFile(terminal: Terminal, name: string): Promise<Rollout | undefined> {
  try {
    await terminal.readFile(name);
  } catch {
    return undefined;
  }
  const documents = await readManifests(terminal, name);
  const rollout = documents.find(({ object }) => object.kind === ROLLOUTS.kind)?.object;
  if (rollout === undefined) throw new UsageError(`no Rollout in ${name}`);
  return rollout as Rollout;
}

async function rolloutIn(
  terminal: Terminal,
  { name, flags, session }: {
    readonly name: string;
    readonly flags: ConfigChoice;
    readonly session: Session | undefined;
  },
): Promise<Rollout> {
  const read = async ({ cluster, namespace }: Session) => {
    const ref = { namespace, name };
    try {
      return await cluster.get(ROLLOUTS, ref) as Rollout;
    } catch (error) {
      throw isNotFound(error) ? new ObjectNotFound(ROLLOUTS, ref) : error;
    }
  };
  return session === undefined ? await onCluster(terminal, flags, read) : await read(session);
}
