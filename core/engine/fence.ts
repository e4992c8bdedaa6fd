/** Keeps a process from writing what was decided on what may not be so any more. */
import type { Leadership } from "./leadership.ts";

/** What was to be written was decided on what may not be so any more. */
export class OutdatedError extends Error {
  override readonly name = "OutdatedError";
}

/** Belongs to one pass, or to one write. */
export interface Fence {
  /** To be called right before each write. @throws {OutdatedError} when it must not be made */
  check(): void;
}

/** For what is decided in the present term. */
export function fenceOfTerm(leadership: Leadership): Fence {
  const term = leadership.term();
  return {
    check() {
      if (term !== undefined && leadership.term() === term) return;
      throw new OutdatedError(
        "Cannot write what was decided as a leader: another controller may lead now",
      );
    },
  };
}

/** For a pass that takes its snapshot now; undefined: nothing can keep it from writing. */
export function fenceOf(
  { freezeGuard, leadership }: {
    /** Notices that the process stood still. */
    readonly freezeGuard: { fence(): Fence } | undefined;
    readonly leadership: Leadership | undefined;
  },
): Fence | undefined {
  const ofFreeze = freezeGuard?.fence();
  if (leadership === undefined) return ofFreeze;
  const ofTerm = fenceOfTerm(leadership);
  return {
    check() {
      ofFreeze?.check();
      ofTerm.check();
    },
  };
}
