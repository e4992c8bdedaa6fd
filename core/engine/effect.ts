/**
 * What a pass decides, as data: effects (carried out in order by `apply.ts`), the status, events,
 * the next wake-up and the sentence that says why.
 */
import type { EventDraft, Write as WireWrite } from "../../sdk/wire/write.ts";

/** A change of an object, as an effect of a pass. */
export type Write = WireWrite & { readonly kind: "write" };

/** A change that was made as data, as an effect. */
export function writeEffect(write: WireWrite): Write {
  return { kind: "write", ...write };
}

/** Traffic is to go as intended: the router's planner turns this into writes. */
export interface RouteEffect {
  readonly kind: "route";
  /** The name under which its planner is registered. */
  readonly router: string;
  readonly intent: unknown;
  /** What the router saw, as an answer told it. */
  readonly seen: unknown;
  /**
   * What it rests on that nobody writes, such as available pods: writes that go to and fro with it
   * follow the world, and fight with nobody.
   */
  readonly outside?: string;
  /** Recorded once all its writes came true, or none was needed. */
  readonly events?: readonly EventDraft[];
}

/** Everything that a pass can cause, by kind. */
export type Effect = Write | RouteEffect;

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
  /** Of a route: the write that was refused; absent when it did not come to one. */
  readonly write?: WireWrite;
  readonly error: Error;
  /** True for a race, or a server that is busy or away: nothing that people should hear of. */
  readonly isPassing?: boolean;
}
