/** The times at which an axis has its ticks. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Distances between ticks that people can count in. */
const DISTANCES: readonly number[] = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30].map((days) => days * DAY),
];

export interface Tick {
  readonly seconds: number;
  readonly text: string;
}

/** Ticks from 0 to the end, at most so many. */
export function timeTicks(endSeconds: number, most: number): Tick[] {
  const longest = DISTANCES.at(-1) ?? DAY;
  const distance = DISTANCES.find((each) => endSeconds / each <= most) ??
    longest * Math.ceil(endSeconds / longest / most);
  const count = Math.floor(endSeconds / distance + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => {
    const seconds = Math.round(index * distance * 10) / 10;
    return { seconds, text: tickText(seconds) };
  });
}

/** `0`, `30s`, `1m30s`, `2h`, `1d12h`: units that are zero are left out. */
function tickText(seconds: number): string {
  if (seconds === 0) return "0";
  const parts: [number, string][] = [
    [Math.floor(seconds / DAY), "d"],
    [Math.floor((seconds % DAY) / HOUR), "h"],
    [Math.floor((seconds % HOUR) / MINUTE), "m"],
    [Math.round((seconds % MINUTE) * 10) / 10, "s"],
  ];
  return parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`).join("");
}

/** Whole numbers from 0 to the greatest, at most so many, and the last of them not below it. */
export function countTicks(greatest: number, most: number): number[] {
  const steps = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000];
  const distance = steps.find((step) => Math.ceil(greatest / step) <= most) ?? greatest;
  const count = Math.max(1, Math.ceil(greatest / distance));
  return Array.from({ length: count + 1 }, (_, index) => index * distance);
}
