/** All stores with their reflectors, by resource type. */
import { apiVersionOf, type ResourceType } from "../api/resources.ts";
import type { Reflector } from "./reflector.ts";
import type { Store, StoreReader } from "./store.ts";

/** What observing a key may read. */
export interface CacheReader {
  of(type: ResourceType): StoreReader;
}

function idOf(type: ResourceType): string {
  return `${apiVersionOf(type)}/${type.plural}`;
}

export class Caches implements CacheReader {
  readonly #reflectors = new Map<string, Reflector>();

  add(reflector: Reflector): void {
    this.#reflectors.set(idOf(reflector.store.type), reflector);
  }

  reflectorOf(type: ResourceType): Reflector | undefined {
    return this.#reflectors.get(idOf(type));
  }

  /** @throws when the type is not cached: a mistake of the program, not of its user. */
  of(type: ResourceType): Store {
    const store = this.storeOf(type);
    if (store === undefined) throw new Error(`Cannot read "${type.plural}": it is not cached`);
    return store;
  }

  storeOf(type: ResourceType): Store | undefined {
    return this.reflectorOf(type)?.store;
  }

  reflectors(): Iterable<Reflector> {
    return this.#reflectors.values();
  }
}
