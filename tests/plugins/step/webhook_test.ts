import assert from "node:assert/strict";
import { webhookStep } from "../../../plugins/step/webhook/mod.ts";
import type { HttpRequest } from "../../../sdk/ports.ts";
import type { StepAnswer } from "../../../sdk/step_plugin.ts";
import { StepTrial } from "../../../sdk/testing/step_trial.ts";
import { stepPluginLaws } from "../../../sdk/testing/step_plugin.ts";
import { webhookSubject } from "./webhook_subject.ts";

for (const { name, check } of stepPluginLaws(webhookSubject)) Deno.test(name, check);

const ANSWERS: [status: number, body: string, answer: StepAnswer | string][] = [
  [200, "", { phase: "Successful" }],
  [204, "", { phase: "Successful" }],
  [202, "", { phase: "Running" }],
  [202, '{"message": "3 of 5 tests"}', { phase: "Running", message: "3 of 5 tests" }],
  [200, '{"phase": "Failed", "message": "no"}', { phase: "Failed", message: "no" }],
  [
    200,
    '{"phase": "Running", "requeueAfterSeconds": 90, "status": {"run": 7}}',
    { phase: "Running", requeueAfterSeconds: 90, status: { run: 7 } },
  ],
  [200, '{"phase": "Done"}', "the webhook answers with a phase that is none"],
  [200, "fine", "the webhook answers with what is no JSON"],
  [302, "", "the webhook answers with status 302"],
  [500, "", "the webhook answers with status 500"],
];

Deno.test("webhook: status and body of the answer say how the step is going", async () => {
  for (const [status, body, expected] of ANSWERS) {
    const outcome = await new StepTrial(webhookSubject, () => ({ status, body })).run();
    assert.deepEqual("answer" in outcome ? outcome.answer : outcome.error, expected, body);
  }
});

Deno.test("webhook: the service is told what to do, for which step of which Rollout", async () => {
  const requests: HttpRequest[] = [];
  const trial = new StepTrial(webhookSubject, (request) => {
    requests.push(request);
    return {};
  });
  await trial.run(2, { run: 7 });
  await trial.end("Abort", { run: 7 });
  const [run, abort] = requests;
  assert.equal(run?.method, "POST");
  assert.equal(run?.headers?.["authorization"], "Bearer s3cr3t-token");
  assert.equal(run?.timeoutMs, 10_000);
  assert.deepEqual(JSON.parse(run?.body ?? ""), {
    operation: "Run",
    id: "uid-of-web/7c9d8f/2026-01-01T00:00:00Z/2/Run/2",
    step: "uid-of-web/7c9d8f/2026-01-01T00:00:00Z/2",
    stepIndex: 2,
    namespace: "shop",
    rollout: "web",
    podTemplateHash: "7c9d8f",
    status: { run: 7 },
  });
  assert.equal(JSON.parse(abort?.body ?? "").operation, "Abort");
});

Deno.test("webhook: an address that is none is told", () => {
  assert.deepEqual(webhookStep.problems?.({ url: "gate.example.com" }), [
    'url "gate.example.com" is no URL: write https://HOST/PATH',
  ]);
});
