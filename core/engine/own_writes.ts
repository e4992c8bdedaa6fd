/**
 * What we wrote for each key, until the cluster's own stream has told us of it. It matters only
 * while a reflector loads anew: its answer may be older than our write, and a pass would then see
 * our object beside neighbours from before it.
 */
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";
import { type Key, keyOfObject, refOfKey } from "./key.ts";
import { compareResourceVersions } from "./resource_version.ts";

/** How far a reflector is; `loads` counts the lists and watches that it started. */
export interface Progress {
  readonly resourceVersion: string;
  readonly loads: number;
  /** It shows nothing, and so nothing from before our write. */
  readonly isUnavailable?: boolean;
}

/** One write of ours: what is needed to ask for the object, and not the object, which is big. */
export interface OwnWrite {
  readonly type: ResourceType;
  readonly ref: ObjectRef;
  /** The object's version after the write. */
  readonly resourceVersion: string | undefined;
  /** The reflector's `loads` when we wrote. */
  readonly loads: number;
  /** Clock time (monotonic milliseconds) of the write. */
  readonly atMs: number;
}

export class OwnWrites {
  readonly #progressOf: (type: ResourceType) => Progress | undefined;
  readonly #writes = new Map<Key, Map<string, OwnWrite>>();

  constructor(progressOf: (type: ResourceType) => Progress | undefined) {
    this.#progressOf = progressOf;
  }

  record(key: Key, type: ResourceType, written: { object: KubeObject; atMs: number }): void {
    const progress = this.#progressOf(type);
    if (progress === undefined) return;
    let writes = this.#writes.get(key);
    if (writes === undefined) this.#writes.set(key, writes = new Map());
    const objectKey = keyOfObject(written.object);
    writes.set(`${apiVersionOf(type)} ${type.plural} ${objectKey}`, {
      type,
      ref: refOfKey(objectKey),
      resourceVersion: written.object.metadata.resourceVersion,
      atMs: written.atMs,
      loads: progress.loads,
    });
  }

  /** Our writes for this key that an answer still being loaded may not know of. */
  inDoubt(key: Key): readonly OwnWrite[] {
    const writes = this.#writes.get(key);
    if (writes === undefined) return [];
    const doubtful: OwnWrite[] = [];
    for (const [name, write] of writes) {
      const progress = this.#progressOf(write.type);
      const isConfirmed = progress === undefined ||
        compareResourceVersions(progress.resourceVersion, write.resourceVersion) >= 0;
      if (isConfirmed) writes.delete(name);
      else if (progress.loads !== write.loads && progress.isUnavailable !== true) {
        doubtful.push(write);
      }
    }
    if (writes.size === 0) this.#writes.delete(key);
    return doubtful;
  }

  /** Ends the doubt about these writes: their objects were read from the cluster itself. */
  settle(key: Key, settled: readonly OwnWrite[]): void {
    const writes = this.#writes.get(key);
    if (writes === undefined) return;
    for (const [name, write] of writes) if (settled.includes(write)) writes.delete(name);
    if (writes.size === 0) this.#writes.delete(key);
  }

  /** Forgets a key whose object is gone. */
  forget(key: Key): void {
    this.#writes.delete(key);
  }
}
