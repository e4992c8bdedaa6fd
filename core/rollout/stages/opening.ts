/**
 * Opening: begins an update of a blue-green. The preview Service selects the newest revision in the
 * pass that creates its set. The very first revision is stable at once.
 */
import { INITIAL_DEPLOY } from "../completion.ts";
import { isPausedBySpec } from "../pause.ts";
import { CONTINUE, type Situation, type Verdict, withState } from "../situation.ts";
import { preview } from "./preview.ts";
import { promote } from "./promotion.ts";
import { revision } from "./revision.ts";

export function opening(situation: Situation): Verdict {
  const verdict = revision(situation);
  const { state = {}, effects = [], closingEvents = [] } = verdict;
  if (state.currentHash === undefined) return verdict;
  const opened = withState(situation, state);
  const switched = isPausedBySpec(situation.world.rollout) ? CONTINUE : preview(opened);
  const first = opened.state.stableHash === "" ? promote(opened, INITIAL_DEPLOY) : undefined;
  return {
    ...verdict,
    effects: [...effects, ...switched.effects ?? []],
    state: {
      ...state,
      ...switched.state,
      ...first?.state,
    },
    // In Argo's order: the event of the first pods comes before that of the completion.
    closingEvents: [...closingEvents, ...first?.events ?? []],
  };
}
