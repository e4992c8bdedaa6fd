/**
 * The cached objects of one resource type. Three sources feed it: lists, watch events and the
 * answers to our own calls. None of them can take it back in time: an older version of an object
 * never replaces a newer one, a list never drops an object that is newer than the list, and what
 * lists and events have shown to be gone does not come back from an answer older than them.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { ObjectList, WatchEvent } from "../ports/cluster.ts";
import { type Key, keyOf, keyOfObject } from "./key.ts";
import { compareResourceVersions } from "./resource_version.ts";

/** Called after each change; `undefined` before a creation and after a deletion. */
export type ChangeListener = (
  before: KubeObject | undefined,
  after: KubeObject | undefined,
) => void;

/** Drops from the objects of a type what passes never read. */
export type Slim = (object: KubeObject, type: ResourceType) => KubeObject;

/** Reading side of a store. */
export interface StoreReader {
  get(namespace: string | undefined, name: string): KubeObject | undefined;
  /** The same by its key. */
  at(key: Key): KubeObject | undefined;
  /** The objects whose index term (see `Store.addIndex`) is `term`. */
  byIndex(index: string, term: string): readonly KubeObject[];
  all(): Iterable<KubeObject>;
}

interface Index {
  readonly termsOf: (object: KubeObject) => readonly string[];
  readonly entries: Map<string, Entry>;
  /** What the objects that are there were entered under; not told of those without any. */
  readonly terms: Map<Key, readonly string[]>;
}

/** The objects of one term. */
interface Entry {
  readonly objects: Map<Key, KubeObject>;
  /** The same as a list that nobody changes; undefined: nobody has asked since the last change. */
  list: readonly KubeObject[] | undefined;
}

/** An object with its key. */
interface Held {
  readonly key: Key;
  object: KubeObject;
}

const NOTHING: readonly KubeObject[] = Object.freeze([]);
/** Deletions remembered; the oldest are forgotten, long after the last answer from before them. */
const DELETIONS_MAX = 4096;

export class Store implements StoreReader {
  readonly type: ResourceType;
  readonly #slim: Slim;
  readonly #objects = new Map<Key, KubeObject>();
  /** The same by namespace and name: putting a key together takes longer than looking twice. */
  readonly #byNamespace = new Map<string, Map<string, Held>>();
  /** Up to here lists and events have told us everything. */
  #position = "";
  /** uids of deleted objects, with the version of the deletion; undefined: only a call told us. */
  readonly #deletions = new Map<string, string | undefined>();
  readonly #indexes = new Map<string, Index>();
  readonly #listeners: ChangeListener[] = [];

  /** `slim` drops from the objects what passes never read, to save memory. */
  constructor(type: ResourceType, slim: Slim = (object) => object) {
    this.type = type;
    this.#slim = slim;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#byNamespace.get(namespace ?? "")?.get(name)?.object;
  }

  at(key: Key): KubeObject | undefined {
    return this.#objects.get(key);
  }

  all(): Iterable<KubeObject> {
    return this.#objects.values();
  }

  byIndex(index: string, term: string): readonly KubeObject[] {
    const found = this.#indexes.get(index)?.entries.get(term);
    return found === undefined ? NOTHING : found.list ??= [...found.objects.values()];
  }

  /**
   * Adds an index; `termsOf` must depend on the object alone. The same once more is the same index.
   *
   * @throws when another one has the name: a mistake of the program, not of its user.
   */
  addIndex(name: string, termsOf: (object: KubeObject) => readonly string[]): void {
    const present = this.#indexes.get(name);
    if (present?.termsOf === termsOf) return;
    if (present !== undefined) {
      throw new Error(
        `Cannot index "${this.type.plural}" by "${name}": another index has the name`,
      );
    }
    const index: Index = { termsOf, entries: new Map(), terms: new Map() };
    this.#indexes.set(name, index);
    for (const [key, object] of this.#objects) enter(index, key, object);
  }

  /** Another store, with these objects and the same indexes. */
  holding(objects: readonly KubeObject[]): Store {
    const other = new Store(this.type, this.#slim);
    for (const [name, { termsOf }] of this.#indexes) other.addIndex(name, termsOf);
    for (const object of objects) other.mergeRead(object);
    return other;
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /** Takes in the answer to a write of ours; false when it is older than what we know. */
  merge(object: KubeObject): boolean {
    // Had it still been there, lists and events would have shown it by now.
    const mayAppear = isAfter(object.metadata.resourceVersion, this.#position);
    return this.#take(object, { mayAppear });
  }

  /**
   * Takes in the answer to a read of ours, likewise. An object may appear however old it is: one
   * that no list or watch selects is known from a read only.
   */
  mergeRead(object: KubeObject): boolean {
    return this.#take(object, { mayAppear: true });
  }

  /** Notes that this object is gone for good, as an answer to a call of ours said. */
  mergeDeletion(object: KubeObject): void {
    this.#rememberDeletion(object.metadata.uid, undefined);
    const { key, object: before } = this.#held(object);
    if (before?.metadata.uid === object.metadata.uid) this.#put(key, before, undefined);
  }

  /** Takes in one watch event. */
  applyEvent({ type, object }: WatchEvent): void {
    const { resourceVersion, uid } = object.metadata;
    const isNews = isAfter(resourceVersion, this.#position);
    if (isNews) this.#position = resourceVersion ?? "";
    if (type === "BOOKMARK") return;
    if (type !== "DELETED") {
      this.#take(object, { mayAppear: isNews });
      return;
    }
    this.#rememberDeletion(uid, resourceVersion);
    const { key, object: before } = this.#held(object);
    // What is newer than the deletion is another object, or came back into the selection.
    if (before !== undefined && !isNewer(before, object)) this.#put(key, before, undefined);
  }

  /** Takes in a complete list; what is absent from it and not newer than it, is gone. */
  applyList(list: ObjectList): void {
    const isOld = isAfter(this.#position, list.resourceVersion);
    if (!isOld) this.#position = list.resourceVersion;
    const listed = new Set<Key>();
    for (const object of list.items) {
      listed.add(keyOfObject(object));
      this.#take(object, { mayAppear: !isOld });
    }
    for (const [key, object] of [...this.#objects]) {
      if (listed.has(key) || isAfter(object.metadata.resourceVersion, list.resourceVersion)) {
        continue;
      }
      this.#put(key, object, undefined);
    }
  }

  /** Forgets all objects: nothing can be known of them now. None of them counts as deleted. */
  empty(): void {
    for (const [key, object] of [...this.#objects]) this.#put(key, object, undefined);
  }

  #take(object: KubeObject, { mayAppear }: { mayAppear: boolean }): boolean {
    const { key, object: before } = this.#held(object);
    if (before === undefined ? !mayAppear : !isNewer(object, before)) return false;
    const isDeleted = this.#isDeleted(object);
    // Deleted or not, it shows that an older object of its name is gone for good.
    if (before !== undefined && before.metadata.uid !== object.metadata.uid) {
      this.#rememberDeletion(before.metadata.uid, undefined);
    }
    if (!isDeleted) this.#put(key, before, this.#slim(object, this.type));
    else if (before !== undefined) this.#put(key, before, undefined);
    return !isDeleted;
  }

  /** What is held under the name of an object. */
  #held(object: KubeObject): { readonly key: Key; readonly object: KubeObject | undefined } {
    const { namespace = "", name } = object.metadata;
    return this.#byNamespace.get(namespace)?.get(name) ??
      { key: keyOf(namespace, name), object: undefined };
  }

  #isDeleted({ metadata: { uid, resourceVersion } }: KubeObject): boolean {
    if (uid === undefined || !this.#deletions.has(uid)) return false;
    const deletedAt = this.#deletions.get(uid);
    // A watch also calls "deleted" what left its selection: from there on it may come back.
    return deletedAt === undefined || isAfter(deletedAt, resourceVersion);
  }

  #rememberDeletion(uid: string | undefined, resourceVersion: string | undefined): void {
    if (uid === undefined) return;
    // What a call told is final; an event of the same deletion adds nothing.
    if (this.#deletions.has(uid) && this.#deletions.get(uid) === undefined) return;
    this.#deletions.delete(uid);
    this.#deletions.set(uid, resourceVersion);
    if (this.#deletions.size <= DELETIONS_MAX) return;
    for (const oldest of this.#deletions.keys()) {
      this.#deletions.delete(oldest);
      return;
    }
  }

  #put(key: Key, before: KubeObject | undefined, after: KubeObject | undefined): void {
    for (const index of this.#indexes.values()) {
      if (before !== undefined) leave(index, key);
      if (after !== undefined) enter(index, key, after);
    }
    this.#hold(key, before, after);
    for (const listener of this.#listeners) listener(before, after);
  }

  #hold(key: Key, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const { namespace = "", name } = (after ?? before as KubeObject).metadata;
    let names = this.#byNamespace.get(namespace);
    if (after === undefined) {
      this.#objects.delete(key);
      names?.delete(name);
      if (names?.size === 0) this.#byNamespace.delete(namespace);
      return;
    }
    this.#objects.set(key, after);
    if (names === undefined) this.#byNamespace.set(namespace, names = new Map());
    const held = names.get(name);
    if (held === undefined) names.set(name, { key, object: after });
    else held.object = after;
  }
}

function isAfter(version: string | undefined, other: string | undefined): boolean {
  return compareResourceVersions(version, other) > 0;
}

function isNewer(object: KubeObject, present: KubeObject): boolean {
  return isAfter(object.metadata.resourceVersion, present.metadata.resourceVersion);
}

function enter(index: Index, key: Key, object: KubeObject): void {
  const terms = index.termsOf(object);
  if (terms.length > 0) index.terms.set(key, terms);
  for (const term of terms) {
    let entry = index.entries.get(term);
    if (entry === undefined) {
      index.entries.set(term, entry = { objects: new Map(), list: undefined });
    }
    entry.objects.set(key, object);
    entry.list = undefined;
  }
}

function leave(index: Index, key: Key): void {
  for (const term of index.terms.get(key) ?? []) {
    const entry = index.entries.get(term);
    if (entry === undefined) continue;
    entry.objects.delete(key);
    entry.list = undefined;
    if (entry.objects.size === 0) index.entries.delete(term);
  }
  index.terms.delete(key);
}
