/** A kind that is installed, removed and installed again under a running controller. */
import assert from "node:assert/strict";
import { CUSTOM_RESOURCE_DEFINITIONS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { type CacheReader, type Controller, keyOfObject } from "../../../core/engine/mod.ts";
import { createWorld, settleInstant } from "../../../core/simulate/simulated_world.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";

const LAMPS: ResourceType = {
  ...ROLLOUTS,
  group: "toys.example",
  version: "v1",
  plural: "lamps",
  kind: "Lamp",
};
const ROOMS: ResourceType = { ...LAMPS, plural: "rooms", kind: "Room" };

function definitionOf(type: ResourceType): KubeObject {
  const { scale: _, ...kind } = ROLLOUT_KIND;
  const singular = type.kind.toLowerCase();
  const shortName = singular.slice(0, 2);
  return openDefinition({
    ...kind,
    type,
    singular,
    shortName,
    columns: [],
    hasStatusSubresource: true,
  });
}

function toy(type: ResourceType, name: string): KubeObject {
  const metadata = { name, namespace: "default" };
  return { apiVersion: `${type.group}/${type.version}`, kind: type.kind, metadata, spec: {} };
}

/** Says in a room's status what is known of the lamps. */
const roomController: Controller<string> = {
  name: "rooms",
  primary: ROOMS,
  sources: [
    { type: ROOMS, wakes: (room) => [keyOfObject(room)] },
    {
      type: LAMPS,
      isOnDemand: true,
      prepare: (store) => store.addIndex("name", ({ metadata: { name } }) => [name]),
      wakes: (_lamp, caches: CacheReader) => [...caches.of(ROOMS).all()].map(keyOfObject),
    },
  ],
  needs: () => [{ type: LAMPS }],
  observe: (_key, { caches }) => {
    const lamps = [...caches.of(LAMPS).all()].map(({ metadata: { name } }) => name);
    const indexed = caches.of(LAMPS).byIndex("name", "floor").length;
    return `${caches.stateOf(LAMPS)}: ${lamps}, ${indexed} indexed`;
  },
  decide: (seen) => ({ effects: [], events: [], status: { seen }, why: seen }),
  decideAfterFailure: () => ({ events: [] }),
};

/** A world with one room and no lamps. */
async function roomWorld() {
  const world = createWorld(1, {
    controllers: [{ controller: roomController }],
    definitions: [definitionOf(ROOMS)],
  });
  const { clock, cluster, engine } = world;
  const user = cluster.client("user");
  await user.create(ROOMS, toy(ROOMS, "kitchen"));
  engine.start();
  const told: string[] = [];
  engine.onPass(({ controller, why }) => {
    if (controller === "rooms" && told.at(-1) !== why) told.push(why);
  });
  const advance = async (ms: number) => {
    const endMs = clock.now() + ms;
    for (;;) {
      await settleInstant(world);
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      clock.advanceTo(nextMs);
    }
    clock.advanceTo(endMs);
  };
  return { clock, user, told, advance };
}

Deno.test("a kind that comes, goes and comes again is seen so, with its objects", async () => {
  const { user, told, advance } = await roomWorld();
  await advance(60_000);
  assert.deepEqual(told.splice(0), ["missing: , 0 indexed"]);

  const definition = definitionOf(LAMPS);
  await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
  await advance(30_000);
  assert.deepEqual(told.splice(0), ["filled: , 0 indexed"]);

  await user.create(LAMPS, toy(LAMPS, "floor"));
  await advance(0);
  assert.deepEqual(told.splice(0), ["filled: floor, 1 indexed"]);

  await user.delete(CUSTOM_RESOURCE_DEFINITIONS, { name: definition.metadata.name });
  await advance(30_000);
  assert.equal(told.splice(0).at(-1), "missing: , 0 indexed");

  await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
  await user.create(LAMPS, toy(LAMPS, "floor"));
  await advance(30_000);
  assert.deepEqual(told.splice(0), ["filled: floor, 1 indexed"]);
});

Deno.test("a kind that never comes keeps no simulation from its end", async () => {
  const { clock, advance } = await roomWorld();
  await advance(3_600_000);
  assert.equal(clock.hasForegroundTimers(), false);
});
