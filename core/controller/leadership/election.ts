/**
 * The rules by which controllers agree on one leader, as the client library of Kubernetes has them.
 * Pure: what is known of the Lease and the time go in, what to write comes out.
 *
 * The clocks of two machines are never compared. A Lease is as old as the time for which this
 * process has seen it unchanged, on its own monotonic clock.
 */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ObjectRef } from "../../../sdk/wire/write.ts";
import { type LeaseRecord, leaseWith, microTime, recordOf } from "./lease.ts";

export interface ElectionTimes {
  /** So long after its last renewal others leave a Lease alone. */
  readonly leaseDurationMs: number;
  /** A leader that could not renew for so long acts no more. */
  readonly renewDeadlineMs: number;
  /** How often a leader renews. */
  readonly retryPeriodMs: number;
}

export const DEFAULT_TIMES: ElectionTimes = Object.freeze({
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2_000,
});

/** A renewal may wait that much longer than its period, as in other implementations. */
const JITTER = 1.2;

/** What is wrong with these times, for users; undefined: nothing. */
export function timesProblem(times: ElectionTimes): string | undefined {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = times;
  if (leaseDurationMs <= renewDeadlineMs) {
    return "--leader-election-lease-duration must be longer than --leader-election-renew-deadline";
  }
  if (renewDeadlineMs <= retryPeriodMs * JITTER) {
    return "--leader-election-renew-deadline must be longer than " +
      `${JITTER} × --leader-election-retry-period`;
  }
  return retryPeriodMs > 0 ? undefined : "--leader-election-retry-period must be longer than 0";
}

/** Who would lead, by which Lease. */
export interface Candidate {
  readonly lease: ObjectRef;
  /** Unlike that of any other process. */
  readonly identity: string;
  readonly times: ElectionTimes;
}

/** The Lease as it was last read, and since when it says that. */
interface Sighting {
  readonly lease: KubeObject;
  readonly record: LeaseRecord;
  readonly sinceMs: number;
}

/** What a candidate knows. */
export interface Knowledge {
  /** Undefined: there is none, or it was not read yet. */
  readonly sighting?: Sighting;
  /** Of a leader: when the last renewal that came true was sent. */
  readonly renewedAt?: Instant;
}

/** A moment on both clocks of this machine. */
export interface Instant {
  readonly monotonicMs: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

export const NOTHING_KNOWN: Knowledge = Object.freeze({});

/**
 * How long a leader may act yet; 0: no longer, or it is none. Others start to count later: when
 * they see its renewal. Of both clocks the one that went further counts: the monotonic one stands
 * still while the machine sleeps, and the other may be set back.
 */
export function leadsForMs(
  { renewedAt }: Knowledge,
  { times }: Candidate,
  { monotonicMs, nowMs }: Instant,
): number {
  if (renewedAt === undefined) return 0;
  const ageMs = Math.max(monotonicMs - renewedAt.monotonicMs, nowMs - renewedAt.nowMs);
  return Math.max(0, times.renewDeadlineMs - ageMs);
}

/** The Lease was read; undefined: there is none. */
export function seen(
  known: Knowledge,
  lease: KubeObject | undefined,
  { candidate, monotonicMs }: { readonly candidate: Candidate; readonly monotonicMs: number },
): Knowledge {
  if (lease === undefined) return NOTHING_KNOWN;
  const record = recordOf(lease);
  const isSame = known.sighting !== undefined &&
    JSON.stringify(known.sighting.record) === JSON.stringify(record);
  const sinceMs = isSame ? known.sighting.sinceMs : monotonicMs;
  const sighting = { lease, record, sinceMs };
  const isOurs = record.holder === candidate.identity;
  return isOurs ? { ...known, sighting } : { sighting };
}

/** Our claim came true. */
export function claimed(lease: KubeObject, sentAt: Instant): Knowledge {
  return {
    sighting: { lease, record: recordOf(lease), sinceMs: sentAt.monotonicMs },
    renewedAt: sentAt,
  };
}

/** A leader that acts no more. */
export function resigned({ sighting }: Knowledge): Knowledge {
  return sighting === undefined ? NOTHING_KNOWN : { sighting };
}

/** The Lease to write in order to lead, or to go on; undefined: somebody else leads. */
export function claimOf(
  { sighting }: Knowledge,
  candidate: Candidate,
  { monotonicMs, nowMs }: Instant,
): KubeObject | undefined {
  const { identity, lease: ref, times } = candidate;
  const record = sighting?.record;
  const holder = record?.holder;
  if (sighting !== undefined && holder !== undefined && holder !== identity) {
    const durationMs = record?.durationMs ?? times.leaseDurationMs;
    if (monotonicMs < sighting.sinceMs + durationMs) return undefined;
  }
  const time = microTime(nowMs);
  const isOurs = holder === identity;
  const claim: LeaseRecord = {
    holder: identity,
    durationMs: times.leaseDurationMs,
    acquireTime: isOurs ? record?.acquireTime ?? time : time,
    renewTime: time,
    transitions: (record?.transitions ?? 0) + (record === undefined || isOurs ? 0 : 1),
  };
  return leaseWith(claim, { ref, present: sighting?.lease });
}

/** The Lease that others may take at once; undefined: it is not ours to give. */
export function releaseOf(
  { sighting }: Knowledge,
  { identity, lease: ref }: Candidate,
  nowMs: number,
): KubeObject | undefined {
  if (sighting?.record.holder !== identity) return undefined;
  const time = microTime(nowMs);
  const { transitions } = sighting.record;
  const record = {
    holder: undefined,
    durationMs: 1_000,
    acquireTime: time,
    renewTime: time,
    transitions,
  };
  return leaseWith(record, { ref, present: sighting.lease });
}

/** What came of the last look at the Lease. */
export type Standing = "leads" | "renewal failed" | "stands by";

/** How long to wait before the Lease is looked at again. */
export function delayMs(standing: Standing, { times }: Candidate, chance: number): number {
  const { retryPeriodMs } = times;
  if (standing === "leads") return retryPeriodMs;
  // A connection that is dead takes its time to be found so: then another try must not come late.
  if (standing === "renewal failed") return retryPeriodMs / 4;
  // Who stands by only reads: often enough to be at work within a period of a release. Not in step
  // with others who stand by, who would all find the Lease free at once.
  return retryPeriodMs * (0.35 + chance * 0.15);
}
