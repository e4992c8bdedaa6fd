import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { PodTemplate } from "../../../sdk/api/rollout.ts";
import { apiVersionOf, type ResourceType } from "../../../sdk/wire/resource_type.ts";
import { DEPLOYMENTS, POD_TEMPLATES, REPLICA_SETS } from "../../../core/api/names/resources.ts";
import { setImage, undo } from "../../../core/command/mod.ts";
import { addSet, templateWith, WEB, type World, worldWith } from "./world.ts";

const BASE = { namespace: "default", name: "base" };

/** A Rollout that takes its template from `base`, which runs `web:10`, with sets of 1, 2 and 10. */
async function worldOver(type: ResourceType): Promise<World> {
  const workloadRef = { apiVersion: apiVersionOf(type), kind: type.kind, name: "base" };
  const world = await worldWith({
    spec: { workloadRef, template: undefined, selector: undefined },
  });
  for (const revision of [2, 10, 1]) await addSet(world, { revision, image: `web:${revision}` });
  await world.client.create(type, baseOf(type));
  world.writes.length = 0;
  return world;
}

function baseOf(type: ResourceType): KubeObject {
  const template = templateWith("web:10");
  const head = { apiVersion: apiVersionOf(type), kind: type.kind, metadata: { ...BASE } };
  if (type === POD_TEMPLATES) return { ...head, template };
  return { ...head, spec: { replicas: 0, selector: { matchLabels: { app: "web" } }, template } };
}

async function templateOf(world: World, type: ResourceType): Promise<PodTemplate | undefined> {
  const object = await world.client.get(type, BASE);
  const holder = type === POD_TEMPLATES ? object : object["spec"] as Record<string, unknown>;
  return holder["template"] as PodTemplate | undefined;
}

async function imageOf(world: World, type: ResourceType): Promise<string | undefined> {
  return (await templateOf(world, type))?.spec?.containers?.[0]?.image;
}

for (const type of [DEPLOYMENTS, REPLICA_SETS, POD_TEMPLATES]) {
  Deno.test(`undo of a Rollout with a ${type.kind} writes the set's template there`, async () => {
    const world = await worldOver(type);
    assert.equal(await undo(world.client, WEB), "rollout 'web' undo");
    assert.equal(await imageOf(world, type), "web:2");
    assert.deepEqual((await templateOf(world, type))?.metadata?.labels, { app: "web" });
    assert.deepEqual(world.writes, [`patch ${type.plural}`]);
    assert.equal((await world.rollout()).spec.template, undefined);
  });

  Deno.test(`undo to what the ${type.kind} has already writes nothing`, async () => {
    const world = await worldOver(type);
    assert.equal(
      await undo(world.client, WEB, { toRevision: 10 }),
      "skipped rollback (current template already matches revision 10)",
    );
    assert.deepEqual(world.writes, []);
  });

  Deno.test(`set image of a Rollout with a ${type.kind} changes that`, async () => {
    const world = await worldOver(type);
    assert.equal(
      await setImage(world.client, WEB, { container: "web", image: "web:11" }),
      `${type.kind.toLowerCase()} "base" image updated`,
    );
    assert.equal(await imageOf(world, type), "web:11");
    assert.deepEqual(world.writes, [`update ${type.plural}`]);
  });
}

Deno.test("commands on a workload that is not there, or not supported, are refused", async () => {
  const image = { container: "web", image: "web:11" };
  const world = await worldOver(REPLICA_SETS);
  await world.client.delete(REPLICA_SETS, BASE);
  world.writes.length = 0;
  const message = 'rollout "web" takes its template from ReplicaSet "base", and there is none in ' +
    'namespace "default"';
  await assert.rejects(undo(world.client, WEB), { name: "CommandRefused", message });
  await assert.rejects(setImage(world.client, WEB, image), { name: "CommandRefused", message });
  assert.deepEqual(world.writes, []);
  const workloadRef = { apiVersion: "apps/v1", kind: "StatefulSet", name: "base" };
  const other = await worldWith({ spec: { workloadRef, template: undefined } });
  await assert.rejects(undo(other.client, WEB), {
    name: "CommandRefused",
    message: "workload of type StatefulSet is not supported",
  });
});
