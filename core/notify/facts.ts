/** What conditions and templates see of a Rollout. */
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { POD_TEMPLATE_HASH_LABEL, REVISION_ANNOTATION } from "../api/names/names.ts";

/** A Rollout at one moment. */
export interface Facts {
  /** With the pod template of its workload, where it names one. */
  readonly rollout: Rollout;
  /** Those of the present update, the newest first; undefined: there are none. */
  readonly analysisRuns: readonly AnalysisRun[] | undefined;
}

/** The facts of a Rollout, of which these are all AnalysisRuns. */
export function factsOf(rollout: Rollout, runs: Iterable<AnalysisRun>): Facts {
  const hash = rollout.status?.currentPodHash;
  const revision = rollout.metadata.annotations?.[REVISION_ANNOTATION];
  const present = [...runs].filter(({ metadata: { labels, annotations } }) =>
    hash !== undefined && labels?.[POD_TEMPLATE_HASH_LABEL] === hash &&
    annotations?.[REVISION_ANNOTATION] === revision
  );
  const startOf = ({ metadata: { creationTimestamp = "" } }: AnalysisRun) => creationTimestamp;
  present.sort((one, other) => startOf(one) < startOf(other) ? 1 : -1);
  return { rollout, analysisRuns: present.length === 0 ? undefined : present };
}

/** The variables of conditions, but for `time`. */
export function variablesOf(
  { rollout, analysisRuns }: Facts,
  secrets: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  return { rollout, analysisRuns: analysisRuns ?? null, secrets };
}
