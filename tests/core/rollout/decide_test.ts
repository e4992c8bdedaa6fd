import assert from "node:assert/strict";
import type { RolloutSpec } from "../../../sdk/api/rollout.ts";
import { statusPatch } from "../../../core/engine/mod.ts";
import { decide } from "../../../core/rollout/mod.ts";
import { runPass, runUntilSettled } from "./cluster_model.ts";
import { effectText, eventText, writesIn } from "./verdict_text.ts";
import { NOON, worldOf, type WorldShape } from "./world.ts";

const STEPS = [{ setWeight: 20 }, { pause: { duration: 30 } }, { setWeight: 60 }];
const STABLE = { hash: "aaa", size: 4, revision: 1 };
const NEXT = { hash: "bbb", size: 1, revision: 2 };

const updating = (shape: WorldShape = {}) =>
  worldOf({ steps: STEPS, stable: STABLE, next: NEXT, ...shape });

const timeOf = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().replace(".000Z", "Z");

/** Progressing since a time, for reasons of its own. */
const progressing = (lastUpdateTime: string, reason = "ReplicaSetUpdated") => ({
  conditions: [{
    type: "Progressing" as const,
    status: "True" as const,
    reason,
    message: "",
    lastUpdateTime,
    lastTransitionTime: lastUpdateTime,
  }],
});

Deno.test("decide() leaves a Rollout alone that asks for what is not served, and says so", () => {
  const canary = (field: Record<string, unknown>): Partial<RolloutSpec> => ({
    strategy: { canary: { steps: STEPS, ...field } },
  });
  const rows: { field: string; spec: Partial<RolloutSpec> }[] = [
    { field: "spec.strategy.canary.pingPong", spec: canary({ pingPong: {} }) },
    {
      field: "spec.strategy.canary.trafficRouting.smi",
      spec: canary({ trafficRouting: { smi: {} } }),
    },
    {
      field: "spec.strategy.canary.trafficRouting.plugins.a/b",
      spec: canary({ trafficRouting: { plugins: { "a/b": {} } } }),
    },
  ];
  for (const { field, spec } of rows) {
    for (
      const status of [{}, { observedGeneration: "2", replicas: 5, phase: "Healthy" as const }]
    ) {
      const world = worldOf({ templateHash: "bbb", stable: STABLE, spec, status });
      const message = `${field} is not supported by this version`;
      assert.deepEqual(decide(world), {
        effects: [],
        status: { ...world.rollout.status, phase: "Degraded", message },
        events: [],
        why: message,
      });
    }
  }
});

Deno.test("decide() takes a field that is switched off for one that is absent", () => {
  const { status } = decide(worldOf({ next: NEXT, spec: { progressDeadlineAbort: false } }));
  assert.notEqual(status?.["phase"], "Degraded");
});

Deno.test("decide() stays at a step whose plugin nobody has, and does not call that a pause", () => {
  const world = updating({
    steps: [
      { setWeight: 20 },
      { pause: {} },
      { plugin: { name: "org/check" } },
      { setWeight: 40 },
      {
        pause: {},
      },
    ],
    status: { currentStepIndex: 2, ...progressing("2026-03-01T01:00:00Z") },
  });
  const why = "plugin org/check not configured in configmap";
  const decision = decide(world);
  assert.deepEqual(decision.effects, []);
  assert.equal(decision.why, why);
  assert.equal(decision.status?.["phase"], "Progressing");
  assert.equal(decision.status?.["message"], `Reconciliation failed with error: ${why}`);
  assert.equal(decision.status?.["currentStepIndex"], 2);
  assert.equal(decision.status?.["pauseConditions"], undefined);
  // Long past the progress deadline: such a step may rightly last.
  assert.ok(!JSON.stringify(decision.status).includes("ProgressDeadlineExceeded"));
  const last = runUntilSettled(world).world.rollout.status;
  assert.equal(last?.currentStepIndex, 2);
  const full = runUntilSettled(
    updating({
      steps: [{ setWeight: 20 }, { plugin: { name: "org/check" } }],
      status: { currentStepIndex: 1, promoteFull: true },
    }),
  ).world.rollout.status;
  assert.equal(full?.phase, "Healthy", "a full promotion leaves it out");
});

Deno.test("decide() writes nothing for an invalid spec but what is wrong", () => {
  const invalid = "spec.replicas: Invalid value: -1: must be greater than or equal to 0";
  const message = `The Rollout "web" is invalid: ${invalid}`;
  const world = updating({ templateHash: "new", invalid, generation: 7 });
  const decision = decide(world);
  assert.deepEqual(decision.effects, []);
  assert.deepEqual(decision.events, []);
  assert.equal(decision.why, message);
  assert.deepEqual(decision.status, {
    blueGreen: {},
    canary: {},
    ...world.rollout.status,
    observedGeneration: "7",
    conditions: [{
      type: "InvalidSpec",
      status: "True",
      reason: "InvalidSpec",
      message,
      lastUpdateTime: NOON,
      lastTransitionTime: NOON,
    }],
    phase: "Degraded",
    message: `InvalidSpec: ${message}`,
  });
});

Deno.test("decide() greets a Rollout once, with the first thing that comes true", () => {
  const greeting = "Normal RolloutAddedToInformer: Rollout resource added to informer: shop/web";
  const unseen = { stableRS: "", currentPodHash: "", currentStepHash: "" };
  const fresh = worldOf({ templateHash: "aaa", status: unseen });
  const { observedGeneration: _, ...status } = fresh.rollout.status ?? {};
  const world = { ...fresh, rollout: { ...fresh.rollout, status } };
  const first = decide(world);
  assert.deepEqual(first.effects[0]?.events?.map(eventText), [greeting]);
  assert.ok(!first.events.map(eventText).includes(greeting));
  const refused = decide({ ...world, invalid: "spec: wrong" });
  assert.deepEqual(refused.events.map(eventText), [greeting]);
  assert.ok(!JSON.stringify(decide(fresh)).includes("AddedToInformer"), "observed before");
});

Deno.test("decide() follows a change of spec.replicas before anything else moves", () => {
  const paused = {
    currentStepIndex: 1,
    controllerPause: true,
    pauseConditions: [{ reason: "CanaryPauseStep" as const, startTime: "2026-03-01T11:00:00Z" }],
  };
  const services = { "web-canary": { selects: "aaa" } };
  const decision = decide(updating({
    replicas: 10,
    stable: { ...STABLE, desired: 5 },
    next: { ...NEXT, desired: 5 },
    canary: { canaryService: "web-canary" },
    services,
    status: paused,
  }));
  assert.deepEqual(decision.effects.map(effectText), ["size web-aaa 8", "size web-bbb 2"]);
  assert.equal(decision.status?.["currentStepIndex"], 1, "the pause is over, but not in this pass");
  assert.ok(!JSON.stringify(decision.events).includes("RolloutStepCompleted"));
});

Deno.test("decide() wakes for the end of a pause and the progress deadline only", () => {
  const since = (startTime: string) => ({
    currentStepIndex: 1,
    controllerPause: true,
    pauseConditions: [{ reason: "CanaryPauseStep" as const, startTime }],
  });
  const counts = { replicas: 5, updatedReplicas: 1, readyReplicas: 5, availableReplicas: 5 };
  const missing = { ...NEXT, available: 0 };
  const rows: { name: string; shape: WorldShape; wakeAt?: string }[] = [
    { name: "a pause", shape: { status: since(NOON) }, wakeAt: "2026-03-01T12:00:31Z" },
    {
      name: "a pod is missing: ten minutes after the last progress, and the second cut off",
      shape: { next: missing, status: { ...counts, ...progressing("2026-03-01T11:55:00Z") } },
      wakeAt: "2026-03-01T12:05:01Z",
    },
    {
      name: "another deadline",
      shape: {
        next: missing,
        status: { ...counts, ...progressing("2026-03-01T11:55:00Z") },
        spec: { progressDeadlineSeconds: 400 },
      },
      wakeAt: "2026-03-01T12:01:41Z",
    },
    {
      name: "it has passed already",
      shape: {
        next: missing,
        status: { ...counts, ...progressing("2026-03-01T11:00:00Z", "ProgressDeadlineExceeded") },
      },
    },
    { name: "aborted", shape: { status: { abort: true, abortedAt: NOON } } },
    { name: "spec.paused", shape: { spec: { paused: true } } },
    {
      name: "a pause without end",
      shape: { steps: [{ setWeight: 20 }, { pause: {} }], status: since(NOON) },
    },
  ];
  for (const { name, shape, wakeAt } of rows) {
    assert.equal(timeOf(decide(updating(shape)).wakeAtMs), wakeAt, name);
  }
});

Deno.test("decide() wakes for nothing that has passed, when no update is under way", () => {
  const full = { replicas: 5, updatedReplicas: 5, readyReplicas: 5, availableReplicas: 5 };
  const since = (time: string) => ({ ...full, ...progressing(time, "NewReplicaSetAvailable") });
  const missing = { hash: "bbb", size: 5, available: 4 };
  const rows: { name: string; shape: WorldShape; wakeAt?: string }[] = [
    { name: "healthy", shape: {} },
    {
      name: "healthy long since, and to be restarted in an hour",
      shape: {
        status: since("2026-03-01T11:00:00Z"),
        spec: { restartAt: "2026-03-01T13:00:00Z" },
      },
      wakeAt: "2026-03-01T13:00:00Z",
    },
    {
      name: "a pod is missing under spec.paused",
      shape: {
        next: missing,
        status: since("2026-03-01T11:55:00Z"),
        spec: { paused: true },
      },
    },
  ];
  for (const { name, shape, wakeAt } of rows) {
    const world = worldOf({ steps: STEPS, next: { hash: "bbb", size: 5 }, ...shape });
    assert.equal(timeOf(decide(world).wakeAtMs), wakeAt, name);
  }
});

Deno.test("decide() takes the last pod and brings back the first, though spec.paused halts sizes", () => {
  const paused = { spec: { paused: true } };
  const services = { users: { selects: "aaa" } };
  const inUpdate = { steps: STEPS, canary: { stableService: "users" }, services, ...paused };
  const rows: { name: string; shape: WorldShape; effects: string[] }[] = [
    {
      name: "the pod that was kept for users, when the others are gone",
      shape: {
        ...inUpdate,
        replicas: 0,
        stable: { hash: "aaa", size: 1 },
        next: { hash: "bbb", size: 0 },
      },
      effects: ["size web-aaa 0"],
    },
    {
      name: "not before: one stays with users",
      shape: {
        ...inUpdate,
        replicas: 0,
        stable: { hash: "aaa", size: 1 },
        next: { hash: "bbb", size: 0, present: 1, available: 1 },
      },
      effects: [],
    },
    {
      name: "stable comes back, the update waits",
      shape: {
        ...inUpdate,
        replicas: 5,
        stable: { hash: "aaa", size: 0, desired: 0 },
        next: { hash: "bbb", size: 0, desired: 0 },
      },
      effects: ["size web-aaa 5"],
    },
    {
      name: "at rest",
      shape: { replicas: 5, steps: STEPS, next: { hash: "aaa", size: 0, desired: 0 }, ...paused },
      effects: ["size web-aaa 5"],
    },
    {
      name: "in a blue-green the update waits too",
      shape: {
        replicas: 5,
        blueGreen: { activeService: "users" },
        services,
        stable: { hash: "aaa", size: 0, desired: 0 },
        next: { hash: "bbb", size: 0, desired: 0 },
        ...paused,
      },
      effects: ["size web-aaa 5"],
    },
    {
      name: "a blue-green at rest",
      shape: {
        replicas: 5,
        blueGreen: { activeService: "users" },
        services,
        next: { hash: "aaa", size: 0, desired: 0 },
        ...paused,
      },
      effects: ["size web-aaa 5"],
    },
    {
      name: "a set that never had a pod gets none",
      shape: { replicas: 5, next: { hash: "aaa", size: 0, desired: 4 }, ...paused },
      effects: [],
    },
  ];
  for (const { name, shape, effects } of rows) {
    assert.deepEqual(decide(worldOf(shape)).effects.map(effectText), effects, name);
  }
});

Deno.test("decide() sees an abort, and the pause itself, at any sizes under spec.paused", () => {
  const paused = { steps: STEPS, spec: { paused: true } };
  const pods = { stable: { hash: "aaa", size: 1 }, next: { hash: "bbb", size: 1 } };
  const aborted = decide(worldOf({ ...paused, ...pods, replicas: 0, status: { abort: true } }));
  assert.equal(aborted.status?.["abortedAt"], NOON);
  // Stable was scaled to nothing, and the newest set alone came back.
  const stable = { hash: "aaa", size: 0, desired: 0 };
  const drained = decide(worldOf({ ...paused, stable, next: { hash: "bbb", size: 5 } }));
  assert.match(drained.why, /paused by spec\.paused/);
});

Deno.test("a settled world yields no effect, no difference of status and no event", () => {
  const worlds: Record<string, WorldShape> = {
    healthy: { steps: STEPS, next: { hash: "aaa", size: 5 } },
    empty: { replicas: 0, next: { hash: "aaa", size: 0 } },
    "paused by a step": {
      steps: [{ setWeight: 20 }, { pause: {} }],
      stable: STABLE,
      next: NEXT,
      status: { currentStepIndex: 1 },
    },
    "paused by spec.paused": {
      steps: STEPS,
      stable: STABLE,
      next: NEXT,
      spec: { paused: true },
      status: { duration: { rolloutStartedAt: NOON } },
    },
    aborted: { steps: STEPS, stable: STABLE, next: NEXT, status: { abort: true } },
    invalid: { next: { hash: "aaa", size: 5 }, invalid: "spec: wrong" },
    unserved: { next: { hash: "aaa", size: 5 }, canary: { analysis: { templates: [] } } },
    "at an unserved step": {
      steps: [{ setWeight: 20 }, { experiment: {} }],
      stable: STABLE,
      next: NEXT,
      status: { currentStepIndex: 1 },
    },
  };
  for (const [name, shape] of Object.entries(worlds)) {
    const { world } = runUntilSettled(worldOf(shape));
    for (const laterMs of [0, 1000, 86_400_000]) {
      const later = { ...world, nowMs: world.nowMs + laterMs };
      const decision = decide(later);
      assert.deepEqual(decision.effects, [], name);
      assert.deepEqual(decision.events, [], name);
      const patch = statusPatch(later.rollout.status ?? {}, decision.status ?? {});
      assert.equal(patch, undefined, name);
      assert.notEqual(decision.why, "", name);
    }
  }
});

Deno.test("a canary that never gets ready is told of once, after its deadline", () => {
  const { world } = runUntilSettled(
    updating({ stable: { hash: "aaa", size: 5 }, next: { hash: "bbb", size: 0, revision: 2 } }),
    { health: (hash) => hash === "aaa" },
  );
  const wakeAtMs = decide(world).wakeAtMs ?? 0;
  assert.equal(timeOf(wakeAtMs), "2026-03-01T12:10:01Z");
  const early = runPass({ ...world, nowMs: wakeAtMs - 1 });
  assert.equal(early.isStatusWritten, false);
  const { passes, world: stuck } = runUntilSettled({ ...world, nowMs: wakeAtMs }, {
    health: (hash) => hash === "aaa",
  });
  assert.equal(passes.filter((pass) => pass.isStatusWritten).length, 1);
  assert.deepEqual(passes.flatMap((pass) => pass.decision.effects), []);
  assert.equal(stuck.rollout.status?.phase, "Degraded");
  assert.equal(
    stuck.rollout.status?.message,
    'ProgressDeadlineExceeded: ReplicaSet "web-bbb" has timed out progressing.',
  );
  const recovered = runUntilSettled(stuck).world.rollout.status;
  assert.equal(recovered?.phase, "Paused", "pods that come after all are progress again");
});

Deno.test("decide() gives the same for the same snapshot, and changes nothing in it", () => {
  const start = worldOf({
    steps: STEPS,
    templateHash: "aaa",
    status: { stableRS: "", currentPodHash: "", currentStepHash: "" },
  });
  // Every world on the way is deep-frozen: a write into one would have thrown.
  const { passes } = runUntilSettled(start);
  assert.ok(passes.length > 3);
  for (const { world, decision } of passes) {
    const text = JSON.stringify(world);
    assert.deepEqual(decide(world), decision);
    assert.equal(JSON.stringify(world), text);
  }
});

Deno.test("decide() lets Services follow their pods under spec.paused, and no size move", () => {
  const world = updating({
    canary: { stableService: "web-stable", canaryService: "web-canary" },
    // The canary is one pod short of what the step asks for: only the halt holds that back.
    next: { ...NEXT, size: 1, available: 1 },
    status: { currentStepIndex: 2 },
    spec: { paused: true },
    services: { "web-stable": { selects: "aaa" }, "web-canary": { selects: "aaa" } },
  });
  const { effects } = decide(world);
  assert.deepEqual(writesIn({ effects }).map(({ type, ref }) => `${type.plural} ${ref.name}`), [
    "services web-canary",
  ]);
});

Deno.test("every patch says on which version of its object it was decided", () => {
  const started = { rolloutStartedAt: "2026-03-01T11:59:00Z" };
  const worlds = [
    worldOf({ steps: STEPS, stable: STABLE, templateHash: "bbb" }),
    updating({ annotations: { "rollout.argoproj.io/revision": "0" } }),
    updating({ next: { ...NEXT, revision: 0 } }),
    updating({
      next: { ...NEXT, available: 0 },
      status: { availableReplicas: 5, readyReplicas: 5, updatedReplicas: 1, duration: started },
    }),
    updating({
      canary: { canaryService: "web-canary" },
      services: { "web-canary": { selects: "aaa" } },
    }),
    updating({ status: { abort: true } }),
  ];
  const patches = worlds.flatMap((world) => writesIn(decide(world)))
    .filter((write) => write.verb === "patch");
  assert.ok(patches.length >= worlds.length, `${patches.length} patches`);
  for (const { ref, patch, decidedOn } of patches) {
    assert.ok(decidedOn !== undefined, `${ref.name}: ${JSON.stringify(patch)}`);
  }
});
