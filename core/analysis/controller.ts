/** The AnalysisRun controller: which caches it reads, what it asks, and whose changes wake it. */
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import { ANALYSIS_RUNS } from "../api/names/resources.ts";
import {
  type CacheReader,
  type Controller,
  type Decision,
  type Inquiry,
  type Key,
  keyOfObject,
  type Need,
  presentObject,
  type Sight,
  type Source,
} from "../engine/mod.ts";
import { decideRun, dueTasks, type RunWorld } from "./decide.ts";
import { collections, inquiryOf, type Providers } from "./measure_question.ts";
import { readRun } from "./run_facts.ts";
import { overOf, watchNeeds, watchSources } from "./watches.ts";

/** The name that its passes are reported under. */
export const ANALYSIS_CONTROLLER = "analysis";

export class AnalysisRunController implements Controller<RunWorld> {
  readonly name = ANALYSIS_CONTROLLER;
  readonly primary = ANALYSIS_RUNS;
  /** Neither our definition nor Argo's has the subresource. */
  readonly statusIn = "object";
  readonly sources: readonly Source[];
  readonly #providers: Providers;

  constructor(providers: Providers) {
    this.#providers = providers;
    this.sources = [
      {
        type: ANALYSIS_RUNS,
        isOnDemand: true,
        isEager: true,
        wakes: (run) => [keyOfObject(run)],
      },
      ...watchSources(providers),
    ];
  }

  needs(key: Key, caches: CacheReader): readonly Need[] {
    const run = runOf(key, caches);
    return [{ type: ANALYSIS_RUNS }, ...run === undefined ? [] : watchNeeds(run, this.#providers)];
  }

  inquiries(key: Key, caches: CacheReader, nowMs: number): readonly Inquiry[] {
    const run = runOf(key, caches);
    if (run === undefined) return [];
    const over = overOf(key, caches, this.#providers);
    const asked = dueTasks({ run, nowMs, over }).map((task) =>
      inquiryOf(run, task, this.#providers)
    );
    const hasCollectors = this.#providers.some(({ collect }) => collect !== undefined);
    const facts = hasCollectors ? readRun(run) : undefined;
    return facts === undefined || facts.error !== undefined
      ? asked
      : [...asked, ...collections(run, facts.value, this.#providers)];
  }

  observe(key: Key, { caches, nowMs, answers }: Sight): RunWorld | undefined {
    const run = runOf(key, caches);
    if (run === undefined) return undefined;
    return { nowMs, run, answers, over: overOf(key, caches, this.#providers) };
  }

  decide(world: RunWorld): Decision {
    return decideRun(world);
  }

  /** Only a deletion can be refused: there is nothing to say about it. */
  decideAfterFailure(): Pick<Decision, "events"> {
    return { events: [] };
  }
}

function runOf(key: Key, caches: CacheReader): AnalysisRun | undefined {
  return presentObject<AnalysisRun>(ANALYSIS_RUNS, key, caches);
}
