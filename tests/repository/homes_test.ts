/**
 * What a command of a user, a pause or an abort means stands in a file that its name leads to. The
 * others ask that file: who reads the fields themselves decides anew what they mean.
 */
import assert from "node:assert/strict";
import { sourceFiles } from "./source_files.ts";

/** Reads and writes of a field: `state.abort`, `{ abort, … } = state`, `abort: true`. */
function touching(field: string, owners: string): RegExp {
  const read = String.raw`\b(?:${owners})\??\.${field}\b(?!")`;
  const taken = String.raw`\{[^}]*\b${field}\b[^}]*\} = `;
  const written = String.raw`(?<!readonly )\b${field}: `;
  return new RegExp(`${read}|${taken}|${written}`);
}

/** Code alone: comments and messages speak of fields too. */
function codeOf(text: string): string {
  return text.replaceAll(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, "").replaceAll(/"[^"\n]*"/g, '""');
}

const STATE = "state|status";

/** Who may touch the fields in `core/rollout`; `update_state.ts` reads and writes the status. */
const HOMES: readonly [field: string, pattern: RegExp, files: readonly string[]][] = [
  ["abort", touching("abort", STATE), [
    "abort.ts",
    "abort_deadline.ts",
    // What becomes of an abort whose writes are refused.
    "after_failure.ts",
    // Objects that are no situation yet.
    "invalid.ts",
    "routed/last_intent.ts",
    "step_plugins/calls.ts",
    "workload.ts",
    "update_state.ts",
  ]],
  ["abortedAt", touching("abortedAt", STATE), [
    "abort.ts",
    "abort_deadline.ts",
    "after_failure.ts",
    "update_state.ts",
  ]],
  ["promoteFull", touching("promoteFull", STATE), [
    "abort.ts",
    "full_promotion.ts",
    "step_plugins/calls.ts",
    "update_state.ts",
  ]],
  ["pauseConditions", touching("pauseConditions", STATE), [
    "abort.ts",
    "after_failure.ts",
    "pause.ts",
    "pods_needed.ts",
    "update_state.ts",
  ]],
  ["controllerPause", touching("controllerPause", STATE), [
    "abort.ts",
    "pause.ts",
    // Stages that end a pause.
    "stages/analysis.ts",
    "stages/cutover_pause.ts",
    "stages/experiment.ts",
    "stages/pause.ts",
    "update_state.ts",
  ]],
  ["spec.paused", touching("paused", "spec"), [
    // The fields that an invalid spec has all the same.
    "invalid.ts",
    "pause.ts",
  ]],
];

for (const [field, pattern, files] of HOMES) {
  Deno.test(`${field} is touched where its meaning stands, and asked for elsewhere`, () => {
    const touched = sourceFiles()
      .filter(({ path, text }) => path.startsWith("core/rollout/") && pattern.test(codeOf(text)))
      .map(({ path }) => path.slice("core/rollout/".length));
    assert.deepEqual(touched.sort(), [...files].sort());
  });
}
