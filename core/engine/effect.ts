/**
 * What a pass decides, as data: effects (carried out in order by `apply.ts`), the status, events,
 * the next wake-up and the sentence that says why.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../api/names/resources.ts";
import type { ObjectRef, Patch } from "../ports/cluster.ts";

/** An event to be recorded on the object that the pass is about. */
export interface EventDraft {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

interface WriteBase {
  readonly kind: "write";
  readonly type: ResourceType;
  readonly ref: ObjectRef;
  /** Recorded once the write came true. */
  readonly events?: readonly EventDraft[];
}

export interface CreateWrite extends WriteBase {
  readonly verb: "create";
  readonly object: KubeObject;
}

/**
 * A patch. One that holds a size, a selector or a list carries, in its body, the resourceVersion
 * that it was decided on (or a JSON-patch `test`).
 */
export interface PatchWrite extends WriteBase {
  readonly verb: "patch";
  readonly patch: Patch;
}

export interface DeleteWrite extends WriteBase {
  readonly verb: "delete";
  readonly uid: string;
  readonly resourceVersion: string;
}

/**
 * Asks a pod to go. A disruption budget may forbid it, and it may be gone already: neither is a
 * failure, nor did it come true.
 */
export interface EvictWrite extends WriteBase {
  readonly verb: "evict";
  readonly uid: string;
}

export type Write = CreateWrite | PatchWrite | DeleteWrite | EvictWrite;

/** Everything that a pass can cause; traffic routes, measurements, … join with their rooms. */
export type Effect = Write;

/** The outcome of deciding. */
export interface Decision {
  readonly effects: readonly Effect[];
  /** The whole wanted status; absent: leave it alone. */
  readonly status?: Readonly<Record<string, unknown>>;
  /** Recorded after the status was written, or found written already. */
  readonly events: readonly EventDraft[];
  /** Look again at this time (milliseconds since 1970) though nothing changed. */
  readonly wakeAtMs?: number;
  /** True when nothing is waited for but another try: without the world's help it may go on so. */
  readonly isRetry?: boolean;
  /** One sentence for people: what is being done or waited for, and because of what. */
  readonly why: string;
}

/** An effect that the cluster refused. */
export interface Failure {
  readonly effect: Effect;
  readonly error: Error;
}
