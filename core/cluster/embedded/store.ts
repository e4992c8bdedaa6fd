import type { KubeObject } from "../../../sdk/api/object.ts";
import { freezeJson } from "./json.ts";
import type { Kind } from "./kind.ts";
import { resourceName } from "./status_error.ts";

/** One change of one object, with the resourceVersion that it made. */
export interface Change {
  readonly version: number;
  readonly kind: Kind;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** The object after the change; of a deletion the last one, with the deletion's version. */
  readonly object: KubeObject;
  /** The object before the change; undefined for a new one. */
  readonly before: KubeObject | undefined;
}

/** An object with its kind. */
export interface Stored {
  readonly kind: Kind;
  readonly object: KubeObject;
}

interface Shelf {
  readonly objects: Map<string, KubeObject>;
  /** The objects by name; undefined when they changed since. */
  sorted: readonly KubeObject[] | undefined;
}

/** The objects of a cluster, each frozen, with the last changes that led to them. */
export class Store {
  #version = 0;
  readonly #shelves = new Map<string, Map<string, Shelf>>();
  readonly #byUid = new Map<string, Stored>();
  readonly #historyMax: number;
  #history: Change[] = [];
  /** The last version that is forgotten. */
  #forgotten = 0;
  readonly #listeners: ((change: Change) => void)[] = [];

  constructor(historyMax: number) {
    this.#historyMax = historyMax;
  }

  /** The resourceVersion of the last change. */
  get version(): number {
    return this.#version;
  }

  /** A watch may start from here or later. */
  get oldestVersion(): number {
    return this.#forgotten;
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  get(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#shelves.get(resourceName(kind.type))?.get(namespace ?? "")?.objects.get(name);
  }

  byUid(uid: string): Stored | undefined {
    return this.#byUid.get(uid);
  }

  /** All objects of a kind, or those of one namespace, sorted by namespace and name. */
  list(kind: Kind, namespace?: string): readonly KubeObject[] {
    const shelves = this.#shelves.get(resourceName(kind.type));
    if (shelves === undefined) return [];
    if (namespace !== undefined) return sortedShelf(shelves.get(namespace));
    if (shelves.size === 1) return sortedShelf(shelves.values().next().value);
    return [...shelves.keys()].sort().flatMap((name) => sortedShelf(shelves.get(name)));
  }

  /** Stores an object under a new resourceVersion, and answers it so. */
  put(kind: Kind, object: KubeObject, before: KubeObject | undefined): KubeObject {
    const stored = this.#versioned(object);
    const { namespace = "", name, uid = "" } = stored.metadata;
    const shelf = this.#shelf(kind, namespace);
    shelf.objects.set(name, stored);
    shelf.sorted = undefined;
    this.#byUid.set(uid, { kind, object: stored });
    this.#record(kind, {
      type: before === undefined ? "ADDED" : "MODIFIED",
      object: stored,
      before,
    });
    return stored;
  }

  /** Removes an object; that makes a new resourceVersion too. */
  remove(kind: Kind, object: KubeObject): void {
    const { namespace = "", name, uid = "" } = object.metadata;
    const shelf = this.#shelf(kind, namespace);
    const before = shelf.objects.get(name);
    shelf.objects.delete(name);
    shelf.sorted = undefined;
    this.#byUid.delete(uid);
    this.#record(kind, { type: "DELETED", object: this.#versioned(object), before });
  }

  /** The changes of a kind after a version, oldest first. */
  changesSince(kind: Kind, version: number): Change[] {
    let first = this.#history.length;
    while (first > 0 && (this.#history[first - 1] as Change).version > version) first--;
    const resource = resourceName(kind.type);
    return this.#history.slice(first).filter((change) =>
      resourceName(change.kind.type) === resource
    );
  }

  /** Forgets all changes. */
  forget(): void {
    this.#history = [];
    this.#forgotten = this.#version;
  }

  #versioned(object: KubeObject): KubeObject {
    const resourceVersion = String(++this.#version);
    return freezeJson({ ...object, metadata: { ...object.metadata, resourceVersion } });
  }

  #shelf(kind: Kind, namespace: string): Shelf {
    const name = resourceName(kind.type);
    let shelves = this.#shelves.get(name);
    if (shelves === undefined) this.#shelves.set(name, shelves = new Map());
    let shelf = shelves.get(namespace);
    if (shelf === undefined) {
      shelves.set(namespace, shelf = { objects: new Map(), sorted: undefined });
    }
    return shelf;
  }

  #record(kind: Kind, what: Pick<Change, "type" | "object" | "before">): void {
    const change: Change = { version: this.#version, kind, ...what };
    this.#history.push(change);
    const kept = this.#history.length - this.#historyMax;
    if (kept > 0) {
      this.#forgotten = Math.max(this.#forgotten, (this.#history[kept - 1] as Change).version);
    }
    // Trimmed in strides: shifting a long list at each write would be slow.
    if (this.#history.length >= 2 * this.#historyMax) {
      this.#history = this.#history.slice(-this.#historyMax);
    }
    for (const listener of this.#listeners) listener(change);
  }
}

function sortedShelf(shelf: Shelf | undefined): readonly KubeObject[] {
  if (shelf === undefined) return [];
  return shelf.sorted ??= [...shelf.objects.values()].sort((one, other) =>
    one.metadata.name < other.metadata.name ? -1 : 1
  );
}
