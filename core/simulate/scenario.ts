/** What is simulated: objects, what is done to them, and for how long. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ScriptEntry } from "./script.ts";

export interface Scenario {
  /** Applied at the start, in this order. */
  readonly objects: readonly KubeObject[];
  /** Done one after the other. */
  readonly script: readonly ScriptEntry[];
  /** Done each at its time, beside the script. */
  readonly timed: readonly ScriptEntry[];
  /** Objects of the files that `apply FILE` names. */
  readonly files: ReadonlyMap<string, readonly KubeObject[]>;
  /** End at the latest, in milliseconds since the start. */
  readonly untilMs: number;
  /** Where names, uids and chance come from. */
  readonly seed: number;
}

/** 24 hours: by then something is wrong with the scenario. */
export const UNTIL_DEFAULT_MS = 24 * 3600 * 1000;

/** 2030-01-01T00:00:00Z: when every simulation starts. */
export const START_MS = Date.UTC(2030, 0, 1);
