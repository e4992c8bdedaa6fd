/**
 * The last states of routed Rollouts that went. What a router did for them stands in objects that
 * say nothing of it, so the state that the cache held is all that tells which these are.
 */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { PluginRegistry } from "../../../sdk/registry.ts";
import { routingOf } from "../../api/validation/traffic_routers.ts";
import { type Key, keyOfObject, type Store } from "../../engine/mod.ts";

/** A process that stands by never looks at what it keeps: the oldest are forgotten. */
const KEPT_MAX = 1000;
/** Whatever was still on its way when the Rollout went has come by then. */
const KEPT_MS = 3_600_000;

/** Since when a Rollout has been known to be gone, and what its objects were by then. */
interface Found {
  readonly atMs: number;
  /** By the uid of the object. */
  readonly states: Map<string, string>;
}

export class LeftRollouts {
  readonly #plugins: PluginRegistry;
  readonly #rollouts = new Map<Key, Rollout>();
  readonly #found = new Map<string, Found>();

  constructor(plugins: PluginRegistry) {
    this.#plugins = plugins;
  }

  /** Keeps what goes from this store. */
  readonly prepare = (store: Store): void => {
    store.onChange((before, after) => {
      // What left the selection, or could not be listed for a while, comes back.
      if (after !== undefined) this.#forgetUid(keyOfObject(after), uidOf(after));
      // One event may show the deletion and another Rollout of the same name.
      if (before === undefined || before.metadata.uid === after?.metadata.uid) return;
      if (this.isRouted(before)) this.#keep(before as Rollout);
    });
  };

  /** The Rollout of this name that went last. */
  get(key: Key): Rollout | undefined {
    return this.#rollouts.get(key);
  }

  entries(): Iterable<[Key, Rollout]> {
    return this.#rollouts;
  }

  isRouted(rollout: KubeObject): boolean {
    return (routingOf(rollout as Rollout, this.#plugins)?.routers ?? []).length > 0;
  }

  /**
   * True when an object is not what it was when the Rollout was found to be gone. `state` says what
   * it is, without what the controller itself may write.
   */
  isChanged(
    rollout: Rollout,
    { object, state }: { readonly object: KubeObject; readonly state: string },
    nowMs: number,
  ): boolean {
    const found = this.#found.get(uidOf(rollout)) ?? { atMs: nowMs, states: new Map() };
    this.#found.set(uidOf(rollout), found);
    const before = found.states.get(uidOf(object)) ?? state;
    found.states.set(uidOf(object), before);
    return before !== state;
  }

  /** True when a Rollout has been gone for so long that nothing of it can come any more. */
  isOver(rollout: Rollout, nowMs: number): boolean {
    const found = this.#found.get(uidOf(rollout));
    return found !== undefined && nowMs - found.atMs > KEPT_MS;
  }

  forget(key: Key): void {
    const rollout = this.#rollouts.get(key);
    if (rollout !== undefined) this.#found.delete(uidOf(rollout));
    this.#rollouts.delete(key);
  }

  #forgetUid(key: Key, uid: string): void {
    const rollout = this.#rollouts.get(key);
    if (rollout !== undefined && uidOf(rollout) === uid) this.forget(key);
  }

  #keep(rollout: Rollout): void {
    const key = keyOfObject(rollout);
    this.forget(key);
    this.#rollouts.set(key, rollout);
    if (this.#rollouts.size <= KEPT_MAX) return;
    for (const oldest of this.#rollouts.keys()) return this.forget(oldest);
  }
}

function uidOf({ metadata: { uid = "" } }: KubeObject): string {
  return uid;
}
