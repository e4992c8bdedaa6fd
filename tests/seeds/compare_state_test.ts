import assert from "node:assert/strict";
import aborted from "../fixtures/seeds/03-canary-undo-abort/snapshots/06.json" with {
  type: "json",
};
import type { KubeObject } from "../../sdk/api/object.ts";
import { type ClusterState, compareState, hashesOf, stateOf } from "./compare.ts";

const OLD = "5bd695c454";
const NEW = "77f87799cf";

function objects() {
  return {
    rollout: object("Rollout", "web", {
      status: {
        HPAReplicas: 5,
        abort: false,
        blueGreen: {},
        canary: { weights: { canary: { podTemplateHash: NEW, weight: 20 } } },
        conditions: [condition("Progressing", "Unknown"), condition("Available", "True")],
        controllerPause: true,
        currentPodHash: NEW,
        currentStepHash: "7f766464b6",
        currentStepIndex: 1,
        duration: {
          rolloutStartedAt: "2026-01-01T00:00:00Z",
          totalManualPauseDurationSeconds: 4,
          completionStatus: "Promoted",
        },
        message: `ReplicaSet "web-${NEW}" is progressing.`,
        observedGeneration: "3",
        pauseConditions: [{ reason: "CanaryPauseStep", startTime: "2026-01-01T00:00:00Z" }],
        abortedAt: "2026-01-01T00:00:00Z",
        stableRS: OLD,
      },
    }),
    replicaSets: [replicaSet(OLD, "1", 4), replicaSet(NEW, "2", 1)],
    services: [service("web-stable", OLD), service("web-canary", NEW)],
    routed: [
      object("VirtualService", "web", { spec: { http: [{ route: [{ weight: 80 }] }] } }),
      object("DestinationRule", "web", { spec: { subsets: [{ labels: { hash: NEW } }] } }),
    ],
  };
}

function object(kind: string, name: string, rest: Record<string, unknown>): KubeObject {
  return { apiVersion: "any/v1", kind, metadata: { name }, ...rest };
}

function condition(type: string, status: string) {
  const time = "2026-01-01T00:00:00Z";
  return {
    type,
    status,
    reason: `${type}Reason`,
    message: `${type} of web-${NEW}`,
    lastUpdateTime: time,
    lastTransitionTime: time,
  };
}

function replicaSet(hash: string, revision: string, replicas: number): KubeObject {
  return {
    ...object("ReplicaSet", `web-${hash}`, { spec: { replicas }, status: { replicas } }),
    metadata: {
      name: `web-${hash}`,
      generation: 7,
      labels: { app: "web", "rollouts-pod-template-hash": hash },
      annotations: {
        "rollout.argoproj.io/revision": revision,
        "scale-down-deadline": "2026-01-01T00:00:30Z",
      },
    },
  };
}

function service(name: string, hash: string): KubeObject {
  const metadata = {
    name,
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", team: "web" },
  };
  const selector = { app: "web", "rollouts-pod-template-hash": hash };
  return { ...object("Service", name, { spec: { selector } }), metadata };
}

/** The state after something was changed in it. */
function changed(change: (state: ClusterState) => void): ClusterState {
  const state = stateOf(objects());
  change(state);
  return state;
}

Deno.test("stateOf() keeps no time, no generation and no false flag", () => {
  const state = stateOf(objects());
  const text = JSON.stringify(state);
  assert.ok(!/2026|eneration|lastApplied|last-applied|"abort"|Seconds/.test(text), text);
  assert.equal(state.status["abortedAt"], "<time>");
  assert.deepEqual(state.status["duration"], { completionStatus: "Promoted" });
  assert.deepEqual(state.status["pauseConditions"], [{ reason: "CanaryPauseStep" }]);
  assert.equal(state.replicaSets[0]?.annotations["scale-down-deadline"], "<time>");
});

Deno.test("stateOf() reads an object without maps, size and status as empty", () => {
  const bare = {
    rollout: object("Rollout", "web", {}),
    replicaSets: [object("ReplicaSet", "a", {})],
  };
  assert.deepEqual(stateOf({ ...bare, services: [object("Service", "a", {})] }), {
    status: {},
    replicaSets: [{ name: "a", replicas: 1, labels: {}, annotations: {} }],
    services: [{ name: "a", selector: {}, annotations: {} }],
  });
});

const ALIKE: [name: string, change: (text: string) => string][] = [
  ["the same state", (text) => text],
  [
    "other hashes",
    (text) => text.replaceAll(OLD, "zzzzzzzz").replaceAll(NEW, "c594d5fbd"),
  ],
  ["hashes whose names sort the other way", (text) => text.replaceAll(OLD, "zzzzzzzzz")],
  ["other times", (text) => text.replaceAll("2026-01-01", "2027-02-02")],
  [
    "other generations",
    (text) => text.replaceAll('"observedGeneration":"3"', '"observedGeneration":"9"'),
  ],
  ["another total of pauses", (text) => text.replaceAll('Seconds":4', 'Seconds":99')],
  ["a flag that is absent instead of false", (text) => text.replace('"abort":false,', "")],
];

for (const [name, change] of ALIKE) {
  Deno.test(`compareState() is content with ${name}`, () => {
    const other = JSON.parse(change(JSON.stringify(objects())));
    assert.deepEqual(compareState(stateOf(objects()), stateOf(other)), []);
  });
}

Deno.test("compareState() is content with lists of objects and conditions in another order", () => {
  const { rollout, replicaSets, services, routed } = objects();
  (rollout["status"] as { conditions: unknown[] }).conditions.reverse();
  const other = {
    rollout,
    replicaSets: replicaSets.reverse(),
    services: services.reverse(),
    routed: routed.reverse(),
  };
  assert.deepEqual(compareState(stateOf(objects()), stateOf(other)), []);
});

const DEVIATIONS: [change: (state: ClusterState) => void, difference: string][] = [
  [({ status }) => status["HPAReplicas"] = 6, "status.HPAReplicas: expected 5, found 6"],
  [
    ({ status }) => delete status["controllerPause"],
    "status.controllerPause: expected true, found nothing",
  ],
  [
    ({ status }) => status["promoteFull"] = true,
    "status.promoteFull: expected nothing, found true",
  ],
  [({ status }) => status["currentStepIndex"] = 0, "status.currentStepIndex: expected 1, found 0"],
  [
    ({ status }) => status["currentStepHash"] = "bf7f7dc94",
    'status.currentStepHash: expected "7f766464b6", found "bf7f7dc94"',
  ],
  [({ status }) => status["stableRS"] = NEW, 'status.stableRS: expected "H1", found "H2"'],
  [({ status }) => delete status["blueGreen"], "status.blueGreen: expected {}, found nothing"],
  [
    ({ status }) =>
      status["canary"] = { weights: { canary: { podTemplateHash: NEW, weight: 30 } } },
    "status.canary.weights.canary.weight: expected 20, found 30",
  ],
  [
    ({ status }) => (status["conditions"] as { status: string }[])[0]!.status = "False",
    'status.conditions[0].status: expected "True", found "False"',
  ],
  [
    ({ status }) => (status["conditions"] as { message: string }[])[0]!.message = "else",
    'status.conditions[0].message: expected "Available of web-H2", found "else"',
  ],
  [
    ({ status }) => (status["conditions"] as unknown[]).pop(),
    'status.conditions[1]: expected {"type":"Progressing","status":"Unknown",' +
    '"reason":"ProgressingReason","message":"Progressing of web-H2"}, found nothing',
  ],
  [
    ({ status }) => status["pauseConditions"] = [],
    'status.pauseConditions[0]: expected {"reason":"CanaryPauseStep"}, found nothing',
  ],
  [
    ({ status }) => status["duration"] = { completionStatus: "Aborted" },
    'status.duration.completionStatus: expected "Promoted", found "Aborted"',
  ],
  [
    ({ status }) => delete status["abortedAt"],
    'status.abortedAt: expected "<time>", found nothing',
  ],
  [
    ({ replicaSets }) => replicaSets[0]!.replicas = 5,
    "replicaSets.web-H1.replicas: expected 4, found 5",
  ],
  [
    ({ replicaSets }) => replicaSets[1]!.labels["app"] = "api",
    'replicaSets.web-H2.labels.app: expected "web", found "api"',
  ],
  [
    ({ replicaSets }) => delete replicaSets[1]!.annotations["scale-down-deadline"],
    'replicaSets.web-H2.annotations.scale-down-deadline: expected "<time>", found nothing',
  ],
  [
    ({ replicaSets }) => replicaSets[1]!.name = "api",
    "replicaSets.api: expected nothing, found ",
  ],
  [
    ({ services }) => services[0]!.selector["rollouts-pod-template-hash"] = OLD,
    'services.web-canary.selector.rollouts-pod-template-hash: expected "H2", found "H1"',
  ],
  [
    ({ services }) => delete services[1]!.annotations["team"],
    'services.web-stable.annotations.team: expected "web", found nothing',
  ],
  [({ services }) => services.pop(), "services.web-stable: expected "],
  [
    ({ routed }) => routed![1]!.spec["http"] = [{ route: [{ weight: 70 }] }],
    "routed.VirtualService/web.spec.http[0].route[0].weight: expected 80, found 70",
  ],
  [
    ({ routed }) => routed![0]!.spec["subsets"] = [{ labels: { hash: OLD } }],
    'routed.DestinationRule/web.spec.subsets[0].labels.hash: expected "H2", found "H1"',
  ],
  [
    ({ routed }) => routed![1]!.annotations["team"] = "web",
    'routed.VirtualService/web.annotations.team: expected nothing, found "web"',
  ],
  [(state) => delete state.routed, "routed.DestinationRule/web: expected "],
];

for (const [change, difference] of DEVIATIONS) {
  Deno.test(`compareState() tells ${difference}`, () => {
    const differences = compareState(stateOf(objects()), changed(change));
    assert.ok(differences.some((line) => line.startsWith(difference)), differences.join("\n"));
  });
}

Deno.test("compareState() numbers hashes as their runs do, when told how", () => {
  const state = stateOf(objects());
  const expected = hashesOf([OLD, NEW]);
  assert.deepEqual(compareState(state, state, { expected, actual: expected }), []);
  const swapped = hashesOf([NEW, OLD]);
  assert.notDeepEqual(compareState(state, state, { expected, actual: swapped }), []);
});

Deno.test("compareState() tells each leaf of a recorded state that is not there", () => {
  const recorded = aborted as unknown as ClusterState;
  assert.deepEqual(compareState(recorded, recorded), []);
  for (const key of Object.keys(recorded.status)) {
    const status = Object.fromEntries(
      Object.entries(recorded.status).filter(([other]) => other !== key),
    );
    assert.notDeepEqual(compareState(recorded, { ...recorded, status }), [], key);
  }
});
