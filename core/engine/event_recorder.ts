/**
 * Records Kubernetes events about objects, in order and without holding up a pass. It limits itself
 * as the client library of Kubernetes does, so that a busy rollout does not flood the API server:
 * 25 events of an object in a burst, then one in five minutes; of more than ten different messages
 * with one reason within ten minutes the rest is combined; a repeated event raises the count of the
 * earlier one.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import { EVENTS } from "../api/names/resources.ts";
import { isAlreadyExists, isNotFound, UnreachableError } from "../ports/api_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { type Bucket, combine, fullBucket, type Similar, takeToken } from "./event_limits.ts";

/** Objects, and events, that are remembered; those unused for longest are forgotten. */
const MEMORY_MAX = 4096;
const QUEUE_MAX = 1000;
const TRIES = 12;
const RETRY_MS = 10_000;

/** An event as it was handed in, before any limit. */
export interface RecordedEvent extends EventDraft {
  readonly object: KubeObject;
  readonly atMs: number;
}

/** What was recorded about one object. */
interface History {
  readonly bucket: Bucket;
  readonly similar: Similar;
}

/** An event object of the cluster, and how often what it says has happened. */
interface Posted {
  readonly name: string;
  readonly firstAtMs: number;
  count: number;
  /** False as long as the limit has held it back. */
  isPosted: boolean;
}

/** One call to be made. */
interface Post {
  readonly event: RecordedEvent;
  readonly message: string;
  readonly posted: Posted;
  /** As it was when the event was recorded. */
  readonly count: number;
}

export interface EventRecorderOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  /** `source.component` of the events. */
  readonly component: string;
}

export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #histories = new Map<string, History>();
  readonly #posted = new Map<string, Posted>();
  readonly #listeners: ((event: RecordedEvent) => void)[] = [];
  readonly #queue: (() => Promise<void>)[] = [];
  #isPosting = false;
  #isStopped = false;
  /** Set while it waits before it asks an unreachable cluster again. */
  #endRest: (() => void) | undefined;
  #sequence = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Events about to be posted, or being posted; 0 while it waits for the clock. */
  get running(): number {
    if (this.#endRest !== undefined) return 0;
    return this.#queue.length + (this.#isPosting ? 1 : 0);
  }

  /** Is told of every event, also of those that the limit holds back. */
  onRecord(listener: (event: RecordedEvent) => void): void {
    this.#listeners.push(listener);
  }

  record(object: KubeObject, drafts: readonly EventDraft[]): void {
    const atMs = Math.floor(this.#options.clock.now());
    const id = object.metadata.uid ?? `${object.metadata.namespace}/${object.metadata.name}`;
    for (const draft of drafts) {
      const event: RecordedEvent = { ...draft, object, atMs };
      for (const listener of this.#listeners) listener(event);
      const history = remembered(this.#histories, id, () => ({
        bucket: fullBucket(atMs),
        similar: new Map(),
      }));
      const { identity, message } = combine(history.similar, event);
      const posted = remembered(this.#posted, `${id} ${identity}`, () => ({
        name: this.#nameFor(event),
        firstAtMs: atMs,
        count: 0,
        isPosted: false,
      }));
      posted.count++;
      if (!takeToken(history.bucket, atMs)) continue;
      this.#enqueue({ event, message, posted, count: posted.count });
    }
  }

  /** Still posts what is waiting, but waits no more for a cluster that is not there. */
  stop(): void {
    this.#isStopped = true;
    this.#endRest?.();
  }

  #enqueue(post: Post): void {
    if (this.#queue.length >= QUEUE_MAX) {
      this.#queue.shift();
      this.#options.log.warn("an event is dropped: too many are waiting");
    }
    const isFirst = !post.posted.isPosted;
    post.posted.isPosted = true;
    this.#queue.push(() => (isFirst ? this.#create(post) : this.#repeat(post)));
    void this.#drain();
  }

  async #drain(): Promise<void> {
    if (this.#isPosting) return;
    this.#isPosting = true;
    for (let post = this.#queue.shift(); post !== undefined; post = this.#queue.shift()) {
      await this.#attempt(post);
    }
    this.#isPosting = false;
  }

  async #attempt(post: () => Promise<void>): Promise<void> {
    const { log } = this.#options;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      try {
        return await post();
      } catch (error) {
        // An earlier try came through after all.
        if (attempt > 1 && isAlreadyExists(error)) return;
        if (!(error instanceof UnreachableError)) {
          log.warn("the cluster refused an event", { cause: String(error) });
          return;
        }
        if (this.#isStopped) this.#queue.length = 0;
        if (this.#isStopped || attempt === TRIES) break;
        await this.#rest();
      }
    }
    log.warn("an event is dropped: the cluster cannot be reached");
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#endRest = undefined;
        cancel();
        resolve();
      };
      const cancel = this.#options.clock.after(RETRY_MS, end);
      this.#endRest = end;
    });
  }

  async #create({ event, message, posted, count }: Post): Promise<void> {
    const { object } = event;
    await this.#options.cluster.create(EVENTS, {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: posted.name, namespace: object.metadata.namespace ?? "default" },
      involvedObject: involved(object),
      reason: event.reason,
      message,
      source: { component: this.#options.component },
      firstTimestamp: timestamp(posted.firstAtMs),
      lastTimestamp: timestamp(event.atMs),
      count,
      type: event.type,
      eventTime: null,
      reportingComponent: this.#options.component,
      reportingInstance: "",
    });
  }

  async #repeat(post: Post): Promise<void> {
    const { event, message, posted, count } = post;
    const ref = { namespace: event.object.metadata.namespace ?? "default", name: posted.name };
    const body = { count, lastTimestamp: timestamp(event.atMs), message };
    try {
      await this.#options.cluster.patch(EVENTS, ref, { type: "merge", body });
    } catch (error) {
      // The API server forgets events after an hour: tell it again.
      if (!isNotFound(error)) throw error;
      await this.#create(post);
    }
  }

  #nameFor(event: RecordedEvent): string {
    // Unique across restarts by the time, within one millisecond by the sequence.
    this.#sequence = (this.#sequence + 1) % 1_000_000;
    const suffix = BigInt(event.atMs) * 1_000_000n + BigInt(this.#sequence);
    return `${event.object.metadata.name}.${suffix.toString(16)}`;
  }
}

/** The entry of that name, made if it is not there; the map keeps those used last. */
function remembered<Value>(map: Map<string, Value>, name: string, make: () => Value): Value {
  const value = map.get(name) ?? make();
  map.delete(name);
  map.set(name, value);
  const oldest = map.size > MEMORY_MAX ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
  return value;
}

function involved(object: KubeObject): Record<string, unknown> {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace,
    name,
    uid,
    resourceVersion,
  };
}

function timestamp(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
