import { CUSTOM_RESOURCE_DEFINITIONS } from "../../api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Kinds } from "./kinds.ts";
import type { Change, Store } from "./store.ts";
import type { Watches } from "./watches.ts";

/** Serves what CustomResourceDefinitions define, from the moment in which they are stored. */
export class Definitions {
  readonly #store: Store;
  readonly #kinds: Kinds;
  readonly #watches: Watches;

  constructor(store: Store, kinds: Kinds, watches: Watches) {
    this.#store = store;
    this.#kinds = kinds;
    this.#watches = watches;
    store.onChange((change) => this.#notice(change));
  }

  #notice({ kind, type, object }: Change): void {
    if (kind.type !== CUSTOM_RESOURCE_DEFINITIONS) return;
    if (type === "DELETED") this.#withdraw(object);
    else this.#kinds.define(object);
  }

  /** With its definition, a kind loses its objects and its watches. */
  #withdraw(definition: KubeObject): void {
    const kind = this.#kinds.forget(definition);
    if (kind === undefined) return;
    for (const object of this.#store.list(kind)) this.#store.remove(kind, object);
    this.#watches.endKind(kind);
  }
}
