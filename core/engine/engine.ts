/**
 * Runs controllers: keeps the caches that they read, and lets each have its passes in a lane of its
 * own. It knows no kind: controllers bring that.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { AnswerDesk } from "./answer_desk.ts";
import { Caches } from "./caches.ts";
import { clusterAnswerers } from "./cluster_questions.ts";
import type { Controller, Source } from "./controller.ts";
import type { EventRecorder } from "./event_recorder.ts";
import type { FreezeGuard } from "./freeze_guard.ts";
import { Lane } from "./lane.ts";
import type { Leadership } from "./leadership.ts";
import type { Key } from "./key.ts";
import type { PassReport } from "./pass.ts";
import { Reflector } from "./reflector.ts";
import type { Registry } from "./registry.ts";
import { type Slim, Store } from "./store.ts";
import type { QueueMeter } from "./work_queue.ts";

export interface EngineOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: EventRecorder;
  /** What acts or answers by name; absent: nothing. */
  readonly registry?: Registry;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Passes of one controller at a time; no key is ever in two. Default 10. */
  readonly concurrency?: number;
  /** Times passes that only try again (`Decision.isRetry`); default: `clock`. */
  readonly retryClock?: Clock;
  /** Notices that the process stood still; absent: it never does. */
  readonly freezeGuard?: FreezeGuard;
  /** Keeps watches from coming back all at once; absent: each comes as soon as it may. */
  readonly random?: Random;
  /** Whether this process acts; absent: it does, always. */
  readonly leadership?: Leadership;
  /** How often all objects are looked at again though nothing has changed; absent: never. */
  readonly resyncMs?: number;
  /** Makes what is told of the keys of a controller; absent: nobody is. */
  readonly meterFor?: (controller: string) => QueueMeter;
  /** Drops from cached objects what passes never read. */
  readonly slim?: Slim;
}

export class Engine {
  readonly caches = new Caches();
  readonly #options: EngineOptions;
  readonly #lanes: Lane[] = [];
  readonly #listeners: ((report: PassReport) => void)[] = [];
  readonly #failureListeners: ((controller: string, key: Key) => void)[] = [];
  readonly #desk: AnswerDesk;
  #isPumpPlanned = false;
  #cancelResync: Cancel = () => {};

  constructor(options: EngineOptions) {
    this.#options = options;
    options.freezeGuard?.onThaw((time) => {
      this.caches.stoodStill(time);
      this.caches.refresh();
    });
    options.leadership?.onChange(() => this.#onTerm());
    const { clock, registry = {} } = options;
    const answerers = [...clusterAnswerers(options.cluster), ...registry.answerers ?? []];
    this.#desk = new AnswerDesk(new Map(answerers), clock);
  }

  /** What is in flight; 0 means that all waits are for the clock or the world. */
  get running(): number {
    const passes = this.#lanes.reduce((sum, lane) => sum + lane.running, 0);
    const { recorder } = this.#options;
    return passes + recorder.running + this.caches.running + this.#desk.running;
  }

  /** Passes in flight. */
  get passes(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.passes, 0);
  }

  /** How long no pass has been under way, nor waited only for others; 0: one is, or does. */
  get quietMs(): number {
    // Who does not act has nothing to wait for.
    const isWaiting = this.#mayAct() && this.#lanes.some(({ readyCount }) => readyCount > 0);
    if (isWaiting || this.passes > 0) return 0;
    const lastEndMs = Math.max(...this.#lanes.map((lane) => lane.lastEndMs));
    return this.#options.clock.monotonic() - lastEndMs;
  }

  /** Questions that do not count as running: their answer waits for the clock. */
  get waitingForClock(): number {
    return this.#desk.waitingForClock;
  }

  /** True once every cache has been filled but those on demand. */
  get hasSynced(): boolean {
    return this.caches.hasSynced;
  }

  onPass(listener: (report: PassReport) => void): void {
    this.#listeners.push(listener);
  }

  /** A pass came to no report at all: a mistake of the program. */
  onPassFailed(listener: (controller: string, key: Key) => void): void {
    this.#failureListeners.push(listener);
  }

  /** `slots`: its passes at a time, where that is not the engine's `concurrency`. */
  // deno-lint-ignore no-explicit-any -- a world is known to its own controller only
  add(controller: Controller<any>, slots?: number): void {
    const { clock, retryClock = clock, registry = {}, concurrency = 10 } = this.#options;
    const lane = new Lane(controller, {
      ...this.#options,
      caches: this.caches,
      retryClock,
      registry,
      freezeGuard: this.#options.freezeGuard,
      leadership: this.#options.leadership,
      desk: this.#desk,
      concurrency: slots ?? concurrency,
      onReady: () => this.#planPump(),
      onPass: (report) => {
        for (const listener of this.#listeners) listener(report);
      },
      onPassFailed: (name, key) => {
        for (const listener of this.#failureListeners) listener(name, key);
      },
      meter: this.#options.meterFor?.(controller.name),
    });
    this.#lanes.push(lane);
    for (const source of controller.sources) {
      const store = this.#storeFor(source);
      source.prepare?.(store);
      store.onChange((before, after) => {
        if (before !== undefined) lane.wake(source, before);
        if (after !== undefined) lane.wake(source, after);
      });
    }
    this.caches.reflectorOf({ type: controller.primary })?.store.onChange((before, after) => {
      if (before === undefined || before.metadata.uid === after?.metadata.uid) return;
      if (!this.#mayAct()) return;
      const events = controller.eventsOfDeleted?.(before) ?? [];
      if (events.length > 0) this.#options.recorder.record(before, events);
    });
  }

  start(): void {
    this.caches.start();
    this.#planResync();
  }

  stop(): void {
    this.#cancelResync();
    this.caches.stop();
    for (const lane of this.#lanes) lane.stop();
    this.#options.recorder.stop();
  }

  #storeFor(source: Source): Store {
    const reflector = this.caches.reflectorOf(source) ?? this.#addReflector(source);
    if (source.isOnDemand !== true) this.caches.keepStanding(reflector);
    else if (source.isEager === true) this.caches.keepEager(reflector);
    return reflector.store;
  }

  #addReflector({ type, labelSelector }: Source): Reflector {
    const { cluster, clock, retryClock = clock, log, namespace, random, slim } = this.#options;
    const reflector: Reflector = new Reflector({
      cluster,
      clock,
      retryClock,
      log,
      random,
      mayBeAbsent: () => !this.caches.isStanding(reflector),
      store: new Store(type, slim),
      selection: {
        ...(namespace === undefined ? {} : { namespace }),
        ...(labelSelector === undefined ? {} : { labelSelector }),
      },
    });
    reflector.onSync(() => this.#planPump());
    reflector.onProgress(() => {
      for (const lane of this.#lanes) lane.onProgress(reflector);
    });
    reflector.onSeenAgain(() => {
      if (this.caches.isStanding(reflector)) this.#resync();
    });
    reflector.onState(() => {
      for (const lane of this.#lanes) lane.onState(reflector);
    });
    this.caches.add(reflector);
    return reflector;
  }

  #mayAct(): boolean {
    const { leadership } = this.#options;
    return leadership === undefined || leadership.term() !== undefined;
  }

  #resync(): void {
    for (const lane of this.#lanes) lane.resync();
  }

  #onTerm(): void {
    if (this.#mayAct()) {
      const nowMs = this.#options.clock.now();
      const ledUntilMs = this.#options.leadership?.ledUntilMs?.() ?? nowMs;
      const unled = { fromMs: Math.min(ledUntilMs, nowMs), toMs: nowMs };
      // Deadlines are put off: that is reported, for a leader after us would not know of it.
      if (this.caches.stoodStill(unled)) this.#resync();
      // What the leader before us wrote last may not have been heard of yet.
      this.caches.refresh();
      this.#planPump();
    } else {
      for (const lane of this.#lanes) lane.rest();
    }
  }

  #planResync(): void {
    const { clock, resyncMs } = this.#options;
    if (resyncMs === undefined) return;
    this.#cancelResync = clock.after(resyncMs, () => {
      this.#resync();
      this.#planResync();
    });
  }

  #planPump(): void {
    if (this.#isPumpPlanned) return;
    this.#isPumpPlanned = true;
    // Through the clock: all that happens at this instant is seen before the first pass.
    this.#options.clock.after(0, () => {
      this.#isPumpPlanned = false;
      this.#options.freezeGuard?.look();
      // A pass on half-filled caches would take what is not loaded yet for absent.
      if (!this.hasSynced || !this.#mayAct()) return;
      for (const lane of this.#lanes) lane.pump();
    });
  }
}
