import assert from "node:assert/strict";
import { equalJson } from "../../../core/engine/mod.ts";
import { promptPart } from "../../../core/experiment/prompt_part.ts";

const TEMPLATE = {
  name: "canary",
  replicas: 2,
  updatedReplicas: 2,
  readyReplicas: 1,
  availableReplicas: 1,
  status: "Progressing",
  lastTransitionTime: "2030-01-01T00:00:00Z",
};
const STATUS = { phase: "Pending", conditions: [], templateStatuses: [TEMPLATE] };

function withTemplate(change: Record<string, unknown>) {
  return { ...STATUS, templateStatuses: [{ ...TEMPLATE, ...change }] };
}

Deno.test("promptPart() of an Experiment leaves out how many pods its templates have", () => {
  const counts = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 2 };
  assert.ok(equalJson(promptPart(STATUS), promptPart(withTemplate(counts))));
});

Deno.test("promptPart() of an Experiment has all that anybody acts on", () => {
  const others = [
    withTemplate({ status: "Running" }),
    withTemplate({ serviceName: "canary" }),
    withTemplate({ podTemplateHash: "abc" }),
    { ...STATUS, templateStatuses: [] },
    { ...STATUS, phase: "Running" },
    { ...STATUS, conditions: [{ type: "Progressing", status: "True" }] },
    { ...STATUS, analysisRuns: [{ name: "run", phase: "Running" }] },
  ];
  for (const other of others) {
    assert.ok(!equalJson(promptPart(STATUS), promptPart(other)), JSON.stringify(other));
  }
});
