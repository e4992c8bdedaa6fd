/** The facts of a Rollout, from the caches. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { CacheReader } from "../engine/mod.ts";
import { runsOf, withWorkload } from "../rollout/mod.ts";
import { type Facts, factsOf } from "./facts.ts";

/** A Rollout with its workload's template, and its AnalysisRuns. */
export function rolloutFacts(rollout: Rollout, caches: CacheReader): Facts {
  return factsOf(withWorkload(rollout, caches).rollout, runsOf(rollout, caches));
}
