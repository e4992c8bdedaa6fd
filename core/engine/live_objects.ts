/**
 * Where a kind may not be listed, the objects that a key needs are read one by one, and the pass
 * sees them in place of the cache. They are put into no cache that lasts: nothing would tell of
 * later changes. Instead they are read again by and by, and after each write for the key.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import type { CacheName, Caches, CacheView } from "./caches.ts";
import type { GetQuestion } from "./cluster_questions.ts";
import type { Need } from "./controller.ts";
import type { Inquiries } from "./inquiries.ts";
import type { Answers, Inquiry } from "./inquiry.ts";
import { type Key, keyOf } from "./key.ts";
import type { CacheState, Reflector } from "./reflector.ts";
import type { Store } from "./store.ts";

/** A key waits no longer for an object. */
const DEADLINE_MS = 5_000;
/** A change of an object is seen after so long at the latest. */
const MAX_AGE_MS = 30_000;

export class LiveObjects {
  readonly #caches: Caches;
  /** For these objects alone. */
  readonly #inquiries: Inquiries;

  constructor(caches: Caches, inquiries: Inquiries) {
    this.#caches = caches;
    this.#inquiries = inquiries;
  }

  /**
   * The caches as a pass over this key is to see them. Undefined while objects are being read: the
   * key is woken with the answer.
   */
  viewOf(key: Key, needs: readonly Need[]): CacheView | undefined {
    const caches = this.#caches;
    const unlisted = needs.filter((need) =>
      caches.stateOf(need) === "forbidden" && need.refs !== undefined
    );
    const inquiries = new Map(unlisted.flatMap(inquiriesOf).map((one) => [one.id, one]));
    this.#inquiries.update(key, [...inquiries.values()]);
    if (unlisted.length === 0) return caches;
    const answers = this.#inquiries.answersOf(key);
    if ([...answers.values()].some(({ state }) => state === "pending")) return undefined;
    return new View(caches, unlisted, answers);
  }

  /** We wrote for this key. */
  noteWrite(key: Key): void {
    this.#inquiries.noteWrite(key);
  }

  /** A cache is listed again after standing still: what was read before is the past as well. */
  onState({ cacheState }: Reflector): void {
    if (cacheState === "loading") this.#inquiries.outdate();
  }

  /** The object is gone. */
  forget(key: Key): void {
    this.#inquiries.forget(key);
  }

  /** Another process acts: what was read is the past when this one does again. */
  reset(): void {
    this.#inquiries.reset();
  }

  stop(): void {
    this.#inquiries.stop();
  }
}

function inquiriesOf({ type, refs = [] }: Need): Inquiry[] {
  return refs.map((ref) => {
    const question: GetQuestion = { kind: "get", type, ref };
    const id = idOf(type, keyOf(ref.namespace, ref.name));
    return { id, question, deadlineMs: DEADLINE_MS, maxAgeMs: MAX_AGE_MS, isRenewed: true };
  });
}

function idOf(type: ResourceType, key: Key): string {
  return `object ${apiVersionOf(type)}/${type.plural} ${key}`;
}

/** The caches with these objects instead of those that may not be listed. */
class View implements CacheView {
  readonly #caches: Caches;
  readonly #stores = new Map<Reflector, Store>();
  /** Those of which every object that is needed is known, be it that it is absent. */
  readonly #complete = new Set<Reflector>();

  constructor(caches: Caches, needs: readonly Need[], answers: Answers) {
    this.#caches = caches;
    const byCache = Map.groupBy(needs, (need) => caches.reflectorOf(need));
    for (const [reflector, those] of byCache) {
      if (reflector === undefined) continue;
      const found = those.flatMap(inquiriesOf).map(({ id }) => answers.get(id));
      const objects = found.flatMap((answer) =>
        answer?.state === "answered" && answer.value !== null ? [answer.value as KubeObject] : []
      );
      this.#stores.set(reflector, reflector.store.holding(objects));
      if (found.every((answer) => answer?.state === "answered")) this.#complete.add(reflector);
    }
  }

  of(name: ResourceType | CacheName): Store {
    return this.#storeAt(name) ?? this.#caches.of(name);
  }

  stateOf(name: ResourceType | CacheName): CacheState {
    const reflector = this.#caches.reflectorOf(name);
    const isComplete = reflector !== undefined && this.#complete.has(reflector);
    return isComplete ? "filled" : this.#caches.stateOf(name);
  }

  sees(type: ResourceType, namespace?: string): boolean {
    return this.#caches.sees(type, namespace);
  }

  storeOf(type: ResourceType): Store | undefined {
    return this.#storeAt(type) ?? this.#caches.storeOf(type);
  }

  #storeAt(name: ResourceType | CacheName): Store | undefined {
    const reflector = this.#caches.reflectorOf(name);
    return reflector && this.#stores.get(reflector);
  }
}
