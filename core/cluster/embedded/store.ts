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
  /** The name of the kind's resource. */
  readonly resource: string;
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

/** The objects of one resource. */
interface Resource {
  readonly name: string;
  /** By namespace. */
  readonly shelves: Map<string, Shelf>;
}

/** The objects of a cluster, each frozen, with the last changes that led to them. */
export class Store {
  #version = 0;
  readonly #resources = new Map<string, Resource>();
  /** The same by kind: names of resources are long to put together. */
  readonly #byKind = new Map<Kind, Resource>();
  readonly #byUid = new Map<string, Stored>();
  readonly #owners = new OwnerIndex();
  /** By the uid of an owner: what was told of it since something that refers to it changed. */
  readonly #controlled = new Map<string, Map<Kind, readonly KubeObject[]>>();
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
    return this.#resourceOf(kind).shelves.get(namespace ?? "")?.get(name);
  }

  byUid(uid: string): Stored | undefined {
    return this.#byUid.get(uid);
  }

  /** All objects of a kind, or those of one namespace, sorted by namespace and name. */
  list(kind: Kind, namespace?: string): readonly KubeObject[] {
    const shelves = this.#resourceOf(kind).shelves;
    if (namespace !== undefined) return shelves.get(namespace)?.sorted() ?? [];
    if (shelves.size === 1) return shelves.values().next().value?.sorted() ?? [];
    return [...shelves.keys()].sort().flatMap((name) => shelves.get(name)?.sorted() ?? []);
  }

  /** All that refers to this owner, in no particular order. */
  ownedBy(uid: string): Stored[] {
    const found: Stored[] = [];
    for (const owned of this.#owners.ownedBy(uid)) {
      const stored = this.#byUid.get(owned);
      if (stored !== undefined) found.push(stored);
    }
    return found;
  }

  /** The objects of a kind that this owner controls, sorted by name; the list stays as it is. */
  controlledBy(uid: string, kind: Kind): readonly KubeObject[] {
    let lists = this.#controlled.get(uid);
    if (lists === undefined) this.#controlled.set(uid, lists = new Map());
    const known = lists.get(kind);
    if (known !== undefined) return known;
    const list: KubeObject[] = [];
    for (const owned of this.#owners.ownedBy(uid)) {
      const stored = this.#byUid.get(owned);
      if (stored?.kind !== kind || controllerOf(stored.object)?.uid !== uid) continue;
      list.push(stored.object);
    }
    if (list.length > 1) list.sort(byName);
    lists.set(kind, list);
    return list;
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
    this.#forgetOwners(before, stored);
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
    this.#forgetOwners(before, undefined);
    this.#controlled.delete(uid);
    this.#record(kind, { type: "DELETED", object: this.#versioned(object), before });
  }

  /** The changes of a kind after a version, oldest first. */
  changesSince(kind: Kind, version: number): Change[] {
    let first = this.#history.length;
    while (first > 0 && (this.#history[first - 1] as Change).version > version) first--;
    const { name } = this.#resourceOf(kind);
    return this.#history.slice(first).filter(({ resource }) => resource === name);
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

  #forgetOwners(before: KubeObject | undefined, after: KubeObject | undefined): void {
    const [old, now] = [before?.metadata.ownerReferences, after?.metadata.ownerReferences];
    if (old !== undefined) { for (const { uid } of old) this.#controlled.delete(uid); }
    if (now !== undefined && now !== old) {
      for (const { uid } of now) {
        this.#controlled.delete(uid);
      }
    }
  }

  #shelf(kind: Kind, namespace: string): Shelf {
    const shelves = this.#resourceOf(kind).shelves;
    let shelf = shelves.get(namespace);
    if (shelf === undefined) {
      shelves.set(namespace, shelf = new Shelf());
    }
    return shelf;
  }

  #resourceOf(kind: Kind): Resource {
    const known = this.#byKind.get(kind);
    if (known !== undefined) return known;
    const name = resourceName(kind.type);
    const resource = this.#resources.get(name) ?? { name, shelves: new Map<string, Shelf>() };
    this.#resources.set(name, resource);
    this.#byKind.set(kind, resource);
    return resource;
  }

  #record(kind: Kind, what: Pick<Change, "type" | "object" | "before">): void {
    const { name: resource } = this.#resourceOf(kind);
    const { type, object, before } = what;
    const change: Change = { version: this.#version, kind, resource, type, object, before };
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
