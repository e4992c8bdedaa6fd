import assert from "node:assert/strict";
import { kindIcon, type RowKind, statusIcon } from "../../../core/view/icons.ts";

const ROWS: [kind: RowKind, status: string, icon: string][] = [
  ["Rollout", "Healthy", "✔"],
  ["Rollout", "Degraded", "✖"],
  ["Rollout", "Progressing", "◌"],
  ["Rollout", "Paused", "॥"],
  ["Rollout", "InvalidSpec", "⚠"],
  ["ReplicaSet", "ScaledDown", "•"],
  ["ReplicaSet", "ReplicaFailure", "✖"],
  ["Pod", "Running", "✔"],
  ["Pod", "Completed", "✔"],
  ["Pod", "Pending", "◌"],
  ["Pod", "Terminating", "◌"],
  ["Pod", "ContainerCreating", "◌"],
  ["Pod", "Init:1/2", "◌"],
  ["Pod", "Init:Error", "◌"],
  ["Pod", "CrashLoopBackOff", "✖"],
  ["Pod", "Failed", "✖"],
  ["Pod", "InvalidImageName", "✖"],
  ["Pod", "Signal:9", "✖"],
  ["Pod", "ExitCode:1", "✖"],
  ["Pod", "Error", "⚠"],
  ["Pod", "ErrImagePull", "⚠"],
  ["Pod", "CreateContainerConfigError", "⚠"],
  ["Pod", "ImagePullBackOff", "⚠"],
  ["Pod", "RegistryUnavailable", "⚠"],
  ["Pod", "Unknown", "?"],
  ["Pod", "Evicted", " "],
  ["Pod", "SchedulingGated", " "],
  ["AnalysisRun", "Running", "◌"],
  ["AnalysisRun", "Pending", "◷"],
  ["AnalysisRun", "Successful", "✔"],
  ["AnalysisRun", "Inconclusive", "?"],
  ["AnalysisRun", "Error", "⚠"],
  ["Experiment", "Running", "◌"],
  ["Experiment", "Pending", "◷"],
  ["Job", "Running", "◌"],
];

for (const [kind, status, icon] of ROWS) {
  Deno.test(`statusIcon(): a ${kind} that is ${status} has "${icon}"`, () => {
    assert.equal(statusIcon(kind, status), icon);
  });
}

Deno.test("kindIcon(): each kind has its own sign", () => {
  const kinds: RowKind[] = [
    "Rollout",
    "Revision",
    "ReplicaSet",
    "Pod",
    "Job",
    "Experiment",
    "AnalysisRun",
  ];
  assert.deepEqual(kinds.map(kindIcon), ["⟳", "#", "⧉", "□", "⊞", "Σ", "α"]);
});
