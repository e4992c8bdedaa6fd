/** Which runs of the past are deleted. */
import type { AnalysisRun } from "../../../sdk/api/analysis.ts";
import type { Experiment } from "../../../sdk/api/experiment.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { isCompleted } from "../../analysis/mod.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../../api/names/names.ts";
import { hashOf } from "../../sets/mod.ts";
import type { Facts } from "../situation.ts";

const LIMIT_DEFAULT = 5;

/** Runs whose revision is gone, and those beyond the limits, but for those that are named. */
export function runsToDelete(
  facts: Facts,
  kept: ReadonlySet<string>,
): readonly AnalysisRun[] {
  return ownedToDelete(facts, facts.world.analysis.runs, kept);
}

/** The same of AnalysisRuns or Experiments, newest first. */
export function ownedToDelete<Owned extends AnalysisRun | Experiment>(
  { world }: Facts,
  owned: readonly Owned[],
  kept: ReadonlySet<string>,
): readonly Owned[] {
  const { successfulRunHistoryLimit, unsuccessfulRunHistoryLimit } = fieldsOf(
    world.rollout.spec["analysis"],
  );
  const sets = [...world.replicaSets, ...world.orphans, ...world.strays]
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  // A set that somebody deleted comes back under the same hash.
  const hashes = new Set([...sets.map(hashOf), world.templateHash]);
  const left = {
    successful: limitOf(successfulRunHistoryLimit),
    unsuccessful: limitOf(unsuccessfulRunHistoryLimit),
  };
  return owned.filter(({ metadata, status }) => {
    if (metadata.deletionTimestamp !== undefined || kept.has(metadata.name)) return false;
    if (!hashes.has(metadata.labels?.[POD_TEMPLATE_HASH_LABEL] ?? "")) return true;
    if (!isCompleted(status?.phase)) return false;
    return left[status?.phase === "Successful" ? "successful" : "unsuccessful"]-- <= 0;
  });
}

function limitOf(limit: unknown): number {
  return typeof limit === "number" ? limit : LIMIT_DEFAULT;
}
