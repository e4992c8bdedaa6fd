import { apiVersionOf } from "../../../sdk/wire/resource_type.ts";
import type {
  WatchEvent,
  WatchEventType,
  WatchHandle,
  WatchOptions,
  WatchSink,
} from "../../ports/cluster.ts";
import type { Cancel, Clock } from "../../ports/clock.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Kind } from "./kind.ts";
import type { PendingWork } from "./pending_work.ts";
import { type Filter, filterOf } from "./selection.ts";
import { expired, internalError, resourceName } from "./status_error.ts";
import type { Change, Store } from "./store.ts";

const BOOKMARK_INTERVAL_MS = 60_000;
/** A watch that is about to end says how far it has come. */
const LAST_BOOKMARK_BEFORE_END_MS = 2000;

interface Watch {
  readonly kind: Kind;
  readonly sink: WatchSink;
  readonly matches: Filter;
  /** The last version that the watch was told of, or does not want to hear of. */
  seenVersion: number;
  isOver: boolean;
  readonly timers: Set<Cancel>;
}

/** What watches need of the cluster around them. */
export interface WatchPorts {
  readonly clock: Clock;
  readonly store: Store;
  readonly work: PendingWork;
}

/** The open watches: what they are told is queued, and delivered piece by piece. */
export class Watches {
  readonly #ports: WatchPorts;
  /** By resource: a definition that is written anew makes another kind of the same name. */
  readonly #open = new Map<string, Set<Watch>>();

  constructor(ports: WatchPorts) {
    this.#ports = ports;
    ports.store.onChange((change) => this.#tell(change));
  }

  /** Opens a watch; throws when its selection cannot be understood. */
  open(kind: Kind, options: WatchOptions, sink: WatchSink): WatchHandle {
    const wanted = options.resourceVersion === "" ? "0" : options.resourceVersion;
    if (!/^\d+$/.test(wanted)) {
      throw internalError(
        `resourceVersion: Invalid value: ${JSON.stringify(wanted)}: strconv.ParseUint: parsing ` +
          `${JSON.stringify(wanted)}: invalid syntax`,
      );
    }
    const version = Number(wanted);
    const watch: Watch = {
      kind,
      sink,
      matches: filterOf(kind, options),
      seenVersion: version,
      isOver: false,
      timers: new Set(),
    };
    const { store } = this.#ports;
    if (version > 0 && version < store.oldestVersion) {
      throw expired({ wanted: version, oldest: store.oldestVersion });
    }
    if (version === 0) this.#replay(watch, options);
    else for (const change of store.changesSince(kind, version)) this.#offer(watch, change);
    this.#keep(watch);
    sink.opened?.();
    this.#schedule(watch, options.timeoutSeconds);
    return { stop: () => this.#close(watch) };
  }

  /** Ends all watches in good order. */
  endAll(): void {
    for (const watches of this.#open.values()) {
      for (const watch of watches) this.#end(watch);
    }
  }

  /** Ends the watches of a kind that is not served any more. */
  endKind(kind: Kind): void {
    for (const watch of this.#open.get(resourceName(kind.type)) ?? []) this.#end(watch);
  }

  #tell(change: Change): void {
    const watches = this.#open.get(change.resource);
    if (watches === undefined) return;
    for (const watch of watches) this.#offer(watch, change);
  }

  /** All present objects as if they were new. */
  #replay(watch: Watch, { namespace }: WatchOptions): void {
    const { store } = this.#ports;
    for (const object of store.list(watch.kind, namespace || undefined)) {
      if (watch.matches(object)) this.#queue(watch, "ADDED", object);
    }
    watch.seenVersion = store.version;
  }

  /** An object that starts or stops to match comes and goes, whatever really happened to it. */
  #offer(watch: Watch, { type, object, before, version }: Change): void {
    if (watch.isOver || version <= watch.seenVersion) return;
    watch.seenVersion = version;
    const isIn = type !== "DELETED" && watch.matches(object);
    const wasIn = before !== undefined && watch.matches(before);
    if (isIn) this.#queue(watch, wasIn ? "MODIFIED" : "ADDED", object);
    else if (wasIn) {
      this.#queue(watch, "DELETED", type === "DELETED" ? object : asOf(before, object));
    }
  }

  #queue(watch: Watch, type: WatchEventType, object: KubeObject): void {
    const event: WatchEvent = Object.freeze({ type, object });
    this.#ports.work.add(() => {
      if (!watch.isOver) watch.sink.event(event);
    });
  }

  #keep(watch: Watch): void {
    const resource = resourceName(watch.kind.type);
    const watches = this.#open.get(resource);
    if (watches === undefined) this.#open.set(resource, new Set([watch]));
    else watches.add(watch);
  }

  #schedule(watch: Watch, timeoutSeconds: number | undefined): void {
    this.#after(watch, BOOKMARK_INTERVAL_MS, () => this.#bookmarkRegularly(watch));
    if (timeoutSeconds === undefined) return;
    const endMs = timeoutSeconds * 1000;
    if (endMs > LAST_BOOKMARK_BEFORE_END_MS) {
      this.#after(watch, endMs - LAST_BOOKMARK_BEFORE_END_MS, () => this.#bookmark(watch));
    }
    this.#after(watch, endMs, () => this.#end(watch));
  }

  #bookmarkRegularly(watch: Watch): void {
    this.#bookmark(watch);
    this.#after(watch, BOOKMARK_INTERVAL_MS, () => this.#bookmarkRegularly(watch));
  }

  #bookmark(watch: Watch): void {
    const { type } = watch.kind;
    const version = Math.max(this.#ports.store.version, watch.seenVersion);
    watch.seenVersion = version;
    const metadata = Object.freeze({ resourceVersion: String(version) }) as KubeObject["metadata"];
    const object = { apiVersion: apiVersionOf(type), kind: type.kind, metadata };
    this.#queue(watch, "BOOKMARK", Object.freeze(object));
  }

  #after(watch: Watch, delayMs: number, callback: () => void): void {
    const cancel = this.#ports.clock.after(delayMs, () => {
      watch.timers.delete(cancel);
      callback();
    });
    watch.timers.add(cancel);
  }

  /** Ends a watch after all that is queued for it. */
  #end(watch: Watch): void {
    if (!this.#open.get(resourceName(watch.kind.type))?.has(watch)) return;
    this.#release(watch);
    this.#ports.work.add(() => {
      if (watch.isOver) return;
      watch.isOver = true;
      watch.sink.end();
    });
  }

  #close(watch: Watch): void {
    watch.isOver = true;
    this.#release(watch);
  }

  #release(watch: Watch): void {
    this.#open.get(resourceName(watch.kind.type))?.delete(watch);
    for (const cancel of watch.timers) cancel();
    watch.timers.clear();
  }
}

/** The object as it last matched, with the version of the change that ended that. */
function asOf(before: KubeObject, { metadata }: KubeObject): KubeObject {
  const { resourceVersion } = metadata;
  if (resourceVersion === undefined) return before;
  const last = { ...before.metadata, resourceVersion };
  return Object.freeze({ ...before, metadata: Object.freeze(last) });
}
