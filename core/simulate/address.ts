/** Which object of the simulated cluster a script means. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { NAMESPACES, PODS, REPLICA_SETS, ROLLOUTS } from "../api/names/resources.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import { CommandRefused, type Target } from "../command/mod.ts";

/** What a command says about where its objects are. */
export interface Place {
  /** Of `--namespace`; without it, a name alone means the one object that has it. */
  readonly namespace?: string | undefined;
}

/** A pod by its name, or one of a Rollout's: 0 is its oldest, which is meant without an index. */
export interface PodChoice {
  /** Of the pod, or of its Rollout. */
  readonly name: string;
  readonly which: number | "oldest" | "newest" | undefined;
}

/**
 * Where an object is: that of this name in whatever namespace, or that of this `namespace/name`.
 * @throws {CommandRefused} when the name alone does not tell
 */
export function addressOf(
  cluster: EmbeddedCluster,
  type: ResourceType,
  { name, namespace: wanted }: Place & { readonly name: string },
): Target {
  const [, namespace, ownName] = /^([^/]+)\/([^/]+)$/.exec(name) ?? [];
  if (!type.namespaced) return { namespace: "", name };
  if (namespace !== undefined && ownName !== undefined) return { namespace, name: ownName };
  if (wanted !== undefined) return { namespace: wanted, name };
  const namespaces = cluster.objects(NAMESPACES).map(({ metadata }) => metadata.name)
    .filter((namespace) => cluster.object(type, { namespace, name }) !== undefined);
  if (namespaces.length > 1) {
    const kind = type.kind.toLowerCase();
    const article = /^[aeiou]/.test(kind) ? "an" : "a";
    throw new CommandRefused(
      `there is ${article} ${kind} "${name}" in each of the namespaces ` +
        `${namespaces.join(", ")}: write "${namespaces[0]}/${name}"`,
    );
  }
  return { namespace: namespaces[0] ?? "default", name };
}

/** The pod that is meant. @throws {CommandRefused} when there is none such */
export function addressOfPod(
  cluster: EmbeddedCluster,
  { name, which, namespace }: PodChoice & Place,
): Target {
  if (which === undefined) {
    const address = addressOf(cluster, PODS, { name, namespace });
    if (at(cluster, PODS, address) !== undefined) return address;
  }
  const pods = podsOf(cluster, addressOf(cluster, ROLLOUTS, { name, namespace }));
  if (pods === undefined) {
    throw new CommandRefused(`no pod or rollout "${name}"`);
  }
  const pod = pods.at(which === "newest" ? -1 : which === "oldest" ? 0 : which ?? 0);
  if (pod === undefined) {
    throw new CommandRefused(`rollout "${name}" has ${pods.length} pods, counted from 0`);
  }
  return { namespace: pod.metadata.namespace ?? "", name: pod.metadata.name };
}

/** The pods of a Rollout, oldest first; undefined when there is no such Rollout. */
function podsOf(cluster: EmbeddedCluster, address: Target): KubeObject[] | undefined {
  const rollout = at(cluster, ROLLOUTS, address);
  if (rollout === undefined) return undefined;
  const { namespace } = address;
  const sets = ownedBy([rollout], cluster.objects(REPLICA_SETS, { namespace }));
  const ageOf = ({ metadata }: KubeObject) => `${metadata.creationTimestamp} ${metadata.name}`;
  return ownedBy(sets, cluster.objects(PODS, { namespace }))
    .sort((a, b) => ageOf(a) < ageOf(b) ? -1 : 1);
}

function ownedBy(owners: readonly KubeObject[], objects: readonly KubeObject[]): KubeObject[] {
  const uids = owners.map(({ metadata }) => metadata.uid);
  return objects.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ uid, controller }) => controller && uids.includes(uid))
  );
}

function at(
  cluster: EmbeddedCluster,
  type: ResourceType,
  { namespace, name }: Target,
): KubeObject | undefined {
  return cluster.objects(type, { namespace, fieldSelector: `metadata.name=${name}` })[0];
}
