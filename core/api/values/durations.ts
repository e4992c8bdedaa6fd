/** Durations as Go writes them, and the pause duration of a step. */
import type { IntOrString } from "../../../sdk/api/rollout.ts";
import { goNanoseconds } from "../../../sdk/wire/go_duration.ts";

export { goDurationProblem, parseGoDuration } from "../../../sdk/wire/go_duration.ts";

const LARGEST_INT32 = 0x7fffffff;
const SMALLEST_INT32 = -0x80000000;
const INVALID = -1;

/**
 * Seconds of a pause: undefined when it has no duration (it waits until promoted), negative when
 * the duration means nothing (mostly -1). A string of digits counts seconds, any other string is a
 * Go duration cut to whole seconds.
 */
export function pauseSeconds(duration: IntOrString | null | undefined): number | undefined {
  if (duration === undefined || duration === null) return undefined;
  if (typeof duration === "number") return duration;
  if (/^[+-]?[0-9]+$/.test(duration)) {
    const seconds = Number(duration);
    return isInt32(seconds) ? seconds : INVALID;
  }
  const nanoseconds = goNanoseconds(duration);
  if (nanoseconds === undefined) return INVALID;
  const seconds = Number(nanoseconds / 1_000_000_000n);
  // Go's conversion of a number that does not fit gives the smallest one.
  return isInt32(seconds) ? seconds : SMALLEST_INT32;
}

function isInt32(value: number): boolean {
  return value >= SMALLEST_INT32 && value <= LARGEST_INT32;
}

/** Whole seconds as Go prints a duration: `45s`, `1m30s`, `1h0m0s`. */
export function goDurationText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const parts = [
    ...(hours > 0 ? [`${hours}h`] : []),
    ...(seconds >= 60 ? [`${minutes}m`] : []),
    `${seconds % 60}s`,
  ];
  return parts.join("");
}
