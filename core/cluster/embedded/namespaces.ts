import { NAMESPACES } from "../../api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { CONTROLLER_MANAGER, type InCluster } from "./in_cluster.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import type { Kind } from "./kind.ts";
import type { Change } from "./store.ts";

/** Empties namespaces that are being deleted, and lets them go then. */
export class Namespaces {
  readonly #cluster: InCluster;
  readonly #namespaces: Kind;
  readonly #emptyOnce: (name: string) => void;

  constructor(cluster: InCluster) {
    this.#cluster = cluster;
    this.#namespaces = cluster.kinds.find(NAMESPACES);
    this.#emptyOnce = cluster.work.once((name) => this.#empty(name));
    cluster.store.onChange((change) => this.#notice(change));
  }

  #notice({ kind, type, object }: Change): void {
    if (kind === this.#namespaces) {
      if (type !== "DELETED") this.#soon(object);
    } else if (type === "DELETED" && object.metadata.namespace !== undefined) {
      const { namespace } = object.metadata;
      const home = this.#cluster.store.get(this.#namespaces, undefined, namespace);
      if (home !== undefined) this.#soon(home);
    }
  }

  #soon({ metadata }: KubeObject): void {
    if (metadata.deletionTimestamp === undefined) return;
    this.#emptyOnce(metadata.name);
  }

  #empty(name: string): void {
    const { api, store, kinds } = this.#cluster;
    const namespace = store.get(this.#namespaces, undefined, name);
    if (namespace === undefined) return;
    let isEmpty = true;
    for (const kind of kinds.all()) {
      if (!kind.type.namespaced) continue;
      for (const object of store.list(kind, name)) {
        const isLeft = object.metadata.deletionTimestamp !== undefined ||
          api.delete(CONTROLLER_MANAGER, kind.type, object.metadata) !== undefined;
        if (isLeft) isEmpty = false;
      }
    }
    if (!isEmpty) return;
    const spec = { ...fieldsOf(namespace["spec"]), finalizers: [] };
    const metadata = { name } as KubeObject["metadata"];
    api.update(CONTROLLER_MANAGER, NAMESPACES, { ...namespace, metadata, spec });
    const left = store.get(this.#namespaces, undefined, name);
    // Finalizers of others in its metadata still hold it.
    if (left !== undefined) api.delete(CONTROLLER_MANAGER, NAMESPACES, { name });
  }
}
