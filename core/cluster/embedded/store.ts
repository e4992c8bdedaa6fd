import { controllerOf } from "../../api/ownership.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { freezeJson } from "./json.ts";
import type { Kind } from "./kind.ts";
import { OwnerIndex } from "./owner_index.ts";
import { Shelf } from "./shelf.ts";
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

/** The objects of a cluster, each frozen, with the last changes that led to them. */
export class Store {
  #version = 0;
  readonly #shelves = new Map<string, Map<string, Shelf>>();
  /** The same by kind: names of resources are long to put together. */
  readonly #byKind = new WeakMap<Kind, Map<string, Shelf>>();
  readonly #byUid = new Map<string, Stored>();
  readonly #owners = new OwnerIndex();
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
    return this.#shelvesOf(kind).get(namespace ?? "")?.get(name);
  }

  byUid(uid: string): Stored | undefined {
    return this.#byUid.get(uid);
  }

  /** All objects of a kind, or those of one namespace, sorted by namespace and name. */
  list(kind: Kind, namespace?: string): readonly KubeObject[] {
    const shelves = this.#shelvesOf(kind);
    if (namespace !== undefined) return shelves.get(namespace)?.sorted() ?? [];
    if (shelves.size === 1) return shelves.values().next().value?.sorted() ?? [];
    return [...shelves.keys()].sort().flatMap((name) => shelves.get(name)?.sorted() ?? []);
  }

  /** All that refers to this owner, in no particular order. */
  ownedBy(uid: string): Stored[] {
    return [...this.#owners.ownedBy(uid)].flatMap((owned) => this.#byUid.get(owned) ?? []);
  }

  /** The objects of a kind that this owner controls, sorted by name. */
  controlledBy(uid: string, kind: Kind): KubeObject[] {
    return this.ownedBy(uid)
      .filter((owned) => owned.kind === kind && controllerOf(owned.object)?.uid === uid)
      .map(({ object }) => object)
      .sort(byName);
  }

  /** The objects of a kind that nobody controls, sorted by name. */
  uncontrolled(kind: Kind, namespace: string | undefined): KubeObject[] {
    return [...this.#owners.freeIn(kind, namespace)]
      .flatMap((uid) => this.#byUid.get(uid)?.object ?? [])
      .sort(byName);
  }

  /** Stores an object under a new resourceVersion, and answers it so. */
  put(kind: Kind, object: KubeObject, before: KubeObject | undefined): KubeObject {
    const stored = this.#versioned(object);
    const { namespace = "", name, uid = "" } = stored.metadata;
    const shelf = this.#shelf(kind, namespace);
    shelf.set(name, stored);
    this.#byUid.set(uid, { kind, object: stored });
    this.#owners.note(kind, before, stored);
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
    const before = shelf.get(name);
    shelf.delete(name);
    this.#byUid.delete(uid);
    this.#owners.note(kind, before, undefined);
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
    const shelves = this.#shelvesOf(kind);
    let shelf = shelves.get(namespace);
    if (shelf === undefined) {
      shelves.set(namespace, shelf = new Shelf());
    }
    return shelf;
  }

  #shelvesOf(kind: Kind): Map<string, Shelf> {
    let shelves = this.#byKind.get(kind);
    if (shelves !== undefined) return shelves;
    const name = resourceName(kind.type);
    shelves = this.#shelves.get(name) ?? new Map<string, Shelf>();
    this.#shelves.set(name, shelves);
    this.#byKind.set(kind, shelves);
    return shelves;
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

/** In the order of names. */
export function byName(one: KubeObject, other: KubeObject): number {
  return one.metadata.name < other.metadata.name ? -1 : 1;
}
