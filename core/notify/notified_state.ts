/**
 * What was sent already, as an annotation of the Rollout remembers it. Its form is that of Argo
 * Rollouts, so nothing is sent twice when either takes over from the other.
 */
import { isFields } from "../../sdk/wire/json.ts";
import type { Subscriber } from "./destinations.ts";
import type { Judged } from "./evaluate.ts";

/** Entries that are remembered; the oldest give way. */
const ENTRIES_MAX = 100;

/** By key: when it was sent, in seconds since 1970. */
export type NotifiedState = ReadonlyMap<string, number>;

/** What is no JSON object counts as nothing. */
export function parseState(text: string | undefined): NotifiedState {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "{}");
  } catch {
    return new Map();
  }
  if (!isFields(value)) return new Map();
  const entries = Object.entries(value)
    .filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return new Map(entries);
}

/** As an annotation; undefined: there is nothing to remember. */
export function stateText(state: NotifiedState): string | undefined {
  if (state.size === 0) return undefined;
  const kept = [...state].sort(([, one], [, other]) => other - one).slice(0, ENTRIES_MAX);
  return JSON.stringify(Object.fromEntries(kept.sort(([one], [other]) => one < other ? -1 : 1)));
}

/** The key of a subscriber's delivery; `namespace` only of a self-service configuration. */
export function stateKey(
  { trigger, service, recipient }: Subscriber,
  { condition, oncePer }: Judged,
  namespace: string | undefined,
): string {
  const parts = [trigger, condition.key, service, recipient];
  if (oncePer !== "") parts.unshift(oncePer);
  if (namespace !== undefined) parts.unshift(namespace);
  return parts.join(":");
}
