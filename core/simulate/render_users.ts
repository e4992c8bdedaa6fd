/** What users got, in a few lines. */
import type { RolloutUsers, ServiceUsers, Users } from "./users.ts";
import { timeText } from "./time_text.ts";

/** More of a kind are counted, not named. */
const NAMED_MAX = 5;

/** True when users of some Rollout or Service had too little, or pods were left behind. */
export function hasGaps({ rollouts, services, podsLeft }: Users): boolean {
  return rollouts.some(({ longestBelow }) => longestBelow !== null) || podsLeft.length > 0 ||
    services.some(({ longestEmpty, isPreview }) => longestEmpty !== null && !isPreview);
}

/** A line about pods, one about Services, and what is left behind or gone. */
export function usersText({ rollouts, services, podsLeft, podsGone }: Users): string[] {
  return [
    ...podLines(rollouts),
    ...serviceLines(services),
    ...listLines(podsLeft, ({ pod, reason }) => `Left behind: pod ${pod}: ${reason}.`),
    ...listLines(
      podsGone,
      ({ pod, atSeconds }) =>
        `Gone for good at ${timeText(atSeconds)}: pod ${pod}, which nobody owned.`,
    ),
  ];
}

function podLines(rollouts: readonly RolloutUsers[]): string[] {
  const [worst] = rollouts.toSorted((one, other) => missingIn(other) - missingIn(one));
  const below = rollouts.filter(({ fewestAvailable, longestBelow }) =>
    fewestAvailable === null || longestBelow !== null
  );
  if (worst === undefined) return [];
  if (rollouts.length > 1 && below.length === 0) {
    const all = `all ${rollouts.length} Rollouts`;
    if (missingIn(worst) === 0) return [`Pods of ${all}: always all available.`];
    const fewest = `the fewest had ${worst.rollout}: ${fewestText(worst)}`;
    return [`Pods: ${all} kept as many available as they need; ${fewest}.`];
  }
  const shown = below.length > 0 ? below : [worst];
  return listLines(
    shown,
    (each) => `Pods of ${each.rollout}: ${fewestText(each)}${belowText(each)}.`,
  );
}

function missingIn({ fewestAvailable }: RolloutUsers): number {
  return fewestAvailable === null ? Infinity : fewestAvailable.of - fewestAvailable.pods;
}

/** `at least 3 of 4 available (fewest at 61.2s)` */
function fewestText({ fewestAvailable }: RolloutUsers): string {
  if (fewestAvailable === null) return "never all available";
  const { pods, of, atSeconds } = fewestAvailable;
  if (of === 0) return "none are asked for";
  if (pods === of) return "always all available";
  return `at least ${pods} of ${of} available (fewest at ${timeText(atSeconds)})`;
}

function belowText({ longestBelow }: RolloutUsers): string {
  if (longestBelow === null) return "";
  const { required, seconds, fromSeconds } = longestBelow;
  return `; fewer than the required ${required} for ${timeText(seconds)} from ` +
    timeText(fromSeconds);
}

function serviceLines(services: readonly ServiceUsers[]): string[] {
  const empty = services.filter(({ longestEmpty }) => longestEmpty !== null);
  const deleted = services.filter(({ deletedAtSeconds }) => deletedAtSeconds !== null);
  const deletions = listLines(
    deleted,
    ({ service, deletedAtSeconds }) =>
      `Service ${service} was deleted at ${timeText(deletedAtSeconds ?? 0)}.`,
  );
  if (empty.length > 0) return [...listLines(empty, emptyText), ...deletions];
  const names = services.filter((one) => !deleted.includes(one)).map(({ service }) => service);
  return [...filledLines(names), ...deletions];
}

function filledLines(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    names.length > NAMED_MAX
      ? `Services: all ${names.length} had a ready pod all the time.`
      : `Services: ${names.join(", ")} had a ready pod all the time.`,
  ];
}

function emptyText(
  { service, emptySeconds, longestEmpty, isEmptyAtEnd, isPreview }: ServiceUsers,
): string {
  const name = `Service ${service}${isPreview ? " (preview)" : ""}`;
  if (emptySeconds === 0) return `${name} had no ready pod at the end.`;
  const from = longestEmpty === null ? "" : ` from ${timeText(longestEmpty.fromSeconds)}`;
  const time = emptySeconds === longestEmpty?.seconds
    ? `for ${timeText(emptySeconds)}${from}`
    : `for ${timeText(emptySeconds)} in all, the longest ` +
      `${timeText(longestEmpty?.seconds ?? 0)}${from}`;
  return `${name} had no ready pod ${time}` +
    `${isEmptyAtEnd ? ", to the end" : ""}.`;
}

function listLines<Item>(items: readonly Item[], textOf: (item: Item) => string): string[] {
  const lines = items.slice(0, NAMED_MAX).map(textOf);
  const more = items.length - lines.length;
  return more === 0 ? lines : [...lines, `… and ${more} more.`];
}
