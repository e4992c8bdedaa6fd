import assert from "node:assert/strict";
import type { CanaryStep, IntOrString } from "../../../sdk/api/rollout.ts";
import { fenceposts, type RolloutWorld } from "../../../core/rollout/mod.ts";
import { hashOf, type ReplicaSet } from "../../../core/sets/mod.ts";
import { afterPass, edited, type Health, type Pass, runUntilSettled } from "./cluster_model.ts";
import { assertVersioned } from "./verdict_text.ts";
import { worldOf } from "./world.ts";

const SERVICES = { canaryService: "web-canary", stableService: "web-stable" };

interface Limits {
  replicas: number;
  maxSurge: IntOrString;
  maxUnavailable: IntOrString;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const wanted = (set: ReplicaSet) => set.spec.replicas ?? 1;
const available = (set: ReplicaSet) => set.status?.availableReplicas ?? 0;
const sizeIn = (world: RolloutWorld, name: string) =>
  world.replicaSets.filter((set) => set.metadata.name === name).map(wanted)[0] ?? 0;
const selectedIn = (world: RolloutWorld, service: string) =>
  world.services.get(service)?.spec?.selector?.["rollouts-pod-template-hash"];

/** The safety rules for sets without a router, said once more from their text. */
function judge(pass: Pass, { replicas, ...limits }: Limits): void {
  const before = pass.world;
  const after = afterPass(pass);
  assertVersioned(before, pass.decision.effects);
  const { surge, unavailable } = fenceposts(replicas, limits);
  const serving = sum(before.replicaSets.map((set) => Math.min(wanted(set), available(set))));
  const left = sum(
    before.replicaSets.map((set) => Math.min(sizeIn(after, set.metadata.name), available(set))),
  );
  const [had, has] = [sum(before.replicaSets.map(wanted)), sum(after.replicaSets.map(wanted))];
  const place = () =>
    JSON.stringify({
      replicas,
      ...limits,
      effects: pass.decision.effects,
      sets: before.replicaSets.map((set) => [hashOf(set), wanted(set), available(set)]),
    });
  if (left < Math.min(serving, replicas - unavailable)) assert.fail(`S7, floor: ${place()}`);
  if (has > Math.max(had, replicas + surge)) assert.fail(`S7, ceiling: ${place()}`);
  const selected = selectedIn(before, "web-stable");
  for (const set of before.replicaSets) {
    if (hashOf(set) !== selected || wanted(set) === 0) continue;
    const others = before.replicaSets.some((other) => other !== set && available(other) > 0);
    const isEmptied = sizeIn(after, set.metadata.name) === 0;
    if (isEmptied && others) assert.fail(`S6: ${place()}`);
  }
}

/** Fails when a Service selected something, something else, and the first thing again. */
function assertNoReturn(passes: readonly Pass[], limits: Limits): void {
  for (const service of Object.values(SERVICES)) {
    const seen = passes.map((pass) => selectedIn(afterPass(pass), service))
      .filter((hash, index, all) => hash !== all[index - 1]);
    const first = selectedIn(passes[0]!.world, service);
    const trail = seen[0] === first ? seen : [first, ...seen];
    assert.equal(new Set(trail).size, trail.length, `${JSON.stringify(limits)}: ${trail}`);
  }
}

/** Fails when a set's size goes up and down, or down and up. */
function assertOneWay(passes: readonly Pass[], hash: string, limits: Limits): void {
  const sizes = passes.map((pass) => sizeIn(afterPass(pass), `web-${hash}`));
  const directions = sizes.slice(1).map((size, index) => Math.sign(size - sizes[index]!));
  const ways = new Set(directions.filter((direction) => direction !== 0));
  assert.ok(ways.size <= 1, `${JSON.stringify(limits)}: ${hash} ${sizes}`);
}

function settle(start: RolloutWorld, limits: Limits, health?: Health): RolloutWorld {
  const { passes, world } = runUntilSettled(start, health === undefined ? {} : { health });
  for (const pass of passes) judge(pass, limits);
  assertNoReturn(passes, limits);
  return world;
}

function deployed(steps: CanaryStep[], limits: Limits): RolloutWorld {
  const { replicas, ...fences } = limits;
  const fresh = { isManaged: false };
  const start = worldOf({
    replicas,
    steps,
    canary: { ...SERVICES, ...fences },
    services: { "web-canary": fresh, "web-stable": fresh },
    templateHash: "aaa",
    generation: 1,
    status: { observedGeneration: "0", stableRS: "", currentPodHash: "", currentStepHash: "" },
  });
  return settle(start, limits);
}

const promoted = (world: RolloutWorld) => edited(world, { status: { pauseConditions: undefined } });

function assertHealthy(world: RolloutWorld, hash: string, limits: Limits): void {
  const place = JSON.stringify(limits);
  const { rollout } = world;
  assert.equal(rollout.status?.phase, "Healthy", `${place}: ${rollout.status?.message}`);
  assert.equal(rollout.status?.stableRS, hash, place);
  for (const set of world.replicaSets) {
    assert.equal(
      wanted(set),
      hashOf(set) === hash ? limits.replicas : 0,
      `${place} ${hashOf(set)}`,
    );
  }
  for (const service of Object.values(SERVICES)) {
    assert.equal(selectedIn(world, service), hash, `${place}: ${service}`);
  }
}

function* allLimits(replicasMax: number): Generator<Limits> {
  for (let replicas = 1; replicas <= replicasMax; replicas++) {
    for (const maxSurge of [0, 1, "25%", "100%"]) {
      for (const maxUnavailable of [0, 1, "50%"]) yield { replicas, maxSurge, maxUnavailable };
    }
  }
}

Deno.test("an update ends healthy at every limit, no Service and no size going to and fro", () => {
  for (const limits of allLimits(6)) {
    for (const weight of [1, 33, 50, 75, 100]) {
      const steps = [{ setWeight: weight }, { pause: {} }, { setWeight: 100 }];
      let world = deployed(steps, limits);
      assertHealthy(world, "aaa", limits);
      const started = runUntilSettled(edited(world, { templateHash: "bbb" }));
      const finished = runUntilSettled(promoted(started.world));
      const passes = [...started.passes, ...finished.passes];
      for (const pass of passes) judge(pass, limits);
      assert.equal(started.world.rollout.status?.phase, "Paused", JSON.stringify(limits));
      assertNoReturn(passes, limits);
      assertOneWay(passes, "aaa", limits);
      assertOneWay(passes, "bbb", limits);
      world = finished.world;
      assertHealthy(world, "bbb", limits);
    }
  }
});

Deno.test("an abort at every limit gives all pods back to stable, and stays told", () => {
  for (const limits of allLimits(6)) {
    for (const weight of [1, 50, 75, 100]) {
      const steps = [{ setWeight: weight }, { pause: {} }];
      const atPause = settle(edited(deployed(steps, limits), { templateHash: "bbb" }), limits);
      const world = settle(edited(atPause, { status: { abort: true } }), limits);
      const { status } = world.rollout;
      const place = JSON.stringify({ ...limits, weight });
      assert.equal(status?.phase, "Degraded", place);
      assert.equal(status?.message, "RolloutAborted: Rollout aborted update to revision 2", place);
      assert.equal(sizeIn(world, "web-aaa"), limits.replicas, place);
      assert.equal(sizeIn(world, "web-bbb"), 0, place);
      for (const service of Object.values(SERVICES)) {
        assert.equal(selectedIn(world, service), "aaa", place);
      }
      const retried = settle(edited(world, { status: { abort: false } }), limits);
      assert.equal(retried.rollout.status?.phase, "Paused", place);
      assert.equal(retried.rollout.status?.currentStepIndex, 1, place);
    }
  }
});

Deno.test("a third template, and going back to the first, stay inside the limits", () => {
  for (const limits of allLimits(5)) {
    for (const weight of [20, 66, 100]) {
      const steps = [{ setWeight: weight }, { pause: {} }];
      const atPause = settle(edited(deployed(steps, limits), { templateHash: "bbb" }), limits);
      const third = settle(edited(atPause, { templateHash: "ccc" }), limits);
      assert.equal(third.rollout.status?.phase, "Paused", JSON.stringify(limits));
      assert.equal(sizeIn(third, "web-bbb"), 0, JSON.stringify(limits));
      assertHealthy(settle(promoted(third), limits), "ccc", limits);
      assertHealthy(settle(edited(atPause, { templateHash: "aaa" }), limits), "aaa", limits);
    }
  }
});

Deno.test("a canary that never gets ready leaves stable enough pods", () => {
  const health: Health = (hash) => hash !== "bbb";
  for (const limits of allLimits(5)) {
    for (const weight of [60, 100]) {
      const steps = [{ setWeight: weight }, { pause: {} }];
      const stuck = settle(
        edited(deployed(steps, limits), { templateHash: "bbb" }),
        limits,
        health,
      );
      const place = JSON.stringify(limits);
      assert.equal(stuck.rollout.status?.currentStepIndex, 0, place);
      const { replicas, ...fences } = limits;
      const { unavailable } = fenceposts(replicas, fences);
      assert.ok(sizeIn(stuck, "web-aaa") >= replicas - unavailable, place);
      const aborted = settle(edited(stuck, { status: { abort: true } }), limits, health);
      assert.equal(sizeIn(aborted, "web-aaa"), replicas, place);
      assert.equal(sizeIn(aborted, "web-bbb"), 0, place);
    }
  }
});

Deno.test("scaling in a pause keeps the weight, to nothing and back too", () => {
  for (const limits of allLimits(4)) {
    const steps = [{ setWeight: 50 }, { pause: {} }];
    const atPause = settle(edited(deployed(steps, limits), { templateHash: "bbb" }), limits);
    for (const replicas of [8, 1, 0]) {
      const scaled = settle(edited(atPause, { spec: { replicas } }), { ...limits, replicas });
      const total = sum(scaled.replicaSets.map(wanted));
      const { surge } = fenceposts(replicas, limits);
      assert.ok(total >= replicas && total <= replicas + surge, `${replicas}: ${total}`);
      assert.equal(scaled.rollout.status?.currentStepIndex, 1);
      const back = settle(edited(scaled, { spec: { replicas: limits.replicas } }), limits);
      for (const hash of ["aaa", "bbb"]) {
        const name = `web-${hash}`;
        assert.equal(sizeIn(back, name), sizeIn(atPause, name), JSON.stringify(limits));
      }
    }
  }
});
