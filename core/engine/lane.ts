/**
 * A controller at work: its own queue, its own slots for passes, its own record of what it wrote.
 * Lanes share the caches and nothing else, so no kind waits for the passes of another.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import { ApiError } from "../ports/api_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import type { AnswerDesk } from "./answer_desk.ts";
import type { Caches, CacheView } from "./caches.ts";
import type { Controller, Need, Source } from "./controller.ts";
import { Damping } from "./damping.ts";
import type { EventRecorder } from "./event_recorder.ts";
import type { FreezeGuard } from "./freeze_guard.ts";
import { fenceOf } from "./fence.ts";
import { Gate } from "./gate.ts";
import { HeldReports } from "./held_reports.ts";
import { Inquiries } from "./inquiries.ts";
import { type Key, keyOfObject } from "./key.ts";
import type { Leadership } from "./leadership.ts";
import { LiveObjects } from "./live_objects.ts";
import { OwnWrites } from "./own_writes.ts";
import { type PassPorts, type PassReport, runPass } from "./pass.ts";
import type { Reflector } from "./reflector.ts";
import { isNormal } from "./refusal.ts";
import type { Registry } from "./registry.ts";
import { type QueueMeter, WorkQueue } from "./work_queue.ts";

// deno-lint-ignore no-explicit-any -- a world is known to its own controller only
export type AnyController = Controller<any>;

export interface LaneOptions {
  readonly caches: Caches;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly retryClock: Clock;
  readonly log: Log;
  readonly recorder: EventRecorder;
  readonly freezeGuard: FreezeGuard | undefined;
  readonly leadership: Leadership | undefined;
  readonly registry: Registry;
  readonly desk: AnswerDesk;
  /** Passes at a time. */
  readonly concurrency: number;
  /** Called whenever a key may be taken. */
  readonly onReady: () => void;
  readonly onPass: (report: PassReport) => void;
  /** A pass came to no report at all. */
  readonly onPassFailed: (controller: string, key: Key) => void;
  readonly meter?: QueueMeter | undefined;
}

export class Lane {
  readonly #options: LaneOptions;
  readonly #controller: AnyController;
  readonly #queue: WorkQueue;
  readonly #gate: Gate;
  readonly #inquiries: Inquiries;
  readonly #live: LiveObjects;
  /** Keys that have asked something, and get their pass with the next turn. */
  readonly #asking = new Set<Key>();
  readonly #ports: PassPorts;
  #passes = 0;
  #lastEndMs = -Infinity;

  constructor(controller: AnyController, options: LaneOptions) {
    const { caches, clock, retryClock, onReady, meter } = options;
    this.#options = options;
    this.#controller = controller;
    const ownWrites = new OwnWrites((type) => caches.reflectorOf(type));
    const damping = new Damping(clock);
    const held = new HeldReports(clock);
    const ports: PassPorts = { ...options, ownWrites, damping, held };
    const queue = new WorkQueue(clock, onReady, { retryClock, meter });
    this.#ports = ports;
    this.#queue = queue;
    this.#gate = new Gate({ caches, clock, ownWrites, ports, queue });
    const wake = (key: Key) => queue.addAnswered(key);
    this.#inquiries = new Inquiries({ ...options, wake });
    this.#live = new LiveObjects(caches, new Inquiries({ ...options, wake }));
  }

  /** Passes in flight. */
  get passes(): number {
    return this.#passes;
  }

  /** Keys that can be taken now. */
  get readyCount(): number {
    return this.#queue.readyCount;
  }

  /** When its last pass ended, by the monotonic clock. */
  get lastEndMs(): number {
    return this.#lastEndMs;
  }

  /** Passes and reads in flight. */
  get running(): number {
    return this.#passes + this.#gate.running;
  }

  /** An object of one of the controller's sources came, changed or went. */
  wake(source: Source, object: KubeObject): void {
    try {
      for (const key of source.wakes(object, this.#options.caches)) this.#queue.add(key);
    } catch (error) {
      // One odd object must not keep the others from their caches.
      this.#options.log.error("cannot tell which object a change is about", {
        controller: this.#controller.name,
        resource: source.type.plural,
        object: keyOfObject(object),
        cause: causeOf(error),
      });
    }
  }

  /** Looks at all objects again, as if each had just come. */
  resync(): void {
    const { caches } = this.#options;
    for (const source of this.#controller.sources) {
      if (source.type !== this.#controller.primary) continue;
      for (const object of caches.of(source).all()) this.wake(source, object);
    }
  }

  /** A cache has got further. */
  onProgress(reflector: Reflector): void {
    this.#gate.onProgress(reflector);
  }

  /** A cache is filled, or cannot be. */
  onState(reflector: Reflector): void {
    this.#gate.onState(reflector);
    this.#live.onState(reflector);
  }

  /** Begins as many passes as there are keys and free slots. */
  pump(): void {
    while (this.#passes < this.#options.concurrency) {
      const key = this.#queue.take();
      if (key === undefined) return;
      this.#passes++;
      void this.#work(key);
    }
  }

  /** Asks nothing until its next pass: another process acts. */
  rest(): void {
    this.#ports.held.reset();
    this.#inquiries.reset();
    this.#live.reset();
  }

  stop(): void {
    this.#queue.stop();
    this.#inquiries.stop();
    this.#live.stop();
  }

  async #work(key: Key): Promise<void> {
    const queue = this.#queue;
    try {
      // Not in the turn in which the clock rang: what else happens at this instant comes first.
      await undefined;
      await this.#pass(key);
    } catch (error) {
      const delayMs = queue.addAfterFailure(key);
      this.#tellFailure(error, key, delayMs);
      this.#options.onPassFailed(this.#controller.name, key);
    } finally {
      this.#passes--;
      this.#lastEndMs = this.#options.clock.monotonic();
      queue.done(key);
      if (queue.readyCount > 0) this.#options.onReady();
    }
  }

  /** A server that says no is no mistake of the program. */
  #tellFailure(error: unknown, key: Key, delayMs: number): void {
    const { log } = this.#options;
    const fields = { controller: this.#controller.name, key, delayMs };
    if (error instanceof ApiError) {
      log.warn("the status was refused", { ...fields, cause: error.message });
    } else log.error("a pass failed", { ...fields, cause: causeOf(error) });
  }

  async #pass(key: Key): Promise<void> {
    const { caches, clock, freezeGuard } = this.#options;
    const needs: readonly Need[] = this.#controller.needs?.(key, caches) ?? [];
    if (this.#gate.isHeld(key, needs)) return;
    const view = this.#live.viewOf(key, needs);
    if (view === undefined || this.#asksFirst(key, view)) return;
    freezeGuard?.look();
    if (!caches.hasSynced) {
      // Everything is listed again after a freeze.
      this.#queue.add(key);
      return;
    }
    const seen = { ...this.#ports, caches: view };
    const fence = fenceOf(this.#options);
    const ports = fence === undefined ? seen : { ...seen, fence };
    const answers = this.#inquiries.answersOf(key);
    const sight = { caches: view, nowMs: clock.now(), answers };
    const start = { sight, failures: this.#queue.failuresOf(key) };
    const report = await runPass(this.#controller, key, start, ports);
    if (report === undefined) {
      this.#queue.forget(key);
      this.#gate.forget(key);
      this.#ports.damping.forget(key);
      this.#ports.held.release(key);
      this.#inquiries.forget(key);
      this.#live.forget(key);
      return;
    }
    const { applied: { writes, failure } } = report;
    if (writes > 0 || failure !== undefined) {
      this.#inquiries.noteWrite(key);
      this.#live.noteWrite(key);
    }
    const isInformed = ![...answers.values()].some(({ state }) => state === "pending");
    this.#planNext(report, isInformed);
    this.#options.onPass(report);
  }

  /**
   * What a key needs to know is asked a turn before its pass, so that an answer that is near is not
   * missed. The pass waits no longer than that.
   */
  #asksFirst(key: Key, caches: CacheView): boolean {
    const nowMs = this.#options.clock.now();
    const inquiries = this.#controller.inquiries?.(key, caches, nowMs) ?? [];
    const hasAsked = this.#inquiries.update(key, inquiries);
    if (this.#asking.delete(key) || !hasAsked) return false;
    this.#asking.add(key);
    this.#queue.add(key);
    return true;
  }

  #planNext({ key, decision, applied, status }: PassReport, isInformed: boolean): void {
    const queue = this.#queue;
    const { failure, writes, done } = applied;
    if (failure !== undefined || status === "failed") {
      const delayMs = queue.addAfterFailure(key);
      if (failure === undefined) return;
      const level = isNormal(failure.error) ? "debug" : "warn";
      const cause = failure.error.message;
      this.#options.log[level]("a write was refused", { key, delayMs, cause });
      return;
    }
    // What waits for an answer has not tried yet what failed before: that is no success.
    const hasTried = isInformed || writes > 0;
    if (hasTried) queue.succeeded(key);
    if (hasTried && done.length === decision.effects.length) this.#ports.damping.succeeded(key);
    const heldMs = this.#ports.held.leftMs(key);
    if (heldMs !== undefined) queue.addAfter(key, heldMs);
    if (writes > 0 || status === "written") queue.add(key);
    else if (decision.wakeAtMs !== undefined) {
      const delayMs = Math.max(0, decision.wakeAtMs - this.#options.clock.now());
      queue.addAfter(key, delayMs, { isRetry: decision.isRetry === true });
    }
  }
}

function causeOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
