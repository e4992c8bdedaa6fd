/** `sluice lint --cluster`: what the files name and do not hold is looked up in a cluster. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import { referencedType } from "../api/validation/referenced_types.ts";
import type { Wanted } from "../lint/mod.ts";
import { ApiError, type Cluster, isNotFound, silentLog, UnreachableError } from "../ports/mod.ts";
import { chosenCredentials, type ClusterChoice } from "./kubeconfig.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** Names what is missing when these objects of the cluster are known. */
export type MissingObjects = (known: readonly KubeObject[]) => readonly Wanted[];

/** The objects of the cluster that the files name. @throws {UsageError} when it gives no answer */
export async function lookUpMissing(
  terminal: Terminal,
  choice: ClusterChoice,
  missing: MissingObjects,
): Promise<KubeObject[]> {
  const { KubeCluster } = await import("../cluster/kube/mod.ts");
  const { ServedVersions } = await import("../cluster/served_versions.ts");
  const credentials = await chosenCredentials(terminal, choice);
  const { clock, random } = terminal;
  const ports = { clock, random, log: silentLog };
  const cluster = new KubeCluster(credentials, ports, { userAgent: `sluice/${VERSION}` });
  try {
    const plugins = await terminal.plugins();
    const routed = plugins.trafficRouters.flatMap(({ resources }) => resources);
    const namespace = credentials.namespace ?? "default";
    return await lookUp(new ServedVersions(cluster, routed), { missing, namespace, plugins });
  } catch (error) {
    if (!(error instanceof UnreachableError || error instanceof ApiError)) throw error;
    throw new UsageError(`Cannot ask the cluster at ${credentials.server}: ${error.message}`);
  } finally {
    await cluster.close();
  }
}

/** Where objects are looked up, and as what. */
interface LookUp {
  readonly namespace: string;
  readonly plugins: PluginRegistry;
}

/** What is found may name more: a template its own templates. */
async function lookUp(
  cluster: Cluster,
  { missing, ...choice }: LookUp & { missing: MissingObjects },
): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  const asked = new Set<string>();
  for (;;) {
    const wanted = missing(found).filter(({ type, namespace, name }) => {
      const key = `${type.group}/${type.kind}/${namespace ?? ""}/${name}`;
      return !asked.has(key) && asked.add(key);
    });
    if (wanted.length === 0) return found;
    const objects = await Promise.all(wanted.map((one) => get(cluster, one, choice)));
    found.push(...objects.filter((object) => object !== undefined));
  }
}

async function get(
  cluster: Cluster,
  { type, namespace, name }: Wanted,
  { namespace: defaultNamespace, plugins }: LookUp,
): Promise<KubeObject | undefined> {
  const resource = referencedType(type, plugins);
  if (resource === undefined) return undefined;
  try {
    // Of a kind without namespaces, no namespace is asked for.
    return await cluster.get(resource, { namespace: namespace || defaultNamespace, name });
  } catch (error) {
    // Also when the cluster does not know the kind at all.
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
