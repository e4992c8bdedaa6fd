import assert from "node:assert/strict";
import { decide, decideAfterFailure } from "../../../core/rollout/decide.ts";
import { eventText } from "./verdict_text.ts";
import { NOON, worldOf } from "./world.ts";

const REFUSAL = new Error('admission webhook "pods" denied the request');
const STEPS = [{ setWeight: 20 }, { pause: {} }];

const creating = worldOf({
  steps: STEPS,
  stable: { hash: "aaa", size: 5 },
  templateHash: "bbb",
  status: {
    currentPodHash: "aaa",
    currentStepIndex: 2,
    conditions: [{
      type: "Progressing",
      status: "True",
      reason: "NewReplicaSetAvailable",
      message: "all well",
      lastUpdateTime: "2026-03-01T01:00:00Z",
      lastTransitionTime: "2026-03-01T01:00:00Z",
    }],
  },
});

Deno.test("a set that could not be created is told of in Progressing and by a Warning", () => {
  const [effect] = decide(creating).effects;
  assert.ok(effect?.verb === "create");
  const message = `Failed to create new replica set "web-bbb": ${REFUSAL.message}`;
  const report = decideAfterFailure(creating, { effect, error: REFUSAL });
  assert.deepEqual(report.events.map(eventText), [`Warning ReplicaSetCreateError: ${message}`]);
  assert.deepEqual(report.status, {
    ...creating.rollout.status,
    conditions: [{
      type: "Progressing",
      status: "False",
      reason: "ReplicaSetCreateError",
      message,
      lastUpdateTime: NOON,
      lastTransitionTime: NOON,
    }],
  });
});

Deno.test("after a refusal nothing is claimed that did not come true", () => {
  const { effects, status } = decide(creating);
  assert.equal(status?.["currentPodHash"], "bbb");
  const [effect] = effects;
  const report = decideAfterFailure(creating, { effect: effect!, error: REFUSAL });
  const { conditions: _, ...rest } = report.status ?? {};
  const { conditions: __, ...before } = creating.rollout.status ?? {};
  assert.deepEqual(rest, before);
});

Deno.test("any other refusal is told of by a Warning, and leaves the status alone", () => {
  const worlds = {
    "a size": worldOf({
      steps: STEPS,
      stable: { hash: "aaa", size: 5 },
      next: { hash: "bbb", size: 0 },
    }),
    "a deletion": worldOf({
      next: { hash: "bbb", size: 5, revision: 9 },
      past: [{ hash: "old", size: 0 }],
      spec: { revisionHistoryLimit: 0 },
    }),
    "a Service": worldOf({
      canary: { canaryService: "web-canary" },
      services: { "web-canary": { selects: "aaa" } },
      next: { hash: "bbb", size: 5 },
    }),
    "the number of the Rollout": worldOf({
      next: { hash: "bbb", size: 5 },
      annotations: { "rollout.argoproj.io/revision": "0" },
    }),
  };
  for (const [name, world] of Object.entries(worlds)) {
    const [effect] = decide(world).effects;
    assert.ok(effect !== undefined, name);
    const report = decideAfterFailure(world, { effect, error: REFUSAL });
    assert.equal(report.status, undefined, name);
    assert.deepEqual(report.events.map(eventText), [
      `Warning ReconciliationError: Reconciliation failed with error: ${REFUSAL.message}`,
    ], name);
  }
});
