import assert from "node:assert/strict";
import { pause, scale } from "../../../core/command/mod.ts";
import { emptyWorld, WEB, worldWith } from "./world.ts";

const STATUS = { currentStepIndex: 1, phase: "Paused" as const };

Deno.test("pause sets spec.paused and nothing else", async () => {
  const world = await worldWith({ status: STATUS });
  const before = await world.rollout();
  assert.equal(await pause(world.client, WEB), "rollout 'web' paused");
  const after = await world.rollout();
  assert.deepEqual(after.spec, { ...before.spec, paused: true });
  assert.deepEqual(after.status, before.status);
  assert.deepEqual(world.writes, ["patch rollouts"]);
});

Deno.test("scale sets spec.replicas through the scale subresource and nothing else", async () => {
  const world = await worldWith({ status: STATUS });
  const before = await world.rollout();
  assert.equal(await scale(world.client, WEB, { replicas: 7 }), "rollout 'web' scaled to 7");
  const after = await world.rollout();
  assert.deepEqual(after.spec, { ...before.spec, replicas: 7 });
  assert.deepEqual(after.status, before.status);
  assert.deepEqual(world.writes, ["patch rollouts/scale"]);
});

Deno.test("scale to nothing is a size like any other", async () => {
  const world = await worldWith();
  await scale(world.client, WEB, { replicas: 0 });
  assert.equal((await world.rollout()).spec.replicas, 0);
});

Deno.test("what is about a Rollout that is not there is refused", async () => {
  const refusal = {
    name: "CommandRefused",
    message: 'rollout "web" not found in namespace "default"',
  };
  await assert.rejects(pause(emptyWorld().client, WEB), refusal);
  await assert.rejects(scale(emptyWorld().client, WEB, { replicas: 1 }), refusal);
});
