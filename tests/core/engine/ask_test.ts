import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Question, Sight } from "../../../core/engine/mod.ts";
import { EngineWorld, MillController, type MillWorld, NOTHING, wantTeeth } from "./engine_world.ts";
import { gear, GEARS, WHEELS } from "./objects.ts";
import { refusal } from "./scripted_cluster.ts";

/** What each pass saw of the wheels, which no cache holds. */
function asking(questions: () => readonly Question[]) {
  const world = new EngineWorld();
  const seen: (readonly string[] | undefined)[] = [];
  const observe = MillController.prototype.observe.bind(world.controller);
  const controller = Object.assign(world.controller, {
    asks: questions,
    observe(key: string, sight: Sight): MillWorld | undefined {
      seen.push(sight.listed.get(WHEELS)?.map(({ metadata }: KubeObject) => metadata.name));
      return observe(key, sight);
    },
  });
  assert.ok(controller);
  return { world, seen };
}

const WHEEL_QUESTION: Question = { type: WHEELS, selection: { namespace: "default" } };

Deno.test("a pass sees what its controller asked for, as it is just before the pass", async () => {
  const { world, seen } = asking(() => [WHEEL_QUESTION]);
  world.cluster.put(WHEELS, gear("m-a"));
  await world.start("m");
  world.cluster.put(WHEELS, gear("m-b"));
  world.touch("m");
  await world.settle();
  assert.deepEqual(seen[0], ["m-a"]);
  assert.deepEqual(seen.at(-1), ["m-a", "m-b"]);
});

Deno.test("who asks nothing costs the cluster nothing", async () => {
  const { world, seen } = asking(() => []);
  await world.start("m");
  assert.deepEqual(seen, [undefined]);
  assert.deepEqual(world.cluster.said("list").filter((call) => call.includes("wheels")), []);
});

Deno.test("while the cluster is asked, the engine counts as running", async () => {
  const { world, seen } = asking(() => [WHEEL_QUESTION]);
  const answer = world.cluster.hold("list", WHEELS);
  await world.start("m");
  assert.deepEqual(seen, []);
  assert.equal(world.engine.running, 1);
  answer.release();
  await world.settle();
  assert.deepEqual(seen, [[]]);
  assert.equal(world.engine.running, 0);
});

Deno.test("a question that is refused is logged, and the pass goes on without its answer", async () => {
  const { world, seen } = asking(() => [WHEEL_QUESTION]);
  world.cluster.refuse("list", WHEELS, { error: refusal(403, "Forbidden") });
  await world.start("m");
  assert.deepEqual(seen, [undefined]);
  assert.equal(world.passes.length, 1);
  assert.match(JSON.stringify(world.log.at("warn")), /cannot list what a pass needs.*wheels/);
});

Deno.test("what changed while the cluster was asked is what the pass looks at", async () => {
  const { world } = asking(() => [WHEEL_QUESTION]);
  await world.start("m");
  const teeth: unknown[] = [];
  world.decide(({ gears }) => {
    teeth.push(...gears.map((one) => (one["spec"] as { teeth: number }).teeth));
    return { effects: [], events: [], why: "" };
  });
  const answer = world.cluster.hold("list", WHEELS);
  world.touch("m");
  await world.settle();
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 9 } }));
  world.cluster.watchOf(GEARS).tell();
  answer.release();
  await world.settle();
  assert.equal(teeth[0], 9);
});

Deno.test("a key whose write came in doubt while the cluster was asked waits again", async () => {
  let questions: readonly Question[] = [];
  const { world } = asking(() => questions);
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
  world.controller.decide = wantTeeth(9);
  await world.start("m");
  world.decide(() => NOTHING);
  questions = [WHEEL_QUESTION];
  const answer = world.cluster.hold("list", WHEELS);
  world.touch("m");
  await world.settle();
  // The watch begins anew: its events may be older than our write.
  await world.advance(2_000);
  world.cluster.watchOf(GEARS).end();
  answer.release();
  await world.settle();
  assert.equal(world.passes.length, 0);
  world.cluster.watchOf(GEARS).tell();
  await world.settle();
  assert.equal(world.passes.length, 1);
});
