/** Durations as Kubernetes' own tools print them: `23s`, `2m1s`, `10m`, `3d23h`. */

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const YEAR_SECONDS = 365 * DAY_SECONDS;

/**
 * A duration in the two most telling units: the longer it is, the coarser.
 * A clock that lags by up to a second reads `0s`; beyond that the duration is `<invalid>`.
 */
export function humanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (Number.isNaN(seconds) || seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 2 * MINUTE_SECONDS) return `${seconds}s`;
  if (seconds < 10 * MINUTE_SECONDS) return units(seconds, [MINUTE_SECONDS, "m"], [1, "s"]);
  if (seconds < 3 * HOUR_SECONDS) return units(seconds, [MINUTE_SECONDS, "m"]);
  if (seconds < 8 * HOUR_SECONDS) {
    return units(seconds, [HOUR_SECONDS, "h"], [MINUTE_SECONDS, "m"]);
  }
  if (seconds < 2 * DAY_SECONDS) return units(seconds, [HOUR_SECONDS, "h"]);
  if (seconds < 8 * DAY_SECONDS) return units(seconds, [DAY_SECONDS, "d"], [HOUR_SECONDS, "h"]);
  if (seconds < 2 * YEAR_SECONDS) return units(seconds, [DAY_SECONDS, "d"]);
  if (seconds < 8 * YEAR_SECONDS) return units(seconds, [YEAR_SECONDS, "y"], [DAY_SECONDS, "d"]);
  return units(seconds, [YEAR_SECONDS, "y"]);
}

/** Age of something made at an RFC 3339 time; `<unknown>` where that time is absent or no time. */
export function ageAt(nowMs: number, time: string | undefined): string {
  const atMs = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(atMs) ? "<unknown>" : humanDuration(nowMs - atMs);
}

type Unit = [seconds: number, letter: string];

function units(seconds: number, large: Unit, small?: Unit): string {
  const whole = `${Math.floor(seconds / large[0])}${large[1]}`;
  if (small === undefined) return whole;
  const rest = Math.floor((seconds % large[0]) / small[0]);
  return rest === 0 ? whole : `${whole}${rest}${small[1]}`;
}
