/** A run that is over: deleted when its time has come. */
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import { isUnset } from "../../sdk/wire/json.ts";
import { deletionOf } from "../../sdk/wire/write.ts";
import { ANALYSIS_RUNS } from "../api/names/resources.ts";
import { timeMs } from "../api/values/time.ts";
import { type Decision, writeEffect } from "../engine/mod.ts";

export function decideEnd(run: AnalysisRun, nowMs: number): Decision {
  const { status = {} } = run;
  const deleteAtMs = deletionMs(run);
  const why = `${status.phase}`;
  if (deleteAtMs === undefined) return { effects: [], events: [], why };
  if (nowMs < deleteAtMs) return { effects: [], events: [], wakeAtMs: deleteAtMs, why };
  const effects = deletionOf(ANALYSIS_RUNS, run).map(writeEffect);
  return { effects, events: [], why: `${status.phase}: its time to live is over` };
}

/** When a completed run is to go; undefined: never. */
function deletionMs({ spec, status = {} }: AnalysisRun): number | undefined {
  const completedMs = timeMs(status.completedAt);
  const { secondsAfterCompletion, secondsAfterFailure, secondsAfterSuccess } = spec.ttlStrategy ??
    {};
  const own = status.phase === "Successful"
    ? secondsAfterSuccess
    : status.phase === "Failed"
    ? secondsAfterFailure
    : undefined;
  const seconds = own ?? secondsAfterCompletion;
  if (completedMs === undefined || isUnset(seconds)) return undefined;
  // Whole seconds have to be more than those.
  return completedMs + (seconds + 1) * 1_000;
}
