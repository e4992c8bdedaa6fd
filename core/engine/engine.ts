/**
 * Runs passes: takes keys from the queue, observes, decides, applies, reports. It knows no kind:
 * controllers bring that.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import { ask } from "./ask.ts";
import { type Applied, applyEffects, type ApplyPorts, lookAgain } from "./apply.ts";
import { Caches } from "./caches.ts";
import type { Controller, Source } from "./controller.ts";
import { Damping } from "./damping.ts";
import type { Decision } from "./effect.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import type { EventRecorder } from "./event_recorder.ts";
import type { FreezeGuard } from "./freeze_guard.ts";
import { type Key, keyOfObject, refOfKey } from "./key.ts";
import { OwnWrites } from "./own_writes.ts";
import { Reflector } from "./reflector.ts";
import { isNormal } from "./refusal.ts";
import { reportStatus, type StatusOutcome } from "./report_status.ts";
import { Store } from "./store.ts";
import { WorkQueue } from "./work_queue.ts";

/** Races and busy servers are soon over; after so many in a row, what holds is reported. */
const PASSING_MAX = 4;
/** How long a key waits for an answer that may be older than our own write. */
const DOUBT_MAX_MS = 5_000;

export interface EngineOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: EventRecorder;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Passes at a time; no key is ever in two. Default 10. */
  readonly concurrency?: number;
  /** Times passes that only try again (`Decision.isRetry`); default: `clock`. */
  readonly retryClock?: Clock;
  /** Notices that the process stood still; absent: it never does. */
  readonly freezeGuard?: FreezeGuard;
  /** Drops from cached objects what passes never read. */
  readonly slim?: (object: KubeObject) => KubeObject;
}

/** What one pass came to, for those who watch: logs, metrics, simulate. */
export interface PassReport {
  readonly controller: string;
  readonly key: Key;
  /** The snapshot, as the controller's `observe` made it. */
  readonly world: unknown;
  readonly decision: Decision;
  readonly applied: Applied;
  /** The decision's sentence, and what the cluster did not allow of it. */
  readonly why: string;
  readonly isStatusWritten: boolean;
}

// deno-lint-ignore no-explicit-any -- a world is known to its own controller only
type AnyController = Controller<any>;

/** A controller with its own queue and its own record of what it wrote. */
interface Lane {
  readonly controller: AnyController;
  readonly queue: WorkQueue;
  readonly ports: ApplyPorts;
  /** Keys held back until an answer that is being loaded has come. */
  readonly waiting: Set<Key>;
}

export class Engine {
  readonly caches = new Caches();
  readonly #options: EngineOptions;
  readonly #lanes: Lane[] = [];
  readonly #listeners: ((report: PassReport) => void)[] = [];
  #passes = 0;
  /** The lane that is served next: none waits until another is empty. */
  #turn = 0;
  #isPumpPlanned = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    options.freezeGuard?.onThaw(() => this.caches.refresh());
  }

  /** Passes, lists and events in flight: 0 means that all waits are for the clock or the world. */
  get running(): number {
    return this.#passes + this.#options.recorder.running + this.caches.running;
  }

  /** True once every cache has been filled but those on demand. */
  get hasSynced(): boolean {
    return this.caches.hasSynced;
  }

  onPass(listener: (report: PassReport) => void): void {
    this.#listeners.push(listener);
  }

  // deno-lint-ignore no-explicit-any -- see above
  add(controller: Controller<any>): void {
    const { cluster, clock, log, retryClock = clock } = this.#options;
    const queue = new WorkQueue(clock, () => this.#planPump(), { retryClock });
    const ownWrites = new OwnWrites((type) => this.caches.reflectorOf(type));
    const damping = new Damping(clock);
    const ports: ApplyPorts = { cluster, clock, log, caches: this.caches, ownWrites, damping };
    const lane: Lane = { controller, queue, ports, waiting: new Set() };
    this.#lanes.push(lane);
    for (const source of controller.sources) {
      const store = this.#storeFor(source);
      source.prepare?.(store);
      store.onChange((before, after) => {
        if (before !== undefined) this.#wake(lane, source, before);
        if (after !== undefined) this.#wake(lane, source, after);
      });
    }
  }

  start(): void {
    this.caches.start();
  }

  stop(): void {
    this.caches.stop();
    for (const lane of this.#lanes) lane.queue.stop();
    this.#options.recorder.stop();
  }

  #wake({ controller, queue }: Lane, source: Source, object: KubeObject): void {
    try {
      for (const key of source.wakes(object, this.caches)) queue.add(key);
    } catch (error) {
      // One odd object must not keep the others from their caches.
      this.#options.log.error("cannot tell whom a change is about", {
        controller: controller.name,
        resource: source.type.plural,
        object: keyOfObject(object),
        cause: causeOf(error),
      });
    }
  }

  #storeFor(source: Source): Store {
    const reflector = this.caches.reflectorOf(source) ?? this.#addReflector(source);
    if (source.isOnDemand !== true) this.caches.keepStanding(reflector);
    return reflector.store;
  }

  #addReflector({ type, labelSelector }: Source): Reflector {
    const { cluster, clock, log, namespace, slim } = this.#options;
    const reflector = new Reflector({
      cluster,
      clock,
      log,
      store: new Store(type, slim),
      selection: {
        ...(namespace === undefined ? {} : { namespace }),
        ...(labelSelector === undefined ? {} : { labelSelector }),
      },
    });
    reflector.onSync(() => this.#planPump());
    reflector.onProgress(() => this.#wakeWaiting());
    this.caches.add(reflector);
    return reflector;
  }

  #wakeWaiting(): void {
    for (const { queue, ports, waiting } of this.#lanes) {
      for (const key of waiting) {
        if (ports.ownWrites.inDoubt(key).length > 0) continue;
        waiting.delete(key);
        queue.add(key);
      }
    }
  }

  #planPump(): void {
    if (this.#isPumpPlanned) return;
    this.#isPumpPlanned = true;
    // Through the clock: all that happens at this instant is seen before the first pass.
    this.#options.clock.after(0, () => {
      this.#isPumpPlanned = false;
      this.#pump();
    });
  }

  #pump(): void {
    this.#options.freezeGuard?.look();
    // A pass on half-filled caches would take what is not loaded yet for absent.
    if (!this.hasSynced) return;
    const concurrency = this.#options.concurrency ?? 10;
    const lanes = this.#lanes;
    for (let idle = 0; idle < lanes.length && this.#passes < concurrency; this.#turn++) {
      const lane = lanes[this.#turn % lanes.length] as Lane;
      const key = lane.queue.take();
      if (key === undefined) {
        idle++;
        continue;
      }
      idle = 0;
      this.#passes++;
      void this.#work(lane, key);
    }
  }

  async #work(lane: Lane, key: Key): Promise<void> {
    try {
      await this.#pass(lane, key);
    } catch (error) {
      const delayMs = lane.queue.addAfterFailure(key);
      this.#options.log.error("a pass failed", {
        controller: lane.controller.name,
        key,
        delayMs,
        cause: causeOf(error),
      });
    } finally {
      this.#passes--;
      lane.queue.done(key);
      if (this.#lanes.some((other) => other.queue.readyCount > 0)) this.#planPump();
    }
  }

  async #pass(lane: Lane, key: Key): Promise<void> {
    if (await this.#mustWait(lane, key)) return;
    const { controller, queue } = lane;
    const { clock, freezeGuard } = this.#options;
    const questions = controller.asks?.(key, this.caches, clock.now()) ?? [];
    const listed = await ask(questions, lane.ports);
    // The caches went on while the cluster was asked.
    if (questions.length > 0 && await this.#mustWait(lane, key)) return;
    freezeGuard?.look();
    if (!this.hasSynced) {
      // Everything is listed again after a freeze.
      queue.add(key);
      return;
    }
    const ports = freezeGuard === undefined
      ? lane.ports
      : { ...lane.ports, fence: freezeGuard.fence() };
    const before = this.#objectOf(controller, key);
    const world = controller.observe(key, { caches: this.caches, nowMs: clock.now(), listed });
    if (world === undefined) {
      queue.forget(key);
      ports.ownWrites.forget(key);
      ports.damping.forget(key);
      return;
    }
    const decision = controller.decide(world);
    const applied = await applyEffects(key, decision.effects, ports);
    const about = this.#objectOf(controller, key) ?? before;
    for (const effect of applied.done) this.#record(about, effect.events ?? []);
    const report = this.#reportOf(lane, { key, world, decision, applied });
    const outcome = await reportStatus(
      { key, type: controller.primary, before, status: report.status },
      ports,
    );
    if (outcome === "written" || outcome === "unchanged") {
      this.#record(this.#objectOf(controller, key) ?? about, report.events);
    }
    this.#planNext(lane, key, { decision, applied, outcome });
    const isStatusWritten = outcome === "written";
    const why = [decision.why, ...applied.forbidden].join("; ");
    const { name } = controller;
    for (const listener of this.#listeners) {
      listener({ controller: name, key, world, decision, applied, why, isStatusWritten });
    }
  }

  #objectOf(controller: AnyController, key: Key): KubeObject | undefined {
    const ref = refOfKey(key);
    return this.caches.of(controller.primary).get(ref.namespace, ref.name);
  }

  #record(object: KubeObject | undefined, events: readonly EventDraft[]): void {
    if (object !== undefined && events.length > 0) this.#options.recorder.record(object, events);
  }

  /**
   * True while a cache that the pass reads is being filled for the first time, and while an answer
   * is being loaded that may be older than what we wrote for this key.
   */
  async #mustWait(lane: Lane, key: Key): Promise<boolean> {
    const { controller, queue, ports, waiting } = lane;
    if (!this.caches.load(controller.needs?.(key, this.caches) ?? [])) {
      waiting.add(key);
      return true;
    }
    const doubtful = ports.ownWrites.inDoubt(key);
    if (doubtful.length === 0) {
      waiting.delete(key);
      return false;
    }
    const nowMs = this.#options.clock.monotonic();
    const leftMs = Math.max(...doubtful.map((write) => write.atMs)) + DOUBT_MAX_MS - nowMs;
    waiting.add(key);
    if (leftMs > 0) {
      queue.addAfter(key, leftMs);
      return true;
    }
    for (const { type, ref } of doubtful) {
      if (await lookAgain(type, ref, ports)) continue;
      queue.addAfterFailure(key);
      return true;
    }
    waiting.delete(key);
    ports.ownWrites.settle(key, doubtful);
    return false;
  }

  /** After a refusal, what holds all the same; nothing of what was to come true. */
  #reportOf(
    { controller, queue }: Lane,
    { key, world, decision, applied: { failure } }: {
      key: Key;
      world: unknown;
      decision: Decision;
      applied: Applied;
    },
  ): Pick<Decision, "status" | "events"> {
    if (failure === undefined) return decision;
    const isPassing = isNormal(failure.error);
    if (isPassing && queue.failuresOf(key) < PASSING_MAX) return { events: [] };
    return controller.decideAfterFailure(world, { ...failure, isPassing });
  }

  #planNext(
    { queue }: Lane,
    key: Key,
    { decision, applied, outcome }: {
      decision: Decision;
      applied: Applied;
      outcome: StatusOutcome;
    },
  ): void {
    const { failure, done } = applied;
    if (failure !== undefined || outcome === "failed") {
      const delayMs = queue.addAfterFailure(key);
      if (failure === undefined) return;
      const level = isNormal(failure.error) ? "debug" : "warn";
      const cause = failure.error.message;
      this.#options.log[level]("an effect was refused", { key, delayMs, cause });
      return;
    }
    queue.succeeded(key);
    if (done.length > 0 || outcome === "written") queue.add(key);
    else if (decision.wakeAtMs !== undefined) {
      const delayMs = Math.max(0, decision.wakeAtMs - this.#options.clock.now());
      queue.addAfter(key, delayMs, { isRetry: decision.isRetry === true });
    }
  }
}

function causeOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
