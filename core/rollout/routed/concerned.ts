/** Which objects concern which Rollouts: noted while one is looked at, asked when one changes. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { NamedObject, ObjectSelection } from "../../../sdk/traffic_router.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { selectorMatches } from "../../api/validation/validate_selector.ts";
import { type Key, keyOf } from "../../engine/mod.ts";

/** The objects that a Rollout was last found to be about. */
export interface Noted {
  readonly named: string[];
  readonly selections: ObjectSelection[];
}

export const NOTHING_NOTED: Noted = Object.freeze({ named: [], selections: [] });

export function termOf(
  { group, kind }: NamedObject["type"],
  { namespace, name }: { readonly namespace?: string; readonly name: string },
  own: string | undefined,
): string {
  return `${kind}.${group} ${keyOf(namespace ?? own, name)}`;
}

/** Which object concerns which Rollouts. */
export class Concerned {
  readonly #noted = new Map<Key, Noted>();
  /** Those that select objects by their labels. */
  readonly #selecting = new Map<Key, Noted>();
  readonly #keys = new Map<string, Set<Key>>();

  note(key: Key, noted: Noted): void {
    const before = this.#noted.get(key);
    if (before === noted) return;
    for (const term of before?.named ?? []) {
      const keys = this.#keys.get(term);
      keys?.delete(key);
      if (keys?.size === 0) this.#keys.delete(term);
    }
    for (const term of noted.named) {
      const keys = this.#keys.get(term) ?? new Set();
      this.#keys.set(term, keys.add(key));
    }
    if (noted.named.length + noted.selections.length === 0) this.#noted.delete(key);
    else this.#noted.set(key, noted);
    if (noted.selections.length === 0) this.#selecting.delete(key);
    else this.#selecting.set(key, noted);
  }

  keysOf(type: ResourceType, object: KubeObject): Key[] {
    const named = this.#keys.get(termOf(type, object.metadata, undefined)) ?? [];
    if (this.#selecting.size === 0) return [...named];
    const selecting = [...this.#selecting].filter(([, { selections }]) =>
      selections.some((selection) =>
        selection.type.kind === type.kind && selection.type.group === type.group &&
        (!type.namespaced || selection.namespace === object.metadata.namespace) &&
        selectorMatches(selection.selector, object.metadata.labels ?? {})
      )
    ).map(([key]) => key);
    return [...new Set([...named, ...selecting])];
  }
}
