/**
 * Waits for objects by watching them: to list a fleet again and again costs the API server more
 * than the controller does.
 */
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { KubeCluster } from "../../../core/cluster/kube/mod.ts";

export interface Awaited {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly count: number;
  readonly isSo: (object: KubeObject) => boolean;
}

const LIMIT_MS = 40 * 60_000;
const PAUSE_MS = 500;

/** Resolves when it is so of all of them. */
export async function untilAll(user: KubeCluster, awaited: Awaited): Promise<void> {
  const endMs = performance.now() + LIMIT_MS;
  while (!await followed(user, awaited, endMs)) {
    if (performance.now() > endMs) throw new Error(`Cannot wait for ${awaited.type.plural} longer`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** False: the watch ended, or the server did not answer. */
async function followed(user: KubeCluster, awaited: Awaited, endMs: number): Promise<boolean> {
  const { type, namespace, count, isSo } = awaited;
  const so = new Set<string>();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const note = (object: KubeObject) => {
    if (isSo(object)) so.add(object.metadata.name);
    else so.delete(object.metadata.name);
    if (so.size === count) resolve(true);
  };
  try {
    const { items, resourceVersion } = await user.list(type, { namespace });
    items.forEach(note);
    const watch = user.watch(type, { namespace, resourceVersion }, {
      event: ({ type, object }) => type === "BOOKMARK" || note(object),
      end: () => resolve(false),
    });
    const timer = setTimeout(() => resolve(false), Math.max(0, endMs - performance.now()));
    const isDone = await promise;
    clearTimeout(timer);
    watch.stop();
    return isDone;
  } catch {
    return false;
  }
}
