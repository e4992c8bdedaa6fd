/**
 * Keeps a store equal to the cluster: one list, then a watch from there; the watch is resumed where
 * it ended, and after 410 Gone everything is listed again.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Cluster, Selection, WatchEvent, WatchHandle } from "../ports/cluster.ts";
import { ApiError, isForbidden, isGone, isNotFound, UnreachableError } from "../ports/api_error.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { type BackoffLimits, backoffMs, spreadMs } from "./backoff.ts";
import { isBusy } from "./refusal.ts";
import { compareResourceVersions } from "./resource_version.ts";
import type { Store } from "./store.ts";
import { type UnseenTime, UnseenTimes } from "./unseen.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

/** What a reflector needs. */
export interface ReflectorOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly selection: Selection;
  /** Times tries that nothing waits for; default: `clock`. */
  readonly retryClock?: Clock;
  /** Keeps many from coming back at the same moment; absent: each comes as soon as it may. */
  readonly random?: Random | undefined;
  /** True when passes may go on without the objects: it is no fault that they cannot be listed. */
  readonly mayBeAbsent?: () => boolean;
}

/** What is known of a cache. */
export type CacheState =
  /** Nothing yet, or it may be the past: passes that read it wait. */
  | "loading"
  | "filled"
  /** The cluster does not know the kind. The cache is empty. */
  | "missing"
  /** We may not list it. The cache is empty, whatever there is in the cluster. */
  | "forbidden";

/** What keeps a cache from following the cluster, and since when. */
export interface CacheTrouble {
  readonly error: unknown;
  readonly sinceMs: number;
}

export type ReflectorState = "idle" | "listing" | "watching" | "waiting";

/** After answers that say no: asking more often changes nothing. */
const REFUSED: BackoffLimits = { firstMs: 250, maxMs: 30_000 };
/** While nobody answers: a try costs nobody anything, and the server's return shows within 2 s. */
const UNANSWERED: BackoffLimits = { firstMs: 250, maxMs: 1_500 };
/** While the server asks for patience: it will be well soon, and what we know gets old. */
const BUSY: BackoffLimits = { firstMs: 250, maxMs: 5_000 };
/** A watch that ended sooner, and told nothing, is no success: at once anew would be a loop. */
const SHORT_WATCH_MS = 1_000;

export class Reflector {
  readonly #unseen = new UnseenTimes();
  readonly #options: ReflectorOptions;
  #state: ReflectorState = "idle";
  #cacheState: CacheState = "loading";
  /** As it was before it was loaded again: what is so once more is no news. */
  #knownState: CacheState = "loading";
  #resourceVersion = "";
  #loads = 0;
  /** In a row, of one sort: until a watch has told something or has held for a while. */
  #failures = 0;
  #isUnanswered = false;
  #watchStartedAtMs = 0;
  #trouble: CacheTrouble | undefined;
  /** True after a 410, until then. */
  #isHistoryGone = false;
  #watch: WatchHandle | undefined;
  #retry: Cancel | undefined;
  #isStarted = false;
  #isStopped = false;
  /** Raised by a refresh: answers to what was asked before it are not heard any more. */
  #round = 0;
  readonly #onSync: (() => void)[] = [];
  readonly #onProgress: (() => void)[] = [];
  readonly #onState: (() => void)[] = [];
  readonly #onSeenAgain: (() => void)[] = [];

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  get store(): Store {
    return this.#options.store;
  }

  get selection(): Selection {
    return this.#options.selection;
  }

  get state(): ReflectorState {
    return this.#state;
  }

  get cacheState(): CacheState {
    return this.#cacheState;
  }

  /** Undefined while lists and watches go well, and before the first. */
  get trouble(): CacheTrouble | undefined {
    const isWatching = this.#state === "watching" &&
      this.#options.clock.monotonic() - this.#watchStartedAtMs >= SHORT_WATCH_MS;
    return isWatching ? undefined : this.#trouble;
  }

  /** True from the first complete list on; not while everything is listed again. */
  get hasSynced(): boolean {
    return this.#cacheState === "filled";
  }

  /** True while the cluster says that there is nothing to cache, or not for us. */
  get isUnavailable(): boolean {
    return this.#cacheState === "missing" || this.#cacheState === "forbidden";
  }

  /** Up to here the cluster has told us everything. */
  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  /** When the cluster could not be followed: from one that failed to one that did not. */
  get unseen(): readonly UnseenTime[] {
    return this.#unseen.all;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** How many lists and watches were started: each may begin with answers from the past. */
  get loads(): number {
    return this.#loads;
  }

  /** Lists in flight: 0 or 1. */
  get running(): number {
    return this.#state === "listing" ? 1 : 0;
  }

  onSync(listener: () => void): void {
    this.#onSync.push(listener);
  }

  /** Called whenever `resourceVersion` advanced. */
  onProgress(listener: () => void): void {
    this.#onProgress.push(listener);
  }

  /** Called whenever `cacheState` changed. */
  onState(listener: () => void): void {
    this.#onState.push(listener);
  }

  /** Called when the cluster is followed again after a time long enough to count. */
  onSeenAgain(listener: () => void): void {
    this.#onSeenAgain.push(listener);
  }

  /** Does nothing when it has been started, or stopped, before. */
  start(): void {
    if (this.#isStarted || this.#isStopped) return;
    this.#isStarted = true;
    void this.#list();
  }

  /** Lists again, since what is known may be the past: until then it counts as not filled. */
  refresh(): void {
    if (!this.#isStarted || this.#isStopped) return;
    this.#round++;
    this.#enter("loading");
    this.#watch?.stop();
    this.#retry?.();
    void this.#list();
  }

  stop(): void {
    this.#isStopped = true;
    this.#watch?.stop();
    this.#retry?.();
    this.#state = "idle";
  }

  async #list(): Promise<void> {
    const { cluster, store, selection } = this.#options;
    this.#state = "listing";
    this.#loads++;
    const round = this.#round;
    try {
      const list = await cluster.list(store.type, selection);
      if (this.#isStopped || round !== this.#round) return;
      this.#resourceVersion = list.resourceVersion;
      store.applyList(list);
    } catch (error) {
      if (round === this.#round) this.#onListFailed(error);
      return;
    }
    this.#trouble = undefined;
    this.#seesAgain();
    const isFirst = !this.hasSynced;
    this.#enter("filled");
    this.#startWatch();
    this.#notify(isFirst ? [...this.#onSync, ...this.#onProgress] : this.#onProgress);
  }

  #onListFailed(error: unknown): void {
    if (this.#isStopped) return;
    const absence = this.#absenceOf(error);
    if (absence !== undefined) {
      this.#enter(absence, error);
      this.#options.store.empty();
    }
    this.#retryLater("list", error, () => void this.#list());
  }

  /** What an answer says about the cache; undefined: nothing, it may be filled soon. */
  #absenceOf(error: unknown): "missing" | "forbidden" | undefined {
    if (this.#options.mayBeAbsent?.() !== true) return undefined;
    return isNotFound(error) ? "missing" : isForbidden(error) ? "forbidden" : undefined;
  }

  #enter(state: CacheState, error?: unknown): void {
    if (state === this.#cacheState) return;
    this.#cacheState = state;
    if (state !== "loading" && state !== this.#knownState) {
      this.#tell(state, error);
      this.#knownState = state;
    }
    this.#notify(this.#onState);
  }

  #tell(state: CacheState, error: unknown): void {
    const { log, store } = this.#options;
    const resource = store.type.plural;
    if (state === "filled") {
      if (this.#knownState !== "loading") log.info("a resource can be listed now", { resource });
      return;
    }
    const why = state === "missing" ? "its kind is not installed" : "permission is missing";
    log.warn(`cannot list a resource: ${why}; going on without it until that changes`, {
      resource,
      cause: errorText(error),
    });
  }

  #startWatch(): void {
    const { cluster, clock, store, selection } = this.#options;
    this.#state = "watching";
    this.#loads++;
    this.#watchStartedAtMs = clock.monotonic();
    let hasTold = false;
    const round = this.#round;
    this.#watch = cluster.watch(
      store.type,
      { ...selection, resourceVersion: this.#resourceVersion },
      {
        opened: () => {
          if (round === this.#round && !this.#isStopped) this.#seesAgain();
        },
        event: (event) => {
          hasTold = true;
          if (round === this.#round) this.#onEvent(event);
        },
        end: (error) => {
          if (round === this.#round) this.#onEnd(error, hasTold);
        },
      },
    );
  }

  #onEvent(event: WatchEvent): void {
    if (this.#isStopped) return;
    const seen = event.object.metadata.resourceVersion;
    if (seen !== undefined && compareResourceVersions(seen, this.#resourceVersion) > 0) {
      this.#resourceVersion = seen;
    }
    this.#trouble = undefined;
    this.#seesAgain();
    this.#options.store.applyEvent(event);
    this.#notify(this.#onProgress);
  }

  #onEnd(error: Error | undefined, hasTold: boolean): void {
    if (this.#isStopped) return;
    const { clock, log, store } = this.#options;
    const hasHeld = hasTold || clock.monotonic() - this.#watchStartedAtMs >= SHORT_WATCH_MS;
    if (hasHeld) {
      this.#failures = 0;
      this.#isHistoryGone = false;
    }
    if (isGone(error)) {
      const isFirst = !this.#isHistoryGone;
      this.#isHistoryGone = true;
      if (!isFirst) return this.#retryLater("watch", error, () => void this.#list());
      log.info("watch history is gone, listing again", { resource: store.type.plural });
      void this.#list();
    } else if (this.#absenceOf(error) !== undefined) {
      this.#retryLater("watch", error, () => void this.#list());
    } else if (error !== undefined) {
      this.#retryLater("watch", error, () => this.#startWatch());
    } else if (hasHeld) {
      this.#resume();
    } else {
      const cause = `the watch ended within ${SHORT_WATCH_MS} ms without an event`;
      this.#retryLater("watch", cause, () => this.#startWatch());
    }
  }

  /** Goes on after an end in good order. A server that stops ends all watches at once. */
  #resume(): void {
    const delayMs = spreadMs(0, this.#options.random);
    if (delayMs === 0) return this.#startWatch();
    this.#trouble = undefined;
    this.#state = "waiting";
    this.#retry = this.#options.clock.after(delayMs, () => this.#startWatch());
  }

  #seesAgain(): void {
    if (this.#unseen.end(this.#options.clock.now())) this.#notify(this.#onSeenAgain);
  }

  #retryLater(what: string, error: unknown, again: () => void): void {
    if (this.#isStopped) return;
    this.#trouble = { error, sinceMs: this.trouble?.sinceMs ?? this.#options.clock.now() };
    this.#unseen.begin(this.#options.clock.now());
    this.#state = "waiting";
    const isUnanswered = error instanceof UnreachableError;
    // A server that says no has come back: what was before does not count, nor the other way round.
    this.#failures = isUnanswered === this.#isUnanswered ? this.#failures + 1 : 1;
    this.#isUnanswered = isUnanswered;
    const delayMs = spreadMs(this.#delayAfter(error), this.#options.random);
    this.#options.log[this.#levelOf(error)](`cannot ${what}, trying again`, {
      resource: this.#options.store.type.plural,
      delayMs,
      cause: errorText(error),
    });
    const { clock, retryClock = clock } = this.#options;
    this.#retry = (this.isUnavailable ? retryClock : clock).after(delayMs, again);
  }

  /** How long we wait at least: as long as the server asks, and longer each time. */
  #delayAfter(error: unknown): number {
    if (error instanceof UnreachableError) return backoffMs(this.#failures, UNANSWERED);
    if (!(error instanceof ApiError && isBusy(error))) return backoffMs(this.#failures, REFUSED);
    const askedMs = (error.retryAfterSeconds ?? 0) * 1000;
    return Math.max(askedMs, backoffMs(this.#failures, BUSY));
  }

  /** How loud a failure is told. */
  #levelOf(error: unknown): "debug" | "warn" {
    // The change was told; of a watch, the list that follows tells what is the case.
    if (this.isUnavailable) return "debug";
    if (this.#failures === 1 && this.#absenceOf(error) !== undefined) return "debug";
    // At the last pause it goes on like this for as long as nobody answers: said four times.
    return this.#isUnanswered && this.#failures > 4 ? "debug" : "warn";
  }

  #notify(listeners: readonly (() => void)[]): void {
    for (const listener of listeners) listener();
  }
}
