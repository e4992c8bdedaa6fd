import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import type { RolloutWorld } from "./world.ts";
import { normal, warning } from "../sets/mod.ts";

/** The first events of a Rollout, or of a spec, that no controller has looked at yet. */
export function addedEvents({ rollout, leftOut = [] }: RolloutWorld): EventDraft[] {
  const { namespace = "", name, generation = 0 } = rollout.metadata;
  const { observedGeneration } = rollout.status ?? {};
  const isFirst = observedGeneration === undefined;
  const message = EVENT_MESSAGE.rolloutAddedToInformer(namespace, name);
  return [
    ...(isFirst ? [normal(EVENT_REASON.rolloutAddedToInformer, message)] : []),
    ...(observedGeneration === String(generation)
      ? []
      : leftOut.map((problem) =>
        warning(EVENT_REASON.unreadableField, EVENT_MESSAGE.unreadableField(problem))
      )),
  ];
}
