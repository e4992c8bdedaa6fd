import type { KubeObject, OwnerReference } from "../../../sdk/api/object.ts";
import { FOREGROUND, ORPHAN } from "./deletion.ts";
import { CONTROLLER_MANAGER, type InCluster } from "./in_cluster.ts";
import type { Change, Stored } from "./store.ts";

/** Whether an owner still holds what it owns. */
type Hold = "holds" | "waits" | "gone";

/** Removes objects whose owners are gone, and serves owners that wait for that or let go. */
export class Garbage {
  readonly #cluster: InCluster;
  readonly #judgeOnce: (uid: string) => void;
  readonly #attendOnce: (uid: string) => void;

  constructor(cluster: InCluster) {
    this.#cluster = cluster;
    this.#judgeOnce = cluster.work.once((uid) => this.#judge(uid));
    this.#attendOnce = cluster.work.once((uid) => this.#attend(uid));
    cluster.store.onChange((change) => this.#notice(change));
  }

  #notice({ type, object, before }: Change): void {
    const { uid = "", ownerReferences, deletionTimestamp } = object.metadata;
    if (type === "DELETED") {
      for (const dependent of this.#cluster.store.ownedBy(uid)) this.#judgeSoon(dependent);
      for (const { uid: owner } of ownerReferences ?? []) this.#attendSoon(owner);
      return;
    }
    const isOwnedAnew = ownerReferences !== before?.metadata.ownerReferences;
    if (isOwnedAnew && ownerReferences !== undefined) this.#judgeSoon({ object });
    if (deletionTimestamp !== undefined) this.#attendSoon(uid);
  }

  #judgeSoon({ object }: Pick<Stored, "object">): void {
    this.#judgeOnce(object.metadata.uid ?? "");
  }

  #attendSoon(uid: string): void {
    const owner = this.#cluster.store.byUid(uid);
    const finalizers = owner?.object.metadata.finalizers ?? [];
    if (!finalizers.includes(FOREGROUND) && !finalizers.includes(ORPHAN)) return;
    this.#attendOnce(uid);
  }

  /** Keeps an object that an owner holds, without the owners that are gone; removes any other. */
  #judge(uid: string): void {
    const { api, store } = this.#cluster;
    const stored = store.byUid(uid);
    const owners = stored?.object.metadata.ownerReferences ?? [];
    if (stored === undefined || owners.length === 0) return;
    const { object, kind } = stored;
    const holds = owners.map((owner) => this.#holdOf(owner, object));
    if (holds.includes("holds")) {
      this.#keepOwners(stored, owners.filter((_owner, index) => holds[index] === "holds"));
      return;
    }
    if (object.metadata.deletionTimestamp !== undefined) return;
    const isForeground = holds.includes("waits") && store.ownedBy(uid).length > 0;
    api.delete(CONTROLLER_MANAGER, kind.type, object.metadata, {
      preconditions: { uid },
      // An object that says itself how it wants to go is left to that.
      ...(isForeground && { propagationPolicy: "Foreground" }),
    });
  }

  #holdOf({ uid, apiVersion, kind }: OwnerReference, dependent: KubeObject): Hold {
    const { store, kinds } = this.#cluster;
    const owner = store.byUid(uid);
    if (owner === undefined) {
      // Of kinds that the server does not know, nobody can say that they are gone.
      return kinds.named(apiVersion, kind) === undefined ? "holds" : "gone";
    }
    const { namespace, deletionTimestamp, finalizers = [] } = owner.object.metadata;
    if (namespace !== undefined && namespace !== dependent.metadata.namespace) return "gone";
    const isWaiting = deletionTimestamp !== undefined && finalizers.includes(FOREGROUND);
    return isWaiting ? "waits" : "holds";
  }

  /** Goes on with the deletion of an owner that waits for its dependents, or lets them go. */
  #attend(uid: string): void {
    const { store } = this.#cluster;
    const owner = store.byUid(uid);
    if (owner?.object.metadata.deletionTimestamp === undefined) return;
    const { finalizers = [] } = owner.object.metadata;
    const dependents = store.ownedBy(uid);
    if (finalizers.includes(ORPHAN)) {
      for (const dependent of dependents) {
        const owners = dependent.object.metadata.ownerReferences ?? [];
        this.#keepOwners(dependent, owners.filter((reference) => reference.uid !== uid));
      }
      this.#finalize(owner, ORPHAN);
    } else if (finalizers.includes(FOREGROUND)) {
      const isBlocked = dependents.some(({ object }) =>
        object.metadata.ownerReferences?.some((reference) =>
          reference.uid === uid && reference.blockOwnerDeletion === true
        )
      );
      for (const dependent of dependents) this.#judgeSoon(dependent);
      if (!isBlocked) this.#finalize(owner, FOREGROUND);
    }
  }

  #keepOwners({ kind, object }: Stored, ownerReferences: OwnerReference[]): void {
    if (ownerReferences.length === object.metadata.ownerReferences?.length) return;
    const metadata = { ...object.metadata, ownerReferences };
    this.#cluster.api.update(CONTROLLER_MANAGER, kind.type, { ...object, metadata });
  }

  #finalize({ kind, object }: Stored, finalizer: string): void {
    const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    const metadata = { ...object.metadata, finalizers };
    this.#cluster.api.update(CONTROLLER_MANAGER, kind.type, { ...object, metadata });
  }
}
