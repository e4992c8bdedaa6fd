import assert from "node:assert/strict";
import {
  ANNOTATIONS_NOT_COPIED,
  COMPLETION_REASON,
  CONDITION_MESSAGE,
  EVENT_MESSAGE,
  EVENT_REASON,
  WARNING_REASONS,
} from "../../../../core/api/names/names.ts";
import { stepText } from "../../../../core/api/names/step_text.ts";

Deno.test("events say what Argo's say", () => {
  const rows: [string, string][] = [
    [
      EVENT_MESSAGE.rolloutAddedToInformer("case-02", "mock-server"),
      "Rollout resource added to informer: case-02/mock-server",
    ],
    [EVENT_MESSAGE.rolloutUpdated(1), "Rollout updated to revision 1"],
    [
      EVENT_MESSAGE.newReplicaSetCreated("mock-server-5bd695c454", 1),
      "Created ReplicaSet mock-server-5bd695c454 (revision 1)",
    ],
    [
      EVENT_MESSAGE.rolloutNotCompleted(1, "5bd695c454"),
      "Rollout not completed, started update to revision 1 (5bd695c454)",
    ],
    [
      EVENT_MESSAGE.scalingReplicaSet({ replicaSet: "web-1", revision: 1, from: 0, to: 5 }),
      "Scaled up ReplicaSet web-1 (revision 1) from 0 to 5",
    ],
    [
      EVENT_MESSAGE.scalingReplicaSet({ replicaSet: "web-1", revision: 1, from: 5, to: 4 }),
      "Scaled down ReplicaSet web-1 (revision 1) from 5 to 4",
    ],
    [
      EVENT_MESSAGE.rolloutCompleted(1, "5bd695c454", COMPLETION_REASON.initialDeploy),
      "Rollout completed update to revision 1 (5bd695c454): Initial deploy",
    ],
    [
      EVENT_MESSAGE.rolloutCompleted(2, "f", COMPLETION_REASON.allSteps(5)),
      "Rollout completed update to revision 2 (f): Completed all 5 canary steps",
    ],
    [
      EVENT_MESSAGE.switchService({ service: "web-stable", from: "", to: "5bd695c454" }),
      "Switched selector for service 'web-stable' from '' to '5bd695c454'",
    ],
    [
      EVENT_MESSAGE.rolloutStepCompleted({ index: 0, count: 5, text: "setWeight: 20" }),
      "Rollout step 1/5 completed (setWeight: 20)",
    ],
    [EVENT_MESSAGE.rolloutPaused("CanaryPauseStep"), "Rollout is paused (CanaryPauseStep)"],
    [EVENT_MESSAGE.rolloutAborted(2), "Rollout aborted update to revision 2"],
    [EVENT_MESSAGE.rolloutAborted(2, "why"), "Rollout aborted update to revision 2: why"],
    [EVENT_MESSAGE.rolloutDeleted("web", "prod"), "Rollout web/prod is deleted."],
    [
      EVENT_MESSAGE.replicaSetCreateError("web-1", "no"),
      'Failed to create new replica set "web-1": no',
    ],
  ];
  for (const [message, expected] of rows) assert.equal(message, expected);
  assert.deepEqual([...WARNING_REASONS].sort(), [
    "ReconciliationError",
    "ReplicaSetCreateError",
    EVENT_REASON.rolloutAborted,
    "TrafficRoutingError",
    "UnreadableField",
  ]);
});

Deno.test("conditions say what Argo's say", () => {
  const next = { kind: "ReplicaSet", name: "web-1" } as const;
  const rows: [string, string][] = [
    [CONDITION_MESSAGE.newReplicaSetCreated("web-1"), 'Created new replica set "web-1"'],
    [CONDITION_MESSAGE.foundNewReplicaSet("web-1"), 'Found new replica set "web-1"'],
    [CONDITION_MESSAGE.progressing(next), 'ReplicaSet "web-1" is progressing.'],
    [
      CONDITION_MESSAGE.progressing({ kind: "Rollout", name: "web" }),
      'Rollout "web" is progressing.',
    ],
    [CONDITION_MESSAGE.progressed(next), 'ReplicaSet "web-1" has successfully progressed.'],
    [CONDITION_MESSAGE.timedOut(next), 'ReplicaSet "web-1" has timed out progressing.'],
    [CONDITION_MESSAGE.aborted(3, "why"), "Rollout aborted update to revision 3: why"],
    [CONDITION_MESSAGE.invalidSpec("web", "x"), 'The Rollout "web" is invalid: x'],
  ];
  for (const [message, expected] of rows) assert.equal(message, expected);
});

Deno.test("annotations that tell a Rollout's own story are not copied to its ReplicaSets", () => {
  assert.deepEqual(ANNOTATIONS_NOT_COPIED, [
    "kubectl.kubernetes.io/last-applied-configuration",
    "rollout.argoproj.io/revision",
    "rollout.argoproj.io/revision-history",
    "rollout.argoproj.io/desired-replicas",
    "notified.notifications.argoproj.io",
  ]);
});

Deno.test("a step is named after what it does", () => {
  const rows: [Parameters<typeof stepText>[0], string][] = [
    [{ setWeight: 0 }, "setWeight: 0"],
    [{ pause: {} }, "pause"],
    [{ pause: { duration: "10s" } }, "pause: 10s"],
    [{ pause: { duration: 10 } }, "pause: 10"],
    [{ experiment: {} }, "experiment"],
    [{ analysis: {} }, "analysis"],
    [{ setCanaryScale: { weight: 5 } }, "setCanaryScale{weight: 5}"],
    [{ setCanaryScale: { replicas: 3 } }, "setCanaryScale{replicas: 3}"],
    [{ setCanaryScale: { matchTrafficWeight: true } }, "setCanaryScale{matchTrafficWeight: true}"],
    [{ plugin: { name: "org/check" } }, "plugin: org/check"],
    [{ setHeaderRoute: { name: "a" } }, "setHeaderRoute: a"],
    [{ setMirrorRoute: { name: "b" } }, "setMirrorRoute: b"],
    [{}, "invalid"],
  ];
  for (const [step, text] of rows) assert.equal(stepText(step), text);
});
