/**
 * Opening: begins an update of a blue-green. With the newest revision's set, the preview Service
 * moves to it; the very first revision is stable at once, since there is no other to keep.
 */
import { CONTINUE, type Situation, type Verdict, withProgress } from "../situation.ts";
import { preview } from "./preview.ts";
import { INITIAL_DEPLOY, promote } from "./promotion.ts";
import { revision } from "./revision.ts";

export function opening(situation: Situation): Verdict {
  const verdict = revision(situation);
  const { progress = {}, effects = [], closingEvents = [] } = verdict;
  if (progress.currentHash === undefined) return verdict;
  const opened = withProgress(situation, progress);
  const isPausedBySpec = situation.world.rollout.spec.paused === true;
  const switched = isPausedBySpec ? CONTINUE : preview(opened);
  const first = opened.progress.stableHash === "" ? promote(opened, INITIAL_DEPLOY) : undefined;
  return {
    ...verdict,
    effects: [...effects, ...switched.effects ?? []],
    progress: {
      ...progress,
      ...switched.progress,
      ...first?.progress,
    },
    // Argo tells of the first pods, then that the first revision is complete.
    closingEvents: [...closingEvents, ...first?.events ?? []],
  };
}
