/**
 * Records Kubernetes events about objects, in order and without holding up a pass. It limits itself
 * as the client library of Kubernetes does, so that a busy rollout does not flood the API server:
 * 25 events of an object in a burst, then one in five minutes; of more than ten different messages
 * with one reason within ten minutes the rest is combined; a repeated event raises the count of the
 * earlier one.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import { EVENTS } from "../api/names/resources.ts";
import { timestamp } from "../api/values/time.ts";
import { isNotFound } from "../ports/api_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { type Bucket, combine, fullBucket, type Similar, takeToken } from "./event_limits.ts";
import { EventPace, type Work } from "./event_pace.ts";
import { EventPoster } from "./event_poster.ts";

/** Objects, and events, that are remembered; those unused for longest are forgotten. */
const MEMORY_MAX = 4096;

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

/** One event to be told; it waits without the object itself, which may be big. */
interface Telling {
  readonly draft: EventDraft;
  readonly about: Involved;
  readonly message: string;
  readonly atMs: number;
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
  readonly #poster: EventPoster;
  #sequence = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#poster = new EventPoster(options);
  }

  /** Has events give way to this work; nobody has them do so: they go as fast as they are taken. */
  yieldTo(work: Work): void {
    this.#poster.follow(new EventPace(this.#options.clock, work));
  }

  /** Events about to be posted, or being posted; 0 while it waits for the clock. */
  get running(): number {
    return this.#poster.running;
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
      this.#tell(id, {
        draft,
        about: involved(object),
        message,
        atMs,
        posted,
        count: posted.count,
      });
    }
  }

  /** Still posts what is waiting, at once, but waits no more for a cluster that is not there. */
  stop(): void {
    this.#poster.stop();
  }

  #tell(lane: string, telling: Telling): void {
    const isFirst = !telling.posted.isPosted;
    telling.posted.isPosted = true;
    const send = () => (isFirst ? this.#create(telling) : this.#repeat(telling));
    this.#poster.post({ lane, isUrgent: telling.draft.type === "Warning", send });
  }

  async #create({ draft, about, message, atMs, posted, count }: Telling): Promise<void> {
    await this.#options.cluster.create(EVENTS, {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: posted.name, namespace: about.namespace ?? "default" },
      involvedObject: about,
      reason: draft.reason,
      message,
      source: { component: this.#options.component },
      firstTimestamp: timestamp(posted.firstAtMs),
      lastTimestamp: timestamp(atMs),
      count,
      type: draft.type,
      eventTime: null,
      reportingComponent: this.#options.component,
      reportingInstance: "",
    });
  }

  async #repeat(telling: Telling): Promise<void> {
    const { about, message, atMs, posted, count } = telling;
    const ref = { namespace: about.namespace ?? "default", name: posted.name };
    const body = { count, lastTimestamp: timestamp(atMs), message };
    try {
      await this.#options.cluster.patch(EVENTS, ref, { type: "merge", body });
    } catch (error) {
      // The API server forgets events after an hour: tell it again.
      if (!isNotFound(error)) throw error;
      await this.#create(telling);
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

/** Which object an event is about, as the API names it. */
interface Involved {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

function involved({ apiVersion, kind, metadata }: KubeObject): Involved {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}
