import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Kind } from "./kind.ts";
import { type Labels, type LabelSelector, matchesLabels } from "../../api/values/label_selector.ts";
import { addTo, removeFrom } from "./owner_index.ts";
import { byName, type Change, type Store } from "./store.ts";

/** Finds the objects of one kind by their labels, without looking through all of them. */
export class LabelIndex {
  readonly #kind: Kind;
  readonly #store: Store;
  /** By namespace and label: the uids of the objects that carry it. */
  readonly #byLabel = new Map<string, Set<string>>();

  constructor(store: Store, kind: Kind) {
    this.#kind = kind;
    this.#store = store;
    store.onChange((change) => this.#notice(change));
  }

  /** The objects of a namespace that a selector selects, sorted by name. */
  selected(selector: LabelSelector, namespace: string | undefined): readonly KubeObject[] {
    return this.#candidates(selector, namespace)
      .filter((object) => matchesLabels(selector, object.metadata.labels)).sort(byName);
  }

  /** The objects that carry the rarest of the labels that are asked for. */
  #candidates(selector: LabelSelector, namespace: string | undefined): KubeObject[] {
    const [first, ...others] = selector.flatMap(({ key, operator, values }) =>
      operator === "In" && values.length === 1
        ? [this.#byLabel.get(placeOf(namespace, key, values[0] ?? "")) ?? new Set<string>()]
        : []
    );
    if (first === undefined) return [...this.#store.list(this.#kind, namespace)];
    const rarest = others.reduce((least, each) => each.size < least.size ? each : least, first);
    return [...rarest].flatMap((uid) => this.#store.byUid(uid)?.object ?? []);
  }

  #notice({ kind, type, object, before }: Change): void {
    if (kind !== this.#kind) return;
    const { uid = "", namespace, labels } = object.metadata;
    const old = before?.metadata.labels;
    const isGone = type === "DELETED";
    if (!isGone && before !== undefined && old === labels) return;
    for (const place of placesOf(namespace, old)) removeFrom(this.#byLabel, place, uid);
    if (isGone) return;
    for (const place of placesOf(namespace, labels)) addTo(this.#byLabel, place, uid);
  }
}

function placeOf(namespace: string | undefined, key: string, value: string): string {
  return `${namespace ?? ""} ${key}=${value}`;
}

function placesOf(namespace: string | undefined, labels: Labels | undefined): string[] {
  return Object.entries(labels ?? {}).map(([key, value]) => placeOf(namespace, key, value));
}

/** Finds out which selectors select an object, without trying all of them. */
export class SelectorIndex {
  readonly #selectors = new Map<string, { selector: LabelSelector; place: string }>();
  /** By namespace and one label that is asked for: the uids of the selectors' owners. */
  readonly #byLabel = new Map<string, Set<string>>();
  /** By namespace and labels: what was found since a selector changed. Pods share those of sets. */
  readonly #found = new Map<string, WeakMap<Labels, readonly string[]>>();

  /** True when nobody selects anything. */
  get isEmpty(): boolean {
    return this.#selectors.size === 0;
  }

  /** Keeps what an object selects; undefined: it selects nothing any more. */
  set({ metadata }: KubeObject, selector: LabelSelector | undefined): void {
    const { uid = "", namespace } = metadata;
    const before = this.#selectors.get(uid);
    if (before?.selector === selector) return;
    this.#found.clear();
    if (before !== undefined) removeFrom(this.#byLabel, before.place, uid);
    this.#selectors.delete(uid);
    if (selector === undefined) return;
    const place = this.#emptiest(selector, namespace);
    this.#selectors.set(uid, { selector, place });
    addTo(this.#byLabel, place, uid);
  }

  /** The uids of those that select an object with these labels. */
  selecting(namespace: string = "", labels: Labels | undefined): readonly string[] {
    if (labels === undefined || !Object.isFrozen(labels)) return this.#find(namespace, labels);
    let byLabels = this.#found.get(namespace);
    if (byLabels === undefined) this.#found.set(namespace, byLabels = new WeakMap());
    let found = byLabels.get(labels);
    if (found === undefined) byLabels.set(labels, found = this.#find(namespace, labels));
    return found;
  }

  #find(namespace: string, labels: Labels | undefined): string[] {
    return [...placesOf(namespace, labels), anywhereIn(namespace)]
      .flatMap((place) => [...this.#byLabel.get(place) ?? []])
      .filter((uid) => matchesLabels(this.#selectors.get(uid)?.selector ?? [], labels));
  }

  /** Of the labels that are asked for, the one that the fewest other selectors are kept under. */
  #emptiest(selector: LabelSelector, namespace: string | undefined): string {
    const places = selector.flatMap(({ key, operator, values }) =>
      operator === "In" && values.length === 1 ? [placeOf(namespace, key, values[0] ?? "")] : []
    );
    const crowd = (place: string) => this.#byLabel.get(place)?.size ?? 0;
    return places.reduce<string | undefined>(
      (least, place) => least !== undefined && crowd(least) <= crowd(place) ? least : place,
      undefined,
    ) ?? anywhereIn(namespace);
  }
}

function anywhereIn(namespace: string | undefined): string {
  return `${namespace ?? ""} `;
}
