import assert from "node:assert/strict";
import { WORKLOAD_GENERATION_ANNOTATION } from "../../../core/api/names/names.ts";
import { shownPhase } from "../../../core/view/phase.ts";
import type { RolloutCondition, RolloutSpec, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { webRollout } from "./view_objects.ts";

interface Row {
  name: string;
  generation?: number;
  spec?: RolloutSpec;
  workloadGeneration?: string;
  status: RolloutStatus;
  shown: [phase: string, message: string];
}

const HEALTHY: [string, string] = ["Healthy", ""];
const UNOBSERVED: [string, string] = [
  "Progressing",
  "waiting for rollout spec update to be observed",
];
const UNPAUSING: [string, string] = ["Progressing", "waiting for rollout to unpause"];
const WORKLOAD_UNOBSERVED: [string, string] = [
  "Progressing",
  "waiting for rollout spec update to be observed for the reference workload",
];
const WITH_WORKLOAD: RolloutSpec = { workloadRef: { kind: "Deployment", name: "web" } };
const PAUSED: RolloutStatus = {
  controllerPause: true,
  phase: "Paused",
  message: "CanaryPauseStep",
  pauseConditions: [{ reason: "CanaryPauseStep", startTime: "2026-01-01T00:00:00Z" }],
};

const UNSOUND: RolloutCondition = {
  type: "InvalidSpec",
  status: "True",
  reason: "InvalidSpec",
  message: "service not found",
  lastTransitionTime: "2026-01-01T00:00:00Z",
  lastUpdateTime: "2026-01-01T00:00:00Z",
};
const INVALID: RolloutStatus = {
  phase: "Degraded",
  message: "InvalidSpec: service not found",
  conditions: [UNSOUND],
};

const ROWS: Row[] = [
  { name: "what the status says", status: PAUSED, shown: ["Paused", "CanaryPauseStep"] },
  { name: "an empty message where it says none", status: {}, shown: HEALTHY },
  {
    name: "an older spec observed",
    generation: 4,
    status: { observedGeneration: "3" },
    shown: UNOBSERVED,
  },
  { name: "the spec observed", generation: 4, status: { observedGeneration: "4" }, shown: HEALTHY },
  {
    name: "a later spec observed",
    generation: 4,
    status: { observedGeneration: "5" },
    shown: HEALTHY,
  },
  {
    name: "an observed spec that is no number",
    generation: 4,
    status: { observedGeneration: "6d9c8f5b7" },
    shown: HEALTHY,
  },
  {
    name: "the controller's pause without a reason left",
    status: { ...PAUSED, pauseConditions: [] },
    shown: UNPAUSING,
  },
  {
    name: "an invalid spec, whatever was promoted meanwhile",
    status: { ...INVALID, controllerPause: true },
    shown: ["Degraded", "InvalidSpec: service not found"],
  },
  {
    name: "a spec that is valid again, and a pause without a reason left",
    status: { ...PAUSED, pauseConditions: [], conditions: [{ ...UNSOUND, status: "False" }] },
    shown: UNPAUSING,
  },
  {
    name: "an unobserved spec goes before a pause without a reason",
    generation: 2,
    status: { ...PAUSED, pauseConditions: [] },
    shown: UNOBSERVED,
  },
  {
    name: "another generation of the workload observed",
    spec: WITH_WORKLOAD,
    workloadGeneration: "3",
    status: { workloadObservedGeneration: "2" },
    shown: WORKLOAD_UNOBSERVED,
  },
  {
    name: "the generation of the workload observed",
    spec: WITH_WORKLOAD,
    workloadGeneration: "3",
    status: { workloadObservedGeneration: "3" },
    shown: HEALTHY,
  },
  {
    name: "no generation of the workload observed yet",
    spec: WITH_WORKLOAD,
    workloadGeneration: "3",
    status: {},
    shown: HEALTHY,
  },
  {
    name: "a workload's generation without a workload",
    workloadGeneration: "3",
    status: { workloadObservedGeneration: "2" },
    shown: HEALTHY,
  },
];

for (const { name, generation = 1, spec = {}, workloadGeneration, status, shown } of ROWS) {
  Deno.test(`shownPhase(): ${name}`, () => {
    const annotations = workloadGeneration === undefined
      ? {}
      : { [WORKLOAD_GENERATION_ANNOTATION]: workloadGeneration };
    const rollout = webRollout(spec, status, { generation, annotations });
    const { phase, message } = shownPhase(rollout);
    assert.deepEqual([phase, message], shown);
  });
}

Deno.test("shownPhase(): a Rollout that no controller has seen is progressing", () => {
  const { status: _, ...unseen } = webRollout();
  assert.deepEqual(shownPhase(unseen), {
    phase: "Progressing",
    message: "more replicas need to be updated",
  });
});
