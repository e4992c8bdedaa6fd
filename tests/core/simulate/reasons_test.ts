import assert from "node:assert/strict";
import { Reasons } from "../../../core/simulate/reasons.ts";
import type { TimelineEntry } from "../../../core/simulate/timeline.ts";

/** An entry whose pods have this trouble, or none. */
function entry(...reasons: string[]): TimelineEntry {
  const troubles = reasons.map((reason) => ({ of: "revision 1", reason, message: "" }));
  const told = { runs: [], warnings: [], why: "in sync", message: "", troubles };
  return { namespace: "default", rollout: "web", ...told } as unknown as TimelineEntry;
}

Deno.test("Reasons tells a trouble that comes and goes once, and again after a command", () => {
  const reasons = new Reasons();
  const told = [];
  for (const each of [entry("Crash"), entry(), entry("Crash")]) told.push(reasons.of(each));
  reasons.noteCommand("promote web");
  for (const each of [entry(), entry("Crash"), entry(), entry("Crash")]) {
    told.push(reasons.of(each));
  }
  const crash = "revision 1: Crash";
  assert.deepEqual(told, [`in sync; ${crash}`, "", "", "", crash, "", ""]);
});
