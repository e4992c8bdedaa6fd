import type {
  Cluster,
  DeleteOptions,
  ObjectList,
  Selection,
  WatchHandle,
  WatchOptions,
  WatchSink,
  WriteOptions,
} from "../../ports/cluster.ts";
import type { ObjectRef, Patch, PatchType } from "../../../sdk/wire/write.ts";
import { isGone, isNotPermitted } from "../../ports/api_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import { apiVersionOf, type ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Body, type Call, callOf, type Query, selectionQuery, targetOf } from "./call.ts";
import { Connection } from "./connection.ts";
import type { Credentials } from "./credentials.ts";
import type { Lane } from "./fleet.ts";
import { objectOf } from "./reply.ts";
import type { RequestObserver } from "./request_observer.ts";
import { withRetries } from "./retry.ts";
import { startWatch } from "./watch.ts";

const PAGE_SIZE = 500;
/** A list whose pages expire that often is not worth another try. */
const LIST_ATTEMPTS = 3;

const CONTENT_TYPES: Readonly<Record<PatchType, string>> = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

/** What the adapter takes from outside beside the network. */
export interface KubeClusterPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
}

/** How the adapter talks to its server; each has a default. */
export interface KubeClusterOptions {
  /** `sluice`; a program adds its version: `sluice/1.2.3`. */
  readonly userAgent?: string;
  /** Whose fields our writes are; `sluice`. */
  readonly fieldManager?: string;
  /** How long a request waits for the next piece of its answer; 10,000. */
  readonly requestTimeoutMs?: number;
  /** The same of requests of `lease`, which must try again before it is too late; 3,000. */
  readonly leaseTimeoutMs?: number;
  /** How long a watch may say nothing; 90,000 (bookmarks come about every 60,000). */
  readonly watchSilenceMs?: number;
  /** How long one call waits, all in all, for a server that is busy; 30,000. */
  readonly maxRetryWaitMs?: number;
  /** Requests under way at once; 60. */
  readonly maxInFlight?: number;
  /** Watches on one connection; 60. */
  readonly watchesPerClient?: number;
  /** So many requests at once, then so many a second; absent: no such limit. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  /** Is told of every request that is sent. */
  readonly observer?: RequestObserver;
}

interface Manner {
  readonly lane: Lane;
  readonly fieldManager: string;
  readonly maxRetryWaitMs: number;
}

/** The verbs of the API over a connection that others may share. */
class KubeVerbs implements Cluster {
  readonly #connection: Connection;
  readonly #ports: KubeClusterPorts;
  readonly #manner: Manner;

  constructor(connection: Connection, ports: KubeClusterPorts, manner: Manner) {
    this.#connection = connection;
    this.#ports = ports;
    this.#manner = manner;
  }

  async get(type: ResourceType, ref: ObjectRef): Promise<KubeObject> {
    return await this.#object(callOf("get", targetOf(type, ref), { query: {} })) as KubeObject;
  }

  async list(type: ResourceType, selection: Selection = {}): Promise<ObjectList> {
    return await this.#list(type, selection, (object) => object);
  }

  /**
   * A list of what is kept of each object, made as soon as its page is read: so a long list is
   * never in memory as a whole.
   */
  async listKept<Kept>(
    type: ResourceType,
    selection: Selection,
    keep: (object: KubeObject) => Kept,
  ): Promise<Kept[]> {
    return (await this.#list(type, selection, keep)).items;
  }

  async #list<Kept>(
    type: ResourceType,
    selection: Selection,
    keep: (object: KubeObject) => Kept,
  ): Promise<{ items: Kept[]; resourceVersion: string }> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#pages(type, selection, keep);
      } catch (error) {
        if (!isGone(error) || attempt >= LIST_ATTEMPTS) throw error;
      }
    }
  }

  watch(type: ResourceType, options: WatchOptions, sink: WatchSink): WatchHandle {
    // Spread out, so that watches begun together do not end together for ever after.
    const timeoutSeconds = options.timeoutSeconds ??
      290 + Math.floor(this.#ports.random.next() * 291);
    const query: Query = {
      ...selectionQuery(options),
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: options.resourceVersion,
      timeoutSeconds,
    };
    const call = callOf("watch", { type, namespace: options.namespace }, { query });
    return startWatch(this.#connection, call, sink);
  }

  async create(
    type: ResourceType,
    object: KubeObject,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    const { namespace, name } = object.metadata;
    if (type.namespaced && !namespace) {
      throw new TypeError(`Cannot create ${type.kind} "${name ?? ""}": no namespace is given`);
    }
    // A subresource (an eviction, a token) is created below its object, all else in a collection.
    const target = options.subresource
      ? targetOf(type, object.metadata, options.subresource)
      : { type, namespace, subject: name };
    const { guard } = options;
    const content = { query: this.#writeQuery(options), body: jsonBody(object), guard };
    return await this.#object(callOf("create", target, content)) as KubeObject;
  }

  async update(
    type: ResourceType,
    object: KubeObject,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    const target = targetOf(type, object.metadata, options.subresource);
    const { guard } = options;
    const content = { query: this.#writeQuery(options), body: jsonBody(object), guard };
    return await this.#object(callOf("update", target, content)) as KubeObject;
  }

  async patch(
    type: ResourceType,
    ref: ObjectRef,
    patch: Patch,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    const body = { contentType: CONTENT_TYPES[patch.type], text: JSON.stringify(patch.body) };
    const target = targetOf(type, ref, options.subresource);
    const { guard } = options;
    const call = callOf("patch", target, { query: this.#writeQuery(options), body, guard });
    return await this.#object(call) as KubeObject;
  }

  async delete(
    type: ResourceType,
    ref: ObjectRef,
    options: DeleteOptions = {},
  ): Promise<KubeObject | undefined> {
    const body = jsonBody({
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: options.propagationPolicy,
      preconditions: options.preconditions,
      dryRun: options.dryRun ? ["All"] : undefined,
    });
    const { guard } = options;
    const call = callOf("delete", targetOf(type, ref), { query: {}, body, guard });
    const answer = await this.#object(call);
    return livesOn(answer) ? answer as KubeObject : undefined;
  }

  async #pages<Kept>(
    type: ResourceType,
    selection: Selection,
    keep: (object: KubeObject) => Kept,
  ): Promise<{ items: Kept[]; resourceVersion: string }> {
    const items: Kept[] = [];
    let resourceVersion: string | undefined;
    let next: string | undefined;
    do {
      const query = { ...selectionQuery(selection), limit: PAGE_SIZE, continue: next };
      const call = callOf("list", { type, namespace: selection.namespace }, { query });
      const page = await this.#object(call) as ListPage;
      for (const item of page.items ?? []) items.push(keep(typed(item, type)));
      // All pages are of one moment, the first page's.
      resourceVersion ??= page.metadata?.resourceVersion ?? "";
      next = page.metadata?.continue || undefined;
    } while (next !== undefined);
    return { items, resourceVersion };
  }

  async #object(call: Call): Promise<Record<string, unknown>> {
    const { lane, maxRetryWaitMs } = this.#manner;
    const reply = await withRetries(
      call,
      {
        maxWaitMs: maxRetryWaitMs,
        renews: this.#connection.renews,
        isJustBack: () => this.#connection.isJustBack,
        pause: (delayMs) => this.#connection.pause(delayMs),
      },
      () => this.#connection.request(call, lane),
    );
    try {
      return objectOf(call, reply);
    } catch (error) {
      if (isNotPermitted(error)) this.#connection.observer?.notPermitted?.(call, error.message);
      throw error;
    }
  }

  #writeQuery(options: WriteOptions): Query {
    return {
      fieldManager: this.#manner.fieldManager,
      dryRun: options.dryRun ? "All" : undefined,
    };
  }
}

/** The cluster port on a real API server. */
export class KubeCluster extends KubeVerbs {
  /** The same server over a client of its own, where no crowd of requests delays the lease. */
  readonly lease: Cluster;
  readonly #connection: Connection;

  constructor(
    credentials: Credentials,
    ports: KubeClusterPorts,
    options: KubeClusterOptions = {},
  ) {
    const connection = new Connection({
      credentials,
      clock: ports.clock,
      log: ports.log,
      userAgent: options.userAgent ?? "sluice",
      observer: options.observer,
      limits: {
        requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
        leaseTimeoutMs: options.leaseTimeoutMs ?? 3_000,
        watchSilenceMs: options.watchSilenceMs ?? 90_000,
        maxInFlight: options.maxInFlight ?? 60,
        watchesPerClient: options.watchesPerClient ?? 60,
        rate: options.rate,
      },
    });
    const manner = {
      fieldManager: options.fieldManager ?? "sluice",
      maxRetryWaitMs: options.maxRetryWaitMs ?? 30_000,
    };
    super(connection, ports, { lane: "requests", ...manner });
    // Whoever keeps a lease asks again by itself, soon.
    this.lease = new KubeVerbs(connection, ports, { ...manner, lane: "lease", maxRetryWaitMs: 0 });
    this.#connection = connection;
  }

  /** Requests sent so far, by verb and resource: `patch rollouts.argoproj.io/status`. */
  requests(): ReadonlyMap<string, number> {
    return new Map(this.#connection.sent);
  }

  /** Gives up everything under way (watches end with an error) and lets all connections go. */
  close(): Promise<void> {
    return this.#connection.close();
  }
}

interface ListPage {
  readonly items?: KubeObject[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

function jsonBody(value: unknown): Body {
  return { contentType: "application/json", text: JSON.stringify(value) };
}

/** Items of built-in kinds come without their kind. */
function typed(item: KubeObject, type: ResourceType): KubeObject {
  item.apiVersion ??= apiVersionOf(type);
  item.kind ??= type.kind;
  return item;
}

/**
 * Some kinds answer a deletion with the object that is gone, others with a Status. The object lives
 * on only while something holds it: a finalizer or a grace period.
 */
function livesOn(answer: Record<string, unknown>): boolean {
  const metadata = answer["metadata"] as KubeObject["metadata"] | undefined;
  if (answer["kind"] === "Status" || !metadata?.deletionTimestamp) return false;
  return (metadata.finalizers?.length ?? 0) > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0;
}
