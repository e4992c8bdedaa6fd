import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import type { RolloutWorld } from "./world.ts";
import { normal } from "../sets/mod.ts";

/** The first event of a Rollout that no controller has looked at yet. */
export function addedEvents({ rollout }: RolloutWorld): EventDraft[] {
  if (rollout.status?.observedGeneration !== undefined) return [];
  const { namespace = "", name } = rollout.metadata;
  const message = EVENT_MESSAGE.rolloutAddedToInformer(namespace, name);
  return [normal(EVENT_REASON.rolloutAddedToInformer, message)];
}
