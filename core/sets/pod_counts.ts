/** How many pods there are by now: what a status may tell a moment later. */
import type { Fields } from "../../sdk/wire/json.ts";

const COUNTS: ReadonlySet<string> = new Set([
  "HPAReplicas",
  "replicas",
  "updatedReplicas",
  "readyReplicas",
  "availableReplicas",
]);

/** A status, or a part of it, without its counts of pods. */
export function withoutPodCounts(status: Fields): Fields {
  return Object.fromEntries(Object.entries(status).filter(([field]) => !COUNTS.has(field)));
}
