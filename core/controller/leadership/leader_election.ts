/**
 * Keeps a Lease, or waits for it. What it says of leading is true by the clock at each moment: a
 * process that stood still past its deadline is no leader when it wakes, whatever it was doing.
 */
import { LEASES } from "../../api/names/resources.ts";
import { timeMs } from "../../api/values/time.ts";
import type { Leadership } from "../../engine/mod.ts";
import { isAlreadyExists, isConflict, isForbidden, isNotFound } from "../../ports/api_error.ts";
import type { Cancel, Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import {
  type Candidate,
  claimed,
  claimOf,
  delayMs,
  type Instant,
  type Knowledge,
  leadsForMs,
  NOTHING_KNOWN,
  releaseOf,
  resigned,
  seen,
} from "./election.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

export interface LeaderElectionPorts {
  /** Best over a connection of its own, so that no crowd of requests delays a renewal. */
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
}

export class LeaderElection implements Leadership {
  readonly candidate: Candidate;
  readonly #ports: LeaderElectionPorts;
  readonly #listeners: (() => void)[] = [];
  #known: Knowledge = NOTHING_KNOWN;
  /** How many terms have begun. */
  #terms = 0;
  #isLeading = false;
  /** The last renewal before this term, whoever made it. */
  #ledUntilMs: number | undefined;
  #trouble: string | undefined;
  #isStopped = false;
  /** Until its next round. */
  #cancelRound: Cancel | undefined;
  /** Until the end of the term, if it is not renewed. */
  #cancelEnd: Cancel | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(candidate: Candidate, ports: LeaderElectionPorts) {
    this.candidate = candidate;
    this.#ports = ports;
  }

  /** Who leads, as far as is known: `web-1_0e9f…`; undefined: nobody. */
  get holder(): string | undefined {
    return this.#known.sighting?.record.holder;
  }

  /** Why the Lease can be neither taken nor renewed now, in one sentence. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  term(): number | undefined {
    if (this.#isLeading && this.#leadsForMs() === 0) this.#end("it was not renewed in time");
    return this.#isLeading ? this.#terms : undefined;
  }

  ledUntilMs(): number | undefined {
    return this.#ledUntilMs;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when it has tried for the first time. */
  start(): Promise<void> {
    return this.#round = this.#carryOutRound();
  }

  /** Leads no more, and renews no more; the Lease is left as it is. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRound?.();
    await this.#round;
    this.#end("the process is stopping");
  }

  /**
   * Stops, and lets others take the Lease at once. To be called when nothing is being written any
   * more.
   */
  async release(): Promise<void> {
    await this.stop();
    const { clock, cluster, log } = this.#ports;
    const released = releaseOf(this.#known, this.candidate, clock.now());
    if (released === undefined) return;
    try {
      await cluster.update(LEASES, released);
      log.info("leadership is released", this.#fields());
    } catch (error) {
      // Somebody else has it already.
      if (isConflict(error) || isNotFound(error)) return;
      const cause = errorText(error);
      log.warn("cannot release leadership; others wait until it ends", { cause });
    }
  }

  #plan(inMs: number): void {
    if (this.#isStopped) return;
    this.#cancelRound = this.#ports.clock.after(inMs, () => {
      this.#round = this.#carryOutRound();
    });
  }

  /** Looks, claims what can be claimed, and plans the next time. */
  async #carryOutRound(): Promise<void> {
    const holder = this.holder;
    try {
      await this.#tryToLead();
      this.#trouble = undefined;
    } catch (error) {
      this.#tellTrouble(error);
    }
    const isLeading = this.term() !== undefined;
    if (!isLeading && this.holder !== holder) this.#tellHolder();
    const hasFailed = this.#trouble !== undefined;
    const standing = !isLeading ? "stands by" : hasFailed ? "renewal failed" : "leads";
    this.#plan(delayMs(standing, this.candidate, this.#ports.random.next()));
  }

  async #tryToLead(): Promise<void> {
    // A leader writes without reading: the version says whether anybody else has written.
    if (this.term() === undefined) await this.#look();
    if (await this.#claim()) return;
    await this.#look();
    await this.#claim();
  }

  async #look(): Promise<void> {
    const { cluster, clock } = this.#ports;
    let lease: KubeObject | undefined;
    try {
      lease = await cluster.get(LEASES, this.candidate.lease);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const monotonicMs = clock.monotonic();
    this.#known = seen(this.#known, lease, { candidate: this.candidate, monotonicMs });
    if (this.#isLeading && this.#known.renewedAt === undefined) {
      this.#end("the Lease was taken away");
    }
  }

  /** False when somebody else was quicker: then it has to be read again. */
  async #claim(): Promise<boolean> {
    const { cluster, clock } = this.#ports;
    const sentAt: Instant = { monotonicMs: clock.monotonic(), nowMs: clock.now() };
    const claim = claimOf(this.#known, this.candidate, sentAt);
    if (claim === undefined) return true;
    const isNew = this.#known.sighting === undefined;
    const renewedBefore = this.#known.sighting?.record.renewTime;
    try {
      const lease = await (isNew ? cluster.create(LEASES, claim) : cluster.update(LEASES, claim));
      // A term that has ended is not carried on: what was decided in it may be outdated.
      if (this.term() === undefined) this.#ledUntilMs = timeMs(renewedBefore);
      this.#known = claimed(lease, sentAt);
    } catch (error) {
      const isGone = !isNew && isNotFound(error);
      if (isConflict(error) || isAlreadyExists(error) || isGone) return false;
      throw error;
    }
    this.#begin();
    return true;
  }

  /** After a claim that came true. */
  #begin(): void {
    const { clock, log } = this.#ports;
    const leftMs = this.#leadsForMs();
    // The answer came too late: the next round claims again.
    if (leftMs === 0 || this.#isStopped) return;
    this.#cancelEnd?.();
    this.#cancelEnd = clock.after(leftMs, () => void this.term());
    if (this.#isLeading) return;
    this.#isLeading = true;
    this.#terms++;
    log.info("this controller leads now", this.#fields());
    for (const listener of this.#listeners) listener();
  }

  #leadsForMs(): number {
    const { clock } = this.#ports;
    const instant = { monotonicMs: clock.monotonic(), nowMs: clock.now() };
    return leadsForMs(this.#known, this.candidate, instant);
  }

  #end(why: string): void {
    this.#cancelEnd?.();
    this.#known = resigned(this.#known);
    if (!this.#isLeading) return;
    this.#isLeading = false;
    if (!this.#isStopped) {
      const text = `this controller leads no more: ${why}; it stands by`;
      this.#ports.log.warn(text, this.#fields());
    }
    for (const listener of this.#listeners) listener();
  }

  #tellHolder(): void {
    const { holder } = this;
    if (holder === undefined || holder === this.candidate.identity) return;
    this.#ports.log.info("another controller leads; standing by", { ...this.#fields(), holder });
  }

  #tellTrouble(error: unknown): void {
    const cause = errorText(error);
    const isNews = this.#trouble === undefined;
    this.#trouble = `Cannot ${this.#isLeading ? "renew" : "get"} leadership: ${cause}` +
      remedyOf(error);
    this.#ports.log[isNews ? "warn" : "debug"](this.#trouble, this.#fields());
  }

  #fields(): { readonly lease: string; readonly identity: string } {
    const { lease: { namespace, name }, identity } = this.candidate;
    return { lease: `${namespace}/${name}`, identity };
  }
}

/** What to do about it. */
function remedyOf(error: unknown): string {
  if (isForbidden(error)) {
    return '; allow the controller "get", "create" and "update" of leases in its namespace';
  }
  if (isNotFound(error)) {
    return "; create that namespace, set POD_NAMESPACE, or run one controller alone with " +
      "--leader-elect=false";
  }
  return "";
}
