import assert from "node:assert/strict";
import { renderRollout, rolloutInfo } from "../../../core/view/mod.ts";
import { REVISION_ANNOTATION } from "../../../core/api/names/names.ts";
import type { AnalysisPhase, MetricResult } from "../../../sdk/api/analysis.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { NOW_MS, secondsAgo, webCanary, webReplicaSet } from "./view_objects.ts";

interface RunFacts {
  readonly name?: string;
  readonly revision?: string;
  readonly phase?: AnalysisPhase;
  readonly results?: readonly Partial<MetricResult>[];
  readonly ageSeconds?: number;
}

function run({ name = "web-b-2", ageSeconds = 60, ...facts }: RunFacts = {}): KubeObject {
  const { revision = "2", phase = "Running", results = [] } = facts;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisRun",
    metadata: {
      name,
      uid: `run-${name}`,
      creationTimestamp: secondsAgo(ageSeconds),
      annotations: { [REVISION_ANNOTATION]: revision },
      ownerReferences: [
        {
          apiVersion: "any/v1",
          kind: "Rollout",
          name: "web",
          uid: "rollout-uid",
          controller: true,
        },
      ],
    },
    spec: {},
    status: { phase, metricResults: results },
  };
}

/** The rows below the Rollout's own, as text without what stands before the signs. */
function rows(runs: readonly KubeObject[], options = {}): string[] {
  const info = rolloutInfo({
    rollout: webCanary(),
    replicaSets: [webReplicaSet({ hash: "a" }), webReplicaSet({ hash: "b", revision: "2" })],
    pods: [],
    analysisRuns: runs,
    nowMs: NOW_MS,
  });
  const lines = renderRollout(info, options).split("\n");
  return lines.slice(lines.findIndex((line) => line.startsWith("⟳ web")) + 1)
    .map((line) => line.replace(/^[│├└─ ]*/, "").trimEnd()).filter((line) => line !== "");
}

/** The row of the one run. */
function rowOf(facts: RunFacts): string {
  return rows([run(facts)]).find((line) => line.startsWith("α")) ?? "";
}

const COUNTS: readonly [facts: RunFacts, row: RegExp][] = [
  [{ phase: "Pending" }, /^α web-b-2 +AnalysisRun +◷ Pending +60s$/],
  [{ results: [{ successful: 2 }, { successful: 1, failed: 4 }] }, /◌ Running +60s +✔ 3,✖ 4$/],
  [{ phase: "Error", results: [{ error: 5 }] }, /⚠ Error +60s +⚠ 5$/],
  [
    { phase: "Inconclusive", results: [{ inconclusive: 2, failed: 1 }] },
    /\? Inconclusive +60s +✖ 1,\? 2$/,
  ],
  [
    {
      phase: "Successful",
      results: [{ successful: 3 }, { failed: 2, error: 1, dryRun: true }],
    },
    /✔ Successful +60s +✔ 3,✖ 2,⚠ 1,dry-run:✖ 2 ⚠ 1$/,
  ],
  [{ phase: "Successful", results: [{ successful: 3 }, { dryRun: true }] }, /60s +✔ 3$/],
];

for (const [facts, row] of COUNTS) {
  Deno.test(`the row of a run that is ${facts.phase ?? "Running"} reads ${row}`, () => {
    assert.match(rowOf(facts), row);
  });
}

Deno.test("runs stand below the sets of their revision, the oldest first", () => {
  const names = rows([
    run({ name: "web-b-2-3", ageSeconds: 10 }),
    run({ name: "web-b-2-1", ageSeconds: 90 }),
    run({ name: "web-a-1-1", revision: "1", ageSeconds: 900 }),
    run({ name: "web-z-4", revision: "4", ageSeconds: 5 }),
  ]).map((line) => line.split(" ").slice(0, 2).join(" "));
  assert.deepEqual(names, [
    "# revision:4",
    "α web-z-4",
    "# revision:2",
    "⧉ web-b",
    "α web-b-2-1",
    "α web-b-2-3",
    "# revision:1",
    "⧉ web-a",
    "α web-a-1-1",
  ]);
});

Deno.test("a run of another Rollout is not shown", () => {
  const other = run();
  const [owner] = other.metadata.ownerReferences ?? [];
  other.metadata.ownerReferences = owner === undefined ? [] : [{ ...owner, uid: "another" }];
  assert.deepEqual(rows([other]).filter((line) => line.startsWith("α")), []);
});

const WITH_JOBS = run({
  results: [{
    successful: 1,
    measurements: [
      { phase: "Successful", startedAt: secondsAgo(40), metadata: { "job-name": "a.load.1" } },
      { phase: "Running", startedAt: secondsAgo(4), metadata: { "job-name": "a.load.2" } },
      { phase: "Successful", startedAt: secondsAgo(2) },
    ],
  }],
});

Deno.test("the Jobs of measurements stand below their run", () => {
  const jobs = rows([WITH_JOBS]).filter((line) => line.startsWith("⊞"));
  assert.deepEqual(jobs.map((line) => line.replaceAll(/ {2,}/g, "  ")), [
    "⊞ a.load.1  Job  ✔ Successful  40s",
    "⊞ a.load.2  Job  ◌ Running  4s",
  ]);
});

Deno.test("on a low screen Jobs go, and their run stays", () => {
  const signs = rows([WITH_JOBS], { heightRows: 10 }).map(([sign]) => sign);
  assert.deepEqual(signs, ["#", "⧉", "α", "#", "⧉"]);
});

Deno.test("with colours the name of a run is blue while it goes on, and counts have their sign's", () => {
  const going = rows([run({ results: [{ successful: 2, failed: 1 }] })], { color: true }).join(
    "\n",
  );
  assert.ok(going.includes("\u001b[94mweb-b-2\u001b[0m"));
  assert.ok(going.includes("\u001b[32m✔\u001b[0m 2,\u001b[31m✖\u001b[0m 1"));
  const over = rows([run({ phase: "Successful" })], { color: true }).join("\n");
  assert.ok(!over.includes("\u001b[94mweb-b-2\u001b[0m"));
});
