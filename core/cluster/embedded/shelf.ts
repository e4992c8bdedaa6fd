import type { KubeObject } from "../../../sdk/api/object.ts";

/** The objects of one kind in one namespace, by name. */
export class Shelf {
  readonly #objects = new Map<string, KubeObject>();
  /** All names in order; undefined before anybody asked. */
  #names: string[] | undefined;
  /** The objects by name; undefined when they changed since. */
  #sorted: readonly KubeObject[] | undefined;

  get(name: string): KubeObject | undefined {
    return this.#objects.get(name);
  }

  set(name: string, object: KubeObject): void {
    if (this.#names !== undefined && !this.#objects.has(name)) {
      this.#names.splice(placeOf(this.#names, name), 0, name);
    }
    this.#objects.set(name, object);
    this.#sorted = undefined;
  }

  delete(name: string): void {
    if (!this.#objects.delete(name)) return;
    this.#names?.splice(placeOf(this.#names, name), 1);
    this.#sorted = undefined;
  }

  /** The objects in the order of their names; the list stays as it is when the objects change. */
  sorted(): readonly KubeObject[] {
    // Sorted once: afterwards each name finds its place among the others.
    this.#names ??= [...this.#objects.keys()].sort();
    return this.#sorted ??= this.#names.map((name) => this.#objects.get(name) as KubeObject);
  }
}

/** Where a name is, or would be, among sorted names. */
function placeOf(names: readonly string[], name: string): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] as string) < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
