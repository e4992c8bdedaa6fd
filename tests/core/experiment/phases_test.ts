/**
 * What an Experiment comes to in each state of its template, its time and its analysis. The cells
 * of `phases.txt` are phase and template; they were written by the rules, not by the program. What is
 * told to end before an analysis has begun does not wait for it.
 */
import assert from "node:assert/strict";
import { decide } from "../../../core/experiment/mod.ts";
import type { AnalysisPhase } from "../../../sdk/api/analysis.ts";
import type { ExperimentStatus, TemplatePhase } from "../../../sdk/api/experiment.ts";
import phases from "./phases.txt" with { type: "text" };
import { type AnalysisShape, at, type TemplateShape, worldOf } from "./world.ts";

/** With this duration, so long after all pods were available. */
const TIMES: Readonly<Record<string, { duration?: string; since: number }>> = {
  endless: { since: -60 },
  before: { duration: "2m", since: -60 },
  after: { duration: "1m", since: -90 },
};

function templateOf(status: string): TemplateShape {
  const available = status === "Progressing" ? 0 : 1;
  return { wanted: 1, available, status: status as TemplatePhase, since: -10 };
}

/** `none`, `new`, or the phase of its run; required for completion with a `!`. */
function analysesOf(text: string): AnalysisShape[] {
  if (text === "none") return [];
  const isRequired = text.endsWith("!");
  const phase = text.replace("!", "");
  if (phase === "new") return [{ isRequired }];
  return [{ isRequired, recorded: "Running", run: phase as AnalysisPhase }];
}

function cellOf(
  { template, time, terminate, analysis }: Record<
    "template" | "time" | "terminate" | "analysis",
    string
  >,
): string {
  const { duration, since = 0 } = TIMES[time] ?? {};
  const decision = decide(worldOf({
    templates: [templateOf(template)],
    analyses: analysesOf(analysis),
    spec: {
      ...(duration === undefined ? {} : { duration }),
      ...(terminate === "yes" ? { terminate: true } : {}),
    },
    status: { phase: template === "Progressing" ? "Pending" : "Running", availableAt: at(since) },
  }));
  const { phase, templateStatuses } = decision.status as ExperimentStatus;
  const [shown] = templateStatuses ?? [];
  return phase === shown?.status ? `${phase}` : `${phase}/${shown?.status}`;
}

const [head = "", ...lines] = phases.trimEnd().split("\n");
const [, , , ...analyses] = head.trim().split(/\s+/);

for (const line of lines) {
  const [template = "", time = "", terminate = "", ...cells] = line.trim().split(/\s+/);
  Deno.test(`a template that is ${template}, time: ${time}, told to end: ${terminate}`, () => {
    assert.equal(cells.length, analyses.length);
    const found = analyses.map((analysis) => cellOf({ template, time, terminate, analysis }));
    const named = (all: readonly string[]) =>
      all.map((cell, index) => `${analyses[index]}: ${cell}`);
    assert.deepEqual(named(found), named(cells));
  });
}

Deno.test("every state stands in the table once", () => {
  const states = lines.map((line) => line.trim().split(/\s+/).slice(0, 3).join(" "));
  assert.equal(new Set(states).size, 5 * 3 * 2);
  assert.equal(lines.length, 30);
  assert.equal(new Set(analyses).size, 13);
});
