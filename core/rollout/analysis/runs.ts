/**
 * The AnalysisRuns of a Rollout: which kinds there are, what they are called, and what the status
 * records of those that are in charge.
 */
import type { AnalysisPhase, AnalysisRun } from "../../../sdk/api/analysis.ts";
import type { RolloutStatus } from "../../../sdk/api/rollout.ts";
import { isFields, textOf } from "../../../sdk/wire/json.ts";
import { ROLLOUT_TYPE_LABEL } from "../../api/names/names.ts";

/** What a run belongs to, as its label says. */
export type RunType = "Step" | "Background" | "PrePromotion" | "PostPromotion";

/** A run that is in charge. The phase is empty until it has one. */
export interface RunRecord {
  readonly name: string;
  readonly status: AnalysisPhase | "";
  readonly message?: string;
}

export type RunRecords = Readonly<Partial<Record<RunType, RunRecord>>>;

export const NO_RUNS: RunRecords = Object.freeze({});

/** Where the status records them. */
const PLACES = Object.freeze(
  {
    Step: ["canary", "currentStepAnalysisRunStatus"],
    Background: ["canary", "currentBackgroundAnalysisRunStatus"],
    PrePromotion: ["blueGreen", "prePromotionAnalysisRunStatus"],
    PostPromotion: ["blueGreen", "postPromotionAnalysisRunStatus"],
  } as const,
);

export const RUN_TYPES = Object.freeze(Object.keys(PLACES) as RunType[]);

export function recordsIn(status: RolloutStatus): RunRecords {
  const found: Partial<Record<RunType, RunRecord>> = {};
  for (const type of RUN_TYPES) {
    const [part, field] = PLACES[type];
    const record: unknown = status[part]?.[field];
    if (!isFields(record)) continue;
    const name = textOf(record["name"]);
    if (name === "") continue;
    const message = textOf(record["message"]);
    const phase = textOf(record["status"]) as RunRecord["status"];
    found[type] = { name, status: phase, ...(message === "" ? {} : { message }) };
  }
  return found;
}

/** The fields of one part of the status; undefined where nothing is recorded. */
export function recordFields(
  part: "canary" | "blueGreen",
  records: RunRecords,
): Record<string, RunRecord | undefined> {
  const fields: Record<string, RunRecord | undefined> = {};
  for (const type of RUN_TYPES) {
    const [place, field] = PLACES[type];
    if (place === part) fields[field] = records[type];
  }
  return fields;
}

/** What the status says of a run. */
export function recordOf({ metadata: { name }, status }: AnalysisRun): RunRecord {
  const { phase = "", message = "" } = status ?? {};
  return { name, status: phase, ...(message === "" ? {} : { message }) };
}

export function typeOfRun({ metadata: { labels } }: AnalysisRun): string | undefined {
  return labels?.[ROLLOUT_TYPE_LABEL];
}

/** A run's name before a number is added where it is taken. */
export function runName(
  { rollout, hash, revision }: { rollout: string; hash: string; revision: number },
  type: RunType,
  stepIndex = 0,
): string {
  const start = `${rollout}-${hash}-${revision}`;
  switch (type) {
    case "Step":
      return `${start}-${stepIndex}`;
    case "Background":
      return start;
    case "PrePromotion":
      return `${start}-pre`;
    case "PostPromotion":
      return `${start}-post`;
  }
}

/** The step that a step's run belongs to, from its name; undefined: the name is another's. */
export function stepOfName(name: string): number | undefined {
  const digits = /-(\d+)(?:\.\d+)?$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
