/**
 * Opening: begins an update of a blue-green. With the newest revision's set, the preview Service
 * moves to it; the very first revision is stable at once, since there is no other to keep.
 */
import { COMPLETION_REASON } from "../../api/names/event_reason.ts";
import { type Situation, type Verdict, withProgress } from "../situation.ts";
import { previewWrite } from "./preview.ts";
import { promote } from "./promotion.ts";
import { revision } from "./revision.ts";

export function opening(situation: Situation): Verdict {
  const verdict = revision(situation);
  const { progress = {}, effects = [], closingEvents = [] } = verdict;
  if (progress.currentHash === undefined) return verdict;
  const opened = withProgress(situation, progress);
  const isPausedBySpec = situation.world.rollout.spec.paused === true;
  const switched = isPausedBySpec ? undefined : previewWrite(opened);
  const first = opened.progress.stableHash === ""
    ? promote(opened, { reason: COMPLETION_REASON.initialDeploy, status: "Promoted" })
    : undefined;
  return {
    ...verdict,
    effects: switched === undefined ? effects : [...effects, switched],
    progress: {
      ...progress,
      ...(switched === undefined ? {} : { previewHash: progress.currentHash }),
      ...first?.progress,
    },
    // Argo tells of the first pods, then that the first revision is complete.
    closingEvents: [...closingEvents, ...first?.events ?? []],
  };
}
