import assert from "node:assert/strict";
import fc from "fast-check";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import type { Status } from "../../../core/engine/mod.ts";
import { decision, EngineWorld, type MillWorld } from "./engine_world.ts";
import { mill, MILLS, refTo } from "./objects.ts";
import { refusal, ScriptedCluster } from "./scripted_cluster.ts";

const START_MS = Date.parse("2030-01-01T00:00:00Z");
const HELD_MS = 1_500;

/** A status says what the spec wants; that alone its count differs may wait. */
function reporting(world: EngineWorld, events: readonly EventDraft[] = []): EngineWorld {
  world.controller.promptPart = ({ count: _, ...others }: Status) => others;
  world.controller.decide = ({ mill: { spec } }: MillWorld) => {
    const { phase, count } = spec as { phase: string; count: number };
    return decision({ status: { phase, count }, events });
  };
  return world;
}

async function started(events: readonly EventDraft[] = []): Promise<EngineWorld> {
  const world = reporting(new EngineWorld(), events);
  world.cluster.put(MILLS, mill("m", { spec: { phase: "Slow", count: 0 } }));
  await world.start();
  return world;
}

async function tell(world: EngineWorld, phase: string, count: number): Promise<void> {
  world.touch("m", { phase, count });
  await world.settle();
}

function statusIn(cluster: ScriptedCluster): unknown {
  return cluster.present(MILLS, refTo("m"))?.["status"];
}

function patches({ calls }: ScriptedCluster): unknown[] {
  return calls.filter(({ subresource }) => subresource === "status").map(({ body }) => {
    return (body as { status: unknown }).status;
  });
}

Deno.test("a report that may wait is told with the next that may not", async () => {
  const world = await started();
  await tell(world, "Slow", 1);
  await world.advance(HELD_MS - 1);
  assert.deepEqual(statusIn(world.cluster), { phase: "Slow", count: 0 });
  await tell(world, "Fast", 2);
  assert.deepEqual(statusIn(world.cluster), { phase: "Fast", count: 2 });
  await world.advance(60_000);
  assert.equal(patches(world.cluster).length, 2);
});

Deno.test("a report that nothing follows is written when its time is over", async () => {
  const world = await started();
  await tell(world, "Slow", 1);
  await world.advance(HELD_MS);
  assert.deepEqual(statusIn(world.cluster), { phase: "Slow", count: 1 });
});

Deno.test("a report that changes all the time waits no longer than one that stays", async () => {
  const world = await started();
  for (let count = 1; count <= 20; count++) {
    await tell(world, "Slow", count);
    await world.advance(150);
  }
  assert.deepEqual(patches(world.cluster).slice(1), [{ count: 10 }, { count: 20 }]);
});

Deno.test("what is soon as it was before is not written, and the next waits its whole time", async () => {
  const world = await started();
  await tell(world, "Slow", 1);
  await world.advance(1_000);
  await tell(world, "Slow", 0);
  await tell(world, "Slow", 2);
  await world.advance(HELD_MS - 1);
  assert.deepEqual(statusIn(world.cluster), { phase: "Slow", count: 0 });
  await world.advance(1);
  assert.deepEqual(patches(world.cluster).slice(1), [{ count: 2 }]);
});

Deno.test("a report with an event does not wait", async () => {
  const world = await started([{ type: "Normal", reason: "Told", message: "told" }]);
  await tell(world, "Slow", 1);
  assert.deepEqual(statusIn(world.cluster), { phase: "Slow", count: 1 });
});

Deno.test("what is to be told of a refusal does not wait", async () => {
  const world = await started();
  world.controller.decideAfterFailure = () => ({ status: { phase: "Slow", count: 7 }, events: [] });
  world.cluster.refuse("patch", MILLS, { error: refusal(403, "Forbidden"), name: "m" });
  world.controller.decide = ({ mill: { metadata: { annotations } } }) => {
    if (annotations !== undefined) return decision({});
    const patch = { type: "merge" as const, body: { metadata: { annotations: { a: "b" } } } };
    const ref = refTo("m");
    return decision({ effects: [{ kind: "write", verb: "patch", type: MILLS, ref, patch }] });
  };
  world.touch("m", { phase: "Slow", count: 1 });
  await world.settle();
  assert.deepEqual(statusIn(world.cluster), { phase: "Slow", count: 7 });
});

Deno.test("a report refused when its time is over is tried again at once", async () => {
  const world = await started();
  world.cluster.refuse("patch", MILLS, { error: refusal(409, "Conflict"), name: "m" });
  await tell(world, "Slow", 1);
  await world.advance(HELD_MS + 100);
  assert.deepEqual(statusIn(world.cluster), { phase: "Slow", count: 1 });
});

Deno.test("a report that waited has the time at which it was first decided", async () => {
  const world = await started();
  world.controller.promptPart = () => "nothing";
  world.controller.decide = ({ mill: { spec }, nowMs }) => {
    const { phase, count } = spec as { phase: string; count: number };
    const conditions = [{ type: "Progressing", lastUpdateTime: nowMs - START_MS }];
    return decision({ status: { phase, count, conditions } });
  };
  await world.advance(1_000);
  await tell(world, "Slow", 1);
  await world.advance(500);
  await tell(world, "Slow", 2);
  await world.advance(500);
  await tell(world, "Slow", 2);
  await world.advance(HELD_MS);
  assert.deepEqual((statusIn(world.cluster) as Status)["conditions"], [
    { type: "Progressing", lastUpdateTime: 1_500 },
  ]);
});

/** The world changes, time passes, a write will be refused, the process dies. */
const happening = fc.oneof(
  fc.record({ count: fc.nat(4) }),
  fc.record({ phase: fc.constantFrom("Slow", "Fast", "Done") }),
  fc.record({ passMs: fc.nat(2_000) }),
  fc.constant("conflict" as const),
  fc.constant("kill" as const),
);

Deno.test("whatever happens, only counts are late, by 1.5 s at most, and the last is written", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 30 }), async (story) => {
      let world = await started();
      let [phase, count] = ["Slow", 0];
      for (const one of story) {
        if (one === "conflict") {
          // Somebody writes, and nobody has heard of it yet.
          const present = world.cluster.present(MILLS, refTo("m"));
          assert.ok(present);
          world.cluster.put(MILLS, present);
        } else if (one === "kill") {
          world.engine.stop();
          world = reporting(new EngineWorld({}, world.cluster));
          await world.start();
        } else if ("passMs" in one) await world.advance(one.passMs);
        else {
          if ("phase" in one) phase = one.phase;
          else count = one.count;
          await tell(world, phase, count);
          // A refused write is tried again within this time.
          await world.advance(200);
          assert.equal((statusIn(world.cluster) as Status)["phase"], phase);
        }
      }
      await world.advance(HELD_MS + 200);
      assert.deepEqual(statusIn(world.cluster), { phase, count });
      const written = patches(world.cluster).length;
      await world.advance(60_000);
      assert.equal(patches(world.cluster).length, written);
      world.engine.stop();
    }),
    { numRuns: 100 },
  );
});
