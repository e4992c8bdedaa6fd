/** The objects of a router on trial, in a real cluster. */
import { ServedVersions } from "../../core/cluster/served_versions.ts";
import { guarded } from "../../core/engine/write.ts";
import type { Cluster } from "../../core/ports/mod.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { NAMESPACE, type ObjectStore } from "../../sdk/testing/traffic_router.ts";
import type { RoutedResource } from "../../sdk/traffic_router.ts";
import type { Write } from "../../sdk/wire/write.ts";

export class ClusterStore implements ObjectStore {
  readonly #user: Cluster;
  readonly #cluster: Cluster;
  readonly #resources: readonly RoutedResource[];

  /** A user lays out the objects; the router reads and writes with the rights of the controller. */
  constructor(
    { user, own }: { user: Cluster; own: Cluster },
    resources: readonly RoutedResource[],
  ) {
    this.#user = new ServedVersions(user, resources);
    this.#cluster = new ServedVersions(own, resources);
    this.#resources = resources;
  }

  async reset(objects: readonly KubeObject[]): Promise<void> {
    for (const type of this.#resources) {
      for (const { metadata: { name } } of await this.#listOf(type)) {
        await this.#user.delete(type, { namespace: NAMESPACE, name });
      }
    }
    for (const { status: _, metadata, ...object } of objects) {
      const type = this.#resources.find(({ kind }) => kind === object.kind);
      if (type === undefined) throw new Error(`Cannot create a ${object.kind}: no such resource`);
      const { uid: _uid, resourceVersion: _version, ...own } = metadata;
      await this.#user.create(type, { ...object, metadata: own });
    }
  }

  /** What a server tells of its own is not the objects'. */
  async list(): Promise<readonly KubeObject[]> {
    const lists = await Promise.all(this.#resources.map((type) => this.#listOf(type)));
    const objects = lists.flat().map(({ status: _, ...object }) => {
      const { creationTimestamp: _created, generation: _generation, ...metadata } = object.metadata;
      const { managedFields: _fields, ...own } = metadata;
      return { ...object, metadata: own };
    });
    const keyOf = ({ kind, metadata: { name } }: KubeObject) => `${kind}/${name}`;
    return objects.sort((one, other) => keyOf(one) < keyOf(other) ? -1 : 1);
  }

  async write(write: Write): Promise<void> {
    const { type, ref } = write;
    switch (write.verb) {
      case "create":
        await this.#cluster.create(type, write.object);
        return;
      case "patch":
        await this.#cluster.patch(type, ref, guarded(write));
        return;
      case "delete": {
        const { uid, resourceVersion } = write;
        await this.#cluster.delete(type, ref, { preconditions: { uid, resourceVersion } });
        return;
      }
      case "evict":
        throw new Error(`Cannot evict ${ref.name}: it is no pod`);
    }
  }

  async #listOf(type: RoutedResource): Promise<readonly KubeObject[]> {
    const { items } = await this.#cluster.list(type, { namespace: NAMESPACE });
    return items;
  }
}
