/** Routes, and kinds that take their status as a part of the object. */
import assert from "node:assert/strict";
import type { Decision, Registry, RouteEffect } from "../../../core/engine/mod.ts";
import type { Write } from "../../../sdk/wire/write.ts";
import { decision, EngineWorld, type MillWorld, NOTHING } from "./engine_world.ts";
import { gear, GEARS, mill, MILLS, refTo } from "./objects.ts";
import { refusal } from "./scripted_cluster.ts";

/** A router of belts: what is intended are teeth, what it saw is the gear. */
const BELT: RouteEffect = {
  kind: "route",
  router: "belt",
  intent: { teeth: 9 },
  seen: { gear: "m-1" },
  events: [{ type: "Normal", reason: "Routed", message: "routed" }],
};

function patchTeeth(name: string, teeth: number): Write {
  const patch = { type: "merge", body: { spec: { teeth } } } as const;
  const events = [{ type: "Normal", reason: `Patched ${name}`, message: "patched" }] as const;
  return { verb: "patch", type: GEARS, ref: refTo(name), patch, events };
}

function planners(plan: (intent: unknown, seen: unknown) => Promise<readonly Write[]>): Registry {
  return { planners: new Map([["belt", { deadlineMs: 5_000, plan }]]) };
}

/** Decides the same thing until it is reached. */
function until(isReached: (world: MillWorld) => boolean, wanted: Partial<Decision>) {
  return (world: MillWorld) => (isReached(world) ? NOTHING : decision(wanted));
}

const hasNineTeeth = ({ gears }: MillWorld) =>
  gears.every((gear) => (gear["spec"] as { teeth?: number } | undefined)?.teeth === 9);

Deno.test("a route is turned into writes by its planner, and then told of", async () => {
  const asked: unknown[] = [];
  const registry = planners((intent, seen) => {
    asked.push(intent, seen);
    return Promise.resolve([patchTeeth("m-1", 9), patchTeeth("m-2", 9)]);
  });
  const world = new EngineWorld({ registry });
  for (const name of ["m-1", "m-2"]) {
    world.cluster.put(GEARS, gear(name, { spec: { teeth: 8 } }));
  }
  world.controller.decide = until(hasNineTeeth, { effects: [BELT] });
  await world.start("m");
  assert.deepEqual(asked, [{ teeth: 9 }, { gear: "m-1" }]);
  assert.deepEqual(world.cluster.writes(), ["patch gears m-1", "patch gears m-2"]);
  assert.deepEqual(world.reasons(), ["Patched m-1", "Patched m-2", "Routed"]);
  assert.equal(world.passes.length, 2, "looked at again at once, and then no more");
  assert.equal(world.passes[0]?.applied.routes[0]?.writes.length, 2);
});

Deno.test("a route that is what it should be costs nothing, however often it is decided", async () => {
  const world = new EngineWorld({ registry: planners(() => Promise.resolve([])) });
  world.controller.decide = () => decision({ effects: [{ ...BELT, events: [] }] });
  await world.start("m");
  await world.advance(60_000);
  assert.equal(world.passes.length, 1);
  assert.deepEqual(world.cluster.writes(), []);
});

Deno.test("a route that nobody can plan is a failure with a name, and the rest waits", async () => {
  const world = new EngineWorld();
  const failures: string[] = [];
  world.controller.decideAfterFailure = (_, { error }) => {
    failures.push(error.message);
    return { events: [] };
  };
  world.controller.decide = () =>
    decision({ effects: [BELT, { kind: "write", ...patchTeeth("m-1", 9) }] });
  await world.start("m");
  assert.deepEqual(failures, ['Cannot route by "belt": no router of that name is registered']);
  assert.deepEqual(world.cluster.writes(), []);
});

Deno.test("a planner that never answers is given up in its time, and told that it was", async () => {
  let signal: AbortSignal | undefined;
  const world = new EngineWorld({
    registry: {
      planners: new Map([["belt", {
        deadlineMs: 5_000,
        plan: (_intent, _seen, given) => {
          signal = given;
          return new Promise(() => {});
        },
      }]]),
    },
  });
  const failures: string[] = [];
  world.controller.decideAfterFailure = (_, { error }) => {
    failures.push(error.message);
    return { events: [] };
  };
  world.controller.decide = () => decision({ effects: [BELT] });
  await world.start("m");
  await world.advance(4_999);
  assert.deepEqual(failures, []);
  assert.equal(signal?.aborted, false);
  await world.advance(1);
  assert.deepEqual(failures, ['no plan of router "belt" within 5000 ms']);
  assert.equal(signal?.aborted, true);
});

Deno.test("a planned write that is refused ends the pass like any other", async () => {
  const teethOf = (name: string) => world.cluster.present(GEARS, refTo(name))?.["spec"];
  const registry = planners(() =>
    Promise.resolve(
      ["m-1", "m-2"]
        .filter((name) => JSON.stringify(teethOf(name)) !== JSON.stringify({ teeth: 9 }))
        .map((name) => patchTeeth(name, 9)),
    )
  );
  const world = new EngineWorld({ registry });
  for (const name of ["m-1", "m-2"]) {
    world.cluster.put(GEARS, gear(name, { spec: { teeth: 8 } }));
  }
  world.controller.decide = until(hasNineTeeth, { effects: [BELT], status: { phase: "Routed" } });
  world.cluster.refuse("patch", GEARS, { error: refusal(403, "Forbidden"), name: "m-2" });
  await world.start("m");
  const [failed] = world.passes;
  assert.equal(failed?.applied.failure?.effect, BELT);
  assert.equal(failed?.applied.failure?.write?.ref.name, "m-2");
  assert.deepEqual({ writes: failed?.applied.writes, status: failed?.status }, {
    writes: 1,
    status: "unchanged",
  });
  await world.advance(1_000);
  assert.deepEqual(["m-1", "m-2"].map(teethOf), [{ teeth: 9 }, { teeth: 9 }]);
  assert.deepEqual(world.reasons(), ["Patched m-1", "Patched m-2", "Routed"], "each told once");
});

Deno.test("a kind without the subresource gets its status through the object", async () => {
  const world = new EngineWorld();
  Object.assign(world.controller, { statusIn: "object" });
  world.controller.decide = () => decision({ status: { phase: "Done" } });
  await world.start("m");
  const [version] = world.cluster.calls.filter(({ verb }) => verb === "patch")
    .map(({ body }) => (body as { metadata: { resourceVersion: string } }).metadata);
  assert.deepEqual(world.cluster.writes(), ["patch mills m"]);
  assert.deepEqual(version, { resourceVersion: "101" });
  assert.deepEqual(world.cluster.present(MILLS, refTo("m"))?.["status"], { phase: "Done" });
});

for (
  const { what, outside, isSlowed } of [
    { what: "while nothing happens outside", outside: () => "two pods", isSlowed: true },
    { what: "as pods come and go", outside: (turn: number) => `${turn % 2} pods`, isSlowed: false },
  ]
) {
  Deno.test(`a route that goes to and fro ${what} is ${isSlowed ? "" : "not "}slowed`, async () => {
    const registry = planners((intent) => {
      return Promise.resolve([patchTeeth("m-1", (intent as { teeth: number }).teeth)]);
    });
    const world = new EngineWorld({ registry });
    world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
    await world.start("m");
    let turn = 0;
    world.decide(({ gears: [seen] }) => {
      const teeth = 8 + turn % 2;
      if ((seen?.["spec"] as { teeth: number }).teeth === teeth) return NOTHING;
      return decision({ effects: [{ ...BELT, intent: { teeth }, outside: outside(turn) }] });
    });
    const { metadata } = world.cluster.present(MILLS, refTo("m")) ?? mill("m");
    for (turn = 1; turn < 12; turn++) {
      world.cluster.put(
        MILLS,
        mill("m", { metadata: { ...metadata, annotations: { note: `${turn}` } } }),
      );
      world.tell();
      await world.settle();
    }
    const { teeth } = world.cluster.present(GEARS, refTo("m-1"))?.["spec"] as { teeth: number };
    const writes = world.cluster.writes().length;
    if (isSlowed) assert.ok(writes < 8, `${writes} writes`);
    else assert.deepEqual([writes, teeth], [11, 9]);
  });
}
