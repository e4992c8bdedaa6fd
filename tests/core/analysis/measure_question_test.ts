import assert from "node:assert/strict";
import type { AnalysisRun } from "../../../sdk/api/analysis.ts";
import { inquiryOf } from "../../../core/analysis/measure_question.ts";
import { dueTasks } from "../../../core/analysis/decide.ts";
import type { Providers } from "../../../core/analysis/mod.ts";
import { metric } from "./run_world.ts";

const RUN: AnalysisRun = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AnalysisRun",
  metadata: { name: "run", namespace: "shop", uid: "u" },
  spec: {
    metrics: [metric("m", { provider: { plugin: { "acme/slow": { timeout: 300 } } } })],
    args: [{ name: "token", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
  },
};

const run = () => Promise.reject(new Error("not asked"));

Deno.test("a provider says how long its calls may take; otherwise it is a minute", () => {
  const [task] = dueTasks({ run: RUN, nowMs: 0 });
  assert.ok(task !== undefined);
  const slow: Providers = [{ name: "acme/slow", run, deadlineMs: ({ timeout }) => timeout * 1000 }];
  assert.equal(inquiryOf(RUN, task, slow).deadlineMs, 300_000);
  assert.equal(inquiryOf(RUN, task, [{ name: "acme/slow", run }]).deadlineMs, 60_000);
  assert.equal(inquiryOf(RUN, task, []).deadlineMs, 60_000);
  assert.equal(inquiryOf(RUN, { ...task, call: "terminate" }, slow).deadlineMs, 10_000);
});

Deno.test("a question names secrets, and does not hold them", () => {
  const [task] = dueTasks({ run: RUN, nowMs: 0 });
  assert.ok(task !== undefined);
  const { question } = inquiryOf(RUN, task, []);
  assert.deepEqual(question["args"], RUN.spec.args);
  assert.deepEqual(structuredClone(question), question);
});
