/** One row of the tree below a revision, as plain data. */
import type { RowKind } from "./icons.ts";

/** An object below a revision, with what belongs to it. */
export interface ObjectInfo {
  kind: Exclude<RowKind, "Rollout" | "Revision">;
  name: string;
  status: string;
  age: string;
  /** The parts of the INFO column: `stable`, `delay:4s`, `ready:1/1`, `✔ 2`, … */
  details: string[];
  children: ObjectInfo[];
}
