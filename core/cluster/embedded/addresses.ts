import { SERVICES } from "../../api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import type { Store } from "./store.ts";

/** The addresses of all Services, kept with every change: nobody looks through all of them. */
export class Addresses {
  /** How many Services say that they have it. */
  readonly #counts = new Map<unknown, number>();

  constructor(store: Store) {
    store.onChange(({ kind, type, object, before }) => {
      if (kind.type !== SERVICES) return;
      const had = before === undefined ? undefined : addressOf(before);
      const has = type === "DELETED" ? undefined : addressOf(object);
      if (had === has) return;
      this.#count(had, -1);
      this.#count(has, 1);
    });
  }

  isTaken(address: string): boolean {
    return this.#counts.has(address);
  }

  #count(address: unknown, change: 1 | -1): void {
    if (address === undefined) return;
    const count = (this.#counts.get(address) ?? 0) + change;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
  }
}

function addressOf(service: KubeObject): unknown {
  return fieldsOf(service["spec"])["clusterIP"];
}
