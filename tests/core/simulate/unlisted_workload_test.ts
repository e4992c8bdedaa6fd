/** A Rollout whose workload may be read, but not listed. */
import assert from "node:assert/strict";
import { EVENT_SOURCE } from "../../../core/api/names/names.ts";
import { DEPLOYMENTS, PODS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { Engine, EventRecorder } from "../../../core/engine/mod.ts";
import { ApiError, type Cluster, silentLog as log } from "../../../core/ports/mod.ts";
import { RolloutController } from "../../../core/rollout/mod.ts";
import { settleInstant } from "../../../core/simulate/simulated_world.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";

/** What the client of one who may do all of this but what the test says can do. */
function restricted(client: Cluster, isForbidden: (verb: string, plural: string) => boolean) {
  const refusal = () =>
    new ApiError({ code: 403, reason: "Forbidden", message: "forbidden by the test" });
  const cluster: Cluster = {
    get: (type, ref) =>
      isForbidden("get", type.plural) ? Promise.reject(refusal()) : client.get(type, ref),
    list: (type, selection) =>
      isForbidden("list", type.plural) ? Promise.reject(refusal()) : client.list(type, selection),
    watch: (type, options, sink) => client.watch(type, options, sink),
    create: (type, object, options) => client.create(type, object, options),
    update: (type, object, options) => client.update(type, object, options),
    patch: (type, ref, patch, options) => client.patch(type, ref, patch, options),
    delete: (type, ref, options) => client.delete(type, ref, options),
  };
  return cluster;
}

function imagePatch(image: string) {
  const containers = [{ name: "web", image }];
  return { type: "strategic" as const, body: { spec: { template: { spec: { containers } } } } };
}

/** A Deployment of two pods, and a Rollout that takes its template from there. */
async function workloadWorld(forbidden: readonly string[]) {
  const clock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  const cluster = new EmbeddedCluster({
    clock,
    housekeepingClock: clock.background,
    random: seededRandom(1),
    customResources: [openDefinition(ROLLOUT_KIND)],
  });
  const user = cluster.client("user");
  const labels = { app: "web" };
  const selector = { matchLabels: labels };
  await user.create(DEPLOYMENTS, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "base", namespace: "default" },
    spec: {
      replicas: 2,
      selector,
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: "web:1" }] },
      },
    },
  });
  await user.create(ROLLOUTS, {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: 2,
      selector,
      workloadRef: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: "base",
        scaleDown: "onsuccess",
      },
      strategy: { canary: { steps: [{ setWeight: 50 }, { pause: { duration: 10 } }] } },
    },
  });
  const client = restricted(
    cluster.client("sluice"),
    (verb, plural) => forbidden.includes(`${verb} ${plural}`),
  );
  const ports = { cluster: client, clock, log };
  const recorder = new EventRecorder({ ...ports, component: EVENT_SOURCE });
  const engine = new Engine({ ...ports, recorder, retryClock: clock.background });
  engine.add(new RolloutController());
  engine.start();
  const advance = async (ms: number) => {
    const endMs = clock.now() + ms;
    for (;;) {
      await settleInstant({ clock, cluster, engine });
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      clock.advanceTo(nextMs);
    }
    clock.advanceTo(endMs);
  };
  const rollout = () => cluster.objects(ROLLOUTS)[0] as Rollout;
  const replicas = () =>
    (cluster.objects(DEPLOYMENTS)[0]?.["spec"] as { replicas: number }).replicas;
  const images = () =>
    cluster.objects(PODS).map(({ spec }) =>
      (spec as { containers: { image: string }[] }).containers[0]?.image
    );
  return { clock, user, advance, rollout, replicas, images };
}

Deno.test("a workload that may be read but not listed gives its template, and is handed over", async () => {
  const { clock, user, advance, rollout, replicas, images } = await workloadWorld([
    "list deployments",
  ]);
  await advance(60_000);
  assert.equal(rollout().status?.phase, "Healthy");
  assert.equal(replicas(), 0, "its pods are given up");
  assert.deepEqual(images(), ["web:1", "web:1"]);
  assert.equal(clock.hasForegroundTimers(), false);

  await user.patch(DEPLOYMENTS, { namespace: "default", name: "base" }, imagePatch("web:2"));
  await advance(35_000);
  assert.ok(images().includes("web:2"), "the change is seen within 30 seconds");
  await advance(60_000);
  assert.equal(rollout().status?.phase, "Healthy");
  assert.deepEqual(images(), ["web:2", "web:2"]);
});

Deno.test("a workload that may neither be listed nor read is said to be unknown, not absent", async () => {
  const { advance, rollout, replicas } = await workloadWorld([
    "list deployments",
    "get deployments",
  ]);
  await advance(60_000);
  assert.equal(replicas(), 2);
  assert.match(rollout().status?.message ?? "", /may not list deployments\.apps, nor read/);
});
