/** What a controller gives back of routed objects, and when. */
import assert from "node:assert/strict";
import { FIELD_MANAGER } from "../../../../core/api/names/names.ts";
import { decide } from "../../../../core/rollout/decide.ts";
import {
  giveBack,
  ownedFields,
  withOwners,
} from "../../../../core/rollout/routed/field_ownership.ts";
import { routerRegistry, type RouteSight } from "../../../../core/rollout/routed/registry.ts";
import type { RouterFacts } from "../../../../core/rollout/routed/router_facts.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { NO_PLUGINS, type RegisteredRouter } from "../../../../sdk/registry.ts";
import { NO_ANSWER } from "../../../../sdk/testing/no_answer.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { defineResource } from "../../../../sdk/wire/resource_type.ts";
import type { Write } from "../../../../sdk/wire/write.ts";
import { worldOf, type WorldShape } from "../world.ts";

const ROUTES = { ...defineResource("mesh", "v1", "routes", "Route"), access: "change" } as const;
const COPIES = {
  ...defineResource("mesh", "v1", "copies", "Copy"),
  access: "create and delete",
} as const;
const MADE = { verb: "create", type: ROUTES, ref: { name: "web" } } as unknown as Write;

function mesh(writes: readonly Write[] = []): RegisteredRouter {
  return {
    name: "mesh",
    abilities: {
      headerRoutes: true,
      mirrorRoutes: true,
      additionalDestinations: false,
      pingPong: false,
      maxWeight: false,
    },
    resources: [ROUTES, COPIES],
    references: () => [],
    observe: () => Promise.resolve({ routes: [] }),
    plan: () => Promise.resolve({ writes }),
  };
}

function entry(manager: string, operation = "Update", rest: Fields = {}): Fields {
  return { manager, operation, time: "2030-01-01T00:00:00Z", ...rest };
}
const OURS = entry(FIELD_MANAGER);
const TOOL = entry("flux", "Apply");

function routed(managedFields: unknown[] | undefined, kind = "Route"): KubeObject {
  const metadata = { name: "web", namespace: "shop", resourceVersion: "7" };
  return {
    apiVersion: "mesh/v2",
    kind,
    metadata: managedFields === undefined ? metadata : { ...metadata, managedFields },
  };
}

const OWNED: Readonly<Record<string, { object: KubeObject; index?: number }>> = {
  "our entry beside a tool's": { object: routed([TOOL, OURS]), index: 1 },
  "our entry before a tool's": { object: routed([OURS, TOOL]), index: 0 },
  "nobody is noted": { object: routed(undefined) },
  "only others are noted": { object: routed([TOOL, entry("kubectl-edit")]) },
  "only we are noted: without an entry all fields would be somebody's": {
    object: routed([OURS]),
  },
  "our entry about the status": {
    object: routed([TOOL, entry(FIELD_MANAGER, "Update", { subresource: "status" })]),
  },
  "somebody applies under our name": { object: routed([TOOL, entry(FIELD_MANAGER, "Apply")]) },
  "an object that the router made": { object: routed([TOOL, OURS], "Copy") },
};

for (const [what, { object, index }] of Object.entries(OWNED)) {
  Deno.test(`owned fields: ${what}`, () => {
    const expected = index === undefined ? [] : [{ type: ROUTES, object, index }];
    assert.deepEqual(ownedFields(mesh(), [object]), expected);
  });
}

Deno.test("an entry is taken out of the version that was seen, and only if it is that entry", () => {
  const [owned] = ownedFields(mesh(), [routed([TOOL, OURS])]);
  assert.ok(owned !== undefined);
  assert.deepEqual(giveBack(owned), {
    verb: "patch",
    type: ROUTES,
    ref: { name: "web", namespace: "shop" },
    patch: {
      type: "json",
      body: [
        { op: "test", path: "/metadata/managedFields/1/manager", value: FIELD_MANAGER },
        { op: "test", path: "/metadata/managedFields/1/operation", value: "Update" },
        { op: "test", path: "/metadata/managedFields/1/time", value: "2030-01-01T00:00:00Z" },
        { op: "remove", path: "/metadata/managedFields/1" },
      ],
    },
    decidedOn: "7",
  });
});

Deno.test("it is given back by a plan that has nothing else to write", async () => {
  const settled = ownedFields(mesh(), [routed([TOOL, OURS])]);
  const sight = { scope: {}, seen: { routes: [] }, settled };
  const planned = async (writes: Write[]) => {
    const plugins = { ...NO_PLUGINS, trafficRouters: [mesh(writes)] };
    const { planners } = routerRegistry(plugins, NO_ANSWER);
    return await planners?.get("mesh")?.plan({}, sight, AbortSignal.timeout(1));
  };
  assert.deepEqual(await planned([]), settled.map(giveBack));
  assert.deepEqual((await planned([MADE]))?.map(({ verb }) => verb), ["create"]);
});

/** What a pass hands the planner to give back. */
function settledIn(shape: WorldShape): number | undefined {
  const owned = ownedFields(mesh(), [routed([TOOL, OURS])]);
  const router: RouterFacts = {
    name: "mesh",
    scope: {} as RouterFacts["scope"],
    observation: { state: "seen", seen: { routes: [] } },
    verification: { verdict: "none", events: [] },
    owned,
  };
  const { effects } = decide(worldOf({ ...shape, routers: [router] }));
  const route = effects.find((effect) => effect.kind === "route");
  return (route?.seen as RouteSight | undefined)?.settled.length;
}

const ROUTED: WorldShape = {
  steps: [{ setWeight: 20 }, { pause: {} }],
  canary: { trafficRouting: { istio: { virtualService: { name: "web" } } } },
  stable: { hash: "old", size: 5, revision: 1 },
  next: { hash: "new", size: 1, revision: 2 },
};

Deno.test("a rollout that is under way keeps what it wrote", () => {
  assert.equal(settledIn({ ...ROUTED, status: { currentStepIndex: 1 } }), 0);
});

Deno.test("one that was aborted gives it back once nothing goes to the canary", () => {
  const status = { currentStepIndex: 0, abort: true, abortedAt: "2030-01-01T00:00:00Z" };
  assert.equal(settledIn({ ...ROUTED, status }), 1);
});

Deno.test("a cache keeps who wrote, and not what", () => {
  const fieldsV1 = { "f:spec": { "f:http": {} } };
  const object = withOwners(routed([{ ...TOOL, fieldsV1 }, { ...OURS, fieldsV1 }]));
  assert.deepEqual(object, routed([TOOL, OURS]));
  assert.equal(withOwners(object).metadata.name, "web");
  assert.deepEqual(withOwners(routed(undefined)), routed(undefined));
});
