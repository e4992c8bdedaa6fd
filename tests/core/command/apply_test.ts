import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { RolloutSpec } from "../../../sdk/api/rollout.ts";
import { LAST_APPLIED_ANNOTATION } from "../../../core/api/names/names.ts";
import { DEPLOYMENTS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import { apply } from "../../../core/command/mod.ts";
import { emptyWorld, templateWith, WEB, webRollout, type World } from "./world.ts";

async function applied(manifest: KubeObject): Promise<World> {
  const world = emptyWorld();
  assert.equal(await apply(world.client, ROLLOUTS, manifest), "created");
  world.writes.length = 0;
  return world;
}

async function specOf(world: World): Promise<RolloutSpec & Record<string, unknown>> {
  return (await world.rollout()).spec as RolloutSpec & Record<string, unknown>;
}

Deno.test("apply creates what is not there, and notes what it was given", async () => {
  const world = await applied(webRollout());
  const { metadata, spec } = await world.rollout();
  assert.deepEqual(spec, webRollout()["spec"]);
  const note = metadata.annotations?.[LAST_APPLIED_ANNOTATION] ?? "";
  assert.deepEqual(JSON.parse(note), {
    ...webRollout(),
    metadata: { ...WEB, annotations: {} },
  });
  assert.ok(note.endsWith("\n"));
});

Deno.test("the same manifest again writes nothing", async () => {
  const world = await applied(webRollout());
  assert.equal(await apply(world.client, ROLLOUTS, webRollout()), "unchanged");
  assert.deepEqual(world.writes, []);
});

Deno.test("what differs is set", async () => {
  const world = await applied(webRollout());
  const changed = webRollout({ replicas: 5, minReadySeconds: 3 });
  assert.equal(await apply(world.client, ROLLOUTS, changed), "configured");
  assert.deepEqual(await specOf(world), changed["spec"]);
  assert.deepEqual(world.writes, ["patch rollouts"]);
});

Deno.test("what only the manifest before had is taken away", async () => {
  const world = await applied(webRollout({ minReadySeconds: 3 }));
  assert.equal(await apply(world.client, ROLLOUTS, webRollout()), "configured");
  assert.ok(!("minReadySeconds" in await specOf(world)));
});

Deno.test("what others set stays", async () => {
  const world = await applied(webRollout());
  const body = {
    metadata: { annotations: { theirs: "1" }, labels: { theirs: "2" } },
    spec: { paused: true, strategy: { canary: { maxSurge: 1 } } },
  };
  await world.client.patch(ROLLOUTS, WEB, { type: "merge", body });
  await apply(world.client, ROLLOUTS, webRollout({ minReadySeconds: 3 }));
  const { metadata, spec } = await world.rollout();
  assert.equal(metadata.annotations?.["theirs"], "1");
  assert.deepEqual(metadata.labels, { theirs: "2" });
  assert.equal(spec.paused, true);
  assert.equal(spec.strategy?.canary?.maxSurge, 1);
  assert.equal(spec.minReadySeconds, 3);
});

Deno.test("what others changed of the manifest's own fields is set back", async () => {
  const world = await applied(webRollout());
  await world.client.patch(ROLLOUTS, WEB, { type: "merge", body: { spec: { replicas: 9 } } });
  assert.equal(await apply(world.client, ROLLOUTS, webRollout()), "configured");
  assert.equal((await specOf(world)).replicas, 2);
});

Deno.test("a field that nobody applied is not taken away, though the manifest lacks it", async () => {
  const world = emptyWorld();
  await world.client.create(ROLLOUTS, webRollout({ minReadySeconds: 3 }));
  await apply(world.client, ROLLOUTS, webRollout());
  assert.equal((await specOf(world)).minReadySeconds, 3);
});

Deno.test("a note that is not readable takes nothing away", async () => {
  const world = await applied(webRollout({ minReadySeconds: 3 }));
  const body = { metadata: { annotations: { [LAST_APPLIED_ANNOTATION]: "{" } } };
  await world.client.patch(ROLLOUTS, WEB, { type: "merge", body });
  await apply(world.client, ROLLOUTS, webRollout());
  assert.equal((await specOf(world)).minReadySeconds, 3);
});

Deno.test("lists are the manifest's as a whole", async () => {
  const world = await applied(webRollout());
  const steps = [{ setWeight: 10 }];
  const changed = webRollout({ strategy: { canary: { steps } } });
  await apply(world.client, ROLLOUTS, changed);
  assert.deepEqual((await specOf(world)).strategy?.canary?.steps, steps);
});

Deno.test("apply never writes a status", async () => {
  const world = await applied(webRollout());
  const body = { status: { currentStepIndex: 1 } };
  await world.client.patch(ROLLOUTS, WEB, { type: "merge", body }, { subresource: "status" });
  await apply(world.client, ROLLOUTS, { ...webRollout({ replicas: 3 }), status: {} });
  assert.equal((await world.rollout()).status?.currentStepIndex, 1);
});

Deno.test("a note in the manifest itself does not grow from apply to apply", async () => {
  const world = await applied(webRollout());
  const exported = await world.client.get(ROLLOUTS, WEB);
  const { annotations = {} } = exported.metadata;
  const manifest = { ...webRollout(), metadata: { ...WEB, annotations } };
  assert.equal(await apply(world.client, ROLLOUTS, manifest), "unchanged");
});

Deno.test("a Service keeps the selector that a controller narrowed", async () => {
  const { client } = emptyWorld();
  const service: KubeObject = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...WEB },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
  };
  await apply(client, SERVICES, service);
  const body = { spec: { selector: { "rollouts-pod-template-hash": "abc" } } };
  await client.patch(SERVICES, WEB, { type: "merge", body });
  await apply(client, SERVICES, service);
  const { selector } = (await client.get(SERVICES, WEB))["spec"] as { selector: unknown };
  assert.deepEqual(selector, { app: "web", "rollouts-pod-template-hash": "abc" });
});

Deno.test("another strategy of a Deployment leaves nothing of the one before", async () => {
  const { client } = emptyWorld();
  const base = { namespace: "default", name: "base" };
  const deployment = (strategy: Record<string, unknown>): KubeObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: base,
    spec: {
      strategy,
      selector: { matchLabels: { app: "web" } },
      template: templateWith("web:1"),
    },
  });
  const strategyOf = async () =>
    ((await client.get(DEPLOYMENTS, base))["spec"] as Record<string, unknown>)["strategy"];
  await apply(client, DEPLOYMENTS, deployment({ type: "RollingUpdate" }));
  const rollingUpdate = { maxSurge: "25%", maxUnavailable: "25%" };
  assert.deepEqual(await strategyOf(), { type: "RollingUpdate", rollingUpdate });
  await apply(client, DEPLOYMENTS, deployment({ type: "Recreate" }));
  assert.deepEqual(await strategyOf(), { type: "Recreate" });
});
