import assert from "node:assert/strict";
import { abort, promote, restart, retry } from "../../../core/command/mod.ts";
import { ApiError } from "../../../core/ports/api_error.ts";
import type { Cluster } from "../../../core/ports/cluster.ts";
import { emptyWorld, WEB, worldWith } from "./world.ts";

const STATUS = { currentStepIndex: 1, phase: "Paused" as const };

Deno.test("abort sets status.abort and nothing else", async () => {
  const world = await worldWith({ status: STATUS });
  const before = await world.rollout();
  assert.equal(await abort(world.client, WEB), "rollout 'web' aborted");
  const after = await world.rollout();
  assert.deepEqual(after.status, { ...STATUS, abort: true });
  assert.deepEqual(after.spec, before.spec);
  assert.deepEqual(world.writes, ["patch rollouts/status"]);
});

Deno.test("retry takes status.abort back and nothing else", async () => {
  const world = await worldWith({ status: { ...STATUS, abort: true } });
  const before = await world.rollout();
  assert.equal(await retry(world.client, WEB), "rollout 'web' retried");
  const after = await world.rollout();
  assert.deepEqual(after.status, { ...STATUS, abort: false });
  assert.deepEqual(after.spec, before.spec);
  assert.deepEqual(world.writes, ["patch rollouts/status"]);
});

const RESTARTS: [delayMs: number, delayText: string, restartAt: string][] = [
  [0, "0s", "2030-01-01T00:00:10Z"],
  [90_000, "1m30s", "2030-01-01T00:01:40Z"],
];
for (const [delayMs, delayText, restartAt] of RESTARTS) {
  Deno.test(`restart in ${delayText} sets spec.restartAt in whole seconds and nothing else`, async () => {
    const world = await worldWith({ status: STATUS });
    const before = await world.rollout();
    const nowMs = Date.parse("2030-01-01T00:00:10.900Z");
    const sentence = await restart(world.client, WEB, { nowMs, delayMs, delayText });
    assert.equal(sentence, `rollout 'web' restarts in ${delayText}`);
    const after = await world.rollout();
    assert.deepEqual(after.spec, { ...before.spec, restartAt });
    assert.deepEqual(after.status, before.status);
    assert.deepEqual(world.writes, ["patch rollouts"]);
  });
}

Deno.test("where Rollouts have no status subresource, the status is written with the object", async () => {
  const world = await worldWith({ status: STATUS, hasStatusSubresource: false });
  await abort(world.client, WEB);
  assert.equal((await world.rollout()).status?.abort, true);
  await retry(world.client, WEB);
  assert.equal((await world.rollout()).status?.abort, false);
  assert.deepEqual(world.writes, ["patch rollouts", "patch rollouts"]);
});

Deno.test("where Rollouts have no status subresource, a promotion is one write", async () => {
  const world = await worldWith({
    spec: { paused: true },
    status: { ...STATUS, currentPodHash: "new", stableRS: "old" },
    hasStatusSubresource: false,
  });
  await promote(world.client, WEB, { isFull: true });
  const { spec, status } = await world.rollout();
  assert.equal(spec.paused, false);
  assert.equal(status?.promoteFull, true);
  assert.deepEqual(world.writes, ["patch rollouts"]);
});

Deno.test("a status that is refused is not written with the object instead", async () => {
  const world = await worldWith({ status: STATUS });
  const refusal = new ApiError({ code: 403, reason: "Forbidden", message: "no" });
  const refusing = Object.assign(Object.create(world.client) as Cluster, {
    get: world.client.get.bind(world.client),
    patch: (...[type, ref, patch, options]: Parameters<Cluster["patch"]>) =>
      options?.subresource === "status"
        ? Promise.reject(refusal)
        : world.client.patch(type, ref, patch, options),
  });
  await assert.rejects(abort(refusing, WEB), refusal);
  assert.deepEqual(world.writes, []);
});

Deno.test("what is about a Rollout that is not there is refused", async () => {
  const refusal = {
    name: "CommandRefused",
    message: 'rollout "web" not found in namespace "default"',
  };
  const { client } = emptyWorld();
  await assert.rejects(abort(client, WEB), refusal);
  await assert.rejects(retry(client, WEB), refusal);
  const now = { nowMs: 0, delayMs: 0, delayText: "0s" };
  await assert.rejects(restart(client, WEB, now), refusal);
});
