import assert from "node:assert/strict";
import { equalJson } from "../../../core/engine/mod.ts";
import { promptPart } from "../../../core/rollout/prompt_part.ts";
import { PHASE_MESSAGE } from "../../../core/api/names/condition_reason.ts";

const EARLY = "2030-01-01T00:00:00Z";
const LATE = "2030-01-01T00:00:05Z";

function condition(type: string, status: string, time: string) {
  return {
    type,
    status,
    reason: "R",
    message: "m",
    lastUpdateTime: time,
    lastTransitionTime: time,
  };
}

const STATUS = {
  phase: "Progressing",
  message: PHASE_MESSAGE.updating,
  observedGeneration: "2",
  currentPodHash: "abc",
  stableRS: "def",
  currentStepIndex: 1,
  HPAReplicas: 2,
  replicas: 2,
  updatedReplicas: 1,
  readyReplicas: 2,
  availableReplicas: 2,
  canary: { weights: { canary: { weight: 20 }, stable: { weight: 80 } } },
  conditions: [condition("Progressing", "True", EARLY), condition("Available", "True", EARLY)],
};

const LATER: Readonly<Record<string, Record<string, unknown>>> = {
  "another count of all pods": { HPAReplicas: 3, replicas: 3 },
  "another count of the newest pods": { updatedReplicas: undefined },
  "another count of pods that serve": { readyReplicas: 1, availableReplicas: undefined },
  "what the counts are called": { message: PHASE_MESSAGE.awaitingSteps },
  "the time of what got on": {
    conditions: [condition("Available", "True", EARLY), condition("Progressing", "True", LATE)],
  },
};

const AT_ONCE: Readonly<Record<string, Record<string, unknown>>> = {
  "another phase": { phase: "Paused" },
  "a message that does not follow from counts": { message: "manually paused" },
  "no message": { message: undefined },
  "another step": { currentStepIndex: 2 },
  "an abort": { abort: true },
  "a pause": { pauseConditions: [{ reason: "CanaryPauseStep", startTime: EARLY }] },
  "another generation": { observedGeneration: "3" },
  "another revision": { currentPodHash: "xyz" },
  "another stable revision": { stableRS: "abc" },
  "another weight": { canary: { weights: { canary: { weight: 40 }, stable: { weight: 60 } } } },
  "a run": { canary: { ...STATUS.canary, currentBackgroundAnalysisRunStatus: { name: "run" } } },
  "a condition that turns": { conditions: [condition("Progressing", "False", EARLY)] },
  "a condition more": { conditions: [...STATUS.conditions, condition("Paused", "True", EARLY)] },
  "a field that nobody knows": { unknown: 1 },
};

for (const [what, change] of Object.entries(LATER)) {
  Deno.test(`promptPart() leaves out ${what}`, () => {
    assert.ok(equalJson(promptPart(STATUS), promptPart({ ...STATUS, ...change })));
  });
}

for (const [what, change] of Object.entries(AT_ONCE)) {
  Deno.test(`promptPart() has ${what}`, () => {
    assert.ok(!equalJson(promptPart(STATUS), promptPart({ ...STATUS, ...change })));
  });
}
