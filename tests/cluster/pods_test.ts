/** What is done to pods themselves, on a real control plane: metadata, anti-affinity, a restart. */
import assert from "node:assert/strict";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { CanaryStrategy, Rollout } from "../../sdk/api/rollout.ts";
import {
  POD_DISRUPTION_BUDGETS,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
} from "../../core/api/names/resources.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { apply, promote, restart, setImage } from "../../core/command/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { disruptionBudget } from "../contract/manifests.ts";
import { playServed, type ServedNamespace, until, webRollout } from "./real_cluster.ts";

const CANARY: CanaryStrategy = {
  maxUnavailable: 1,
  maxSurge: 1,
  canaryMetadata: { labels: { role: "canary" }, annotations: { note: "new" } },
  stableMetadata: { labels: { role: "stable" } },
  antiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: { weight: 3 },
  },
  steps: [{ setWeight: 34 }, { pause: {} }],
};

async function playPods({ user, own, namespace }: ServedNamespace): Promise<void> {
  const target = { namespace, name: "web" };
  const list = async (type: typeof PODS) => (await user.list(type, { namespace })).items;
  const pods = async () =>
    (await list(PODS)).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const roles = async () => (await pods()).map(({ metadata }) => metadata.labels?.["role"]).sort();
  const phase = async () => ((await user.get(ROLLOUTS, target)) as Rollout).status?.phase;
  const reach = (wanted: string) => until(wanted, async () => (await phase()) === wanted);
  await apply(user, ROLLOUTS, webRollout(namespace, { replicas: 3, canary: CANARY }));
  await reach("Healthy");
  assert.deepEqual(await roles(), ["stable", "stable", "stable"]);

  await setImage(user, target, { container: "web", image: "registry/web:2" });
  await reach("Paused");
  assert.deepEqual(await roles(), ["canary", "stable", "stable"]);
  assert.equal(affinities(await list(REPLICA_SETS)), 1);

  await promote(user, target, { isFull: true });
  await reach("Healthy");
  const newest = (await pods()).filter(({ metadata, ...pod }) =>
    JSON.stringify(pod).includes("registry/web:2") && metadata.labels?.["role"] !== "stable"
  );
  assert.deepEqual(newest.map(({ metadata }) => metadata.labels), []);
  await until("stable pods", async () => String(await roles()) === "stable,stable,stable");
  assert.ok((await pods()).every(({ metadata }) => metadata.annotations?.["note"] === undefined));
  assert.equal(affinities(await list(REPLICA_SETS)), 0);

  await apply(
    user,
    POD_DISRUPTION_BUDGETS,
    disruptionBudget(namespace, "web", { minAvailable: 2 }),
  );
  const before = new Set((await pods()).map(({ metadata }) => metadata.uid));
  await sleep(systemClock, 2_000);
  await restart(user, target, {
    nowMs: systemClock.now(),
    delayMs: 0,
    delayText: "0s",
  });
  await until("the end of the restart", async () => {
    const now = await pods();
    return (await phase()) === "Healthy" && !now.some(({ metadata }) => before.has(metadata.uid));
  });
  const writes = () =>
    [...own.requests()].filter(([name]) => !/^(get|list|watch) | events/.test(name));
  // The last pods may still be going: that is told, and then all is quiet.
  await sleep(systemClock, 3_000);
  const settled = JSON.stringify(writes());
  await sleep(systemClock, 5_000);
  assert.equal(JSON.stringify(writes()), settled, "a settled world gets no writes");
}

/** Sets whose template holds an anti-affinity. */
function affinities(sets: readonly KubeObject[]): number {
  return sets.filter((set) => JSON.stringify(set).includes("podAntiAffinity")).length;
}

Deno.test("a real control plane: pods carry their metadata, keep apart, and are restarted", () =>
  playServed(playPods));
