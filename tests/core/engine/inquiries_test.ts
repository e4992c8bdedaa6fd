/** What a pass needs to know beside the caches is asked outside it, and never waited for. */
import assert from "node:assert/strict";
import {
  type Answer,
  type Answerer,
  Engine,
  type Inquiry,
  type ListQuestion,
  type Registry,
  type Sight,
} from "../../../core/engine/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import {
  create,
  decision,
  EngineWorld,
  MillController,
  type MillWorld,
  NOTHING,
  wantGear,
  wantTeeth,
} from "./engine_world.ts";
import { gear, GEARS, mill, MILLS, WHEELS } from "./objects.ts";
import { refusal } from "./scripted_cluster.ts";
import { settle, turns } from "./virtual_time.ts";

const WHEEL_QUESTION: ListQuestion = {
  kind: "list",
  type: WHEELS,
  selection: { namespace: "default" },
};
const WHEEL_INQUIRY: Inquiry = {
  id: "wheels",
  question: WHEEL_QUESTION,
  deadlineMs: 10_000,
  maxAgeMs: 0,
};
const WIND: Inquiry = {
  id: "wind",
  question: { kind: "wind", at: "the hill" },
  deadlineMs: 10_000,
  maxAgeMs: 60_000,
};

/** What a pass saw: `pending`, `failed: why`, or the answer; nothing when it did not inquire. */
function textOf(answer: Answer | undefined): string {
  if (answer === undefined) return "-";
  if (answer.state === "failed") return `failed: ${answer.reason}`;
  if (answer.state === "pending") return "pending";
  const names = (answer.value as readonly KubeObject[]).map?.(({ metadata }) => metadata.name);
  return names?.join(" ") ?? String(answer.value);
}

/** Notes what each pass saw of these inquiries. */
function watchAnswers(controller: MillController, inquiries: (key: string) => readonly Inquiry[]) {
  const seen: string[] = [];
  const observe = MillController.prototype.observe.bind(controller);
  Object.assign(controller, {
    inquiries,
    observe(key: string, sight: Sight): MillWorld | undefined {
      const [first] = inquiries(key);
      seen.push(textOf(sight.answers.get(first?.id ?? "")));
      return observe(key, sight);
    },
  });
  return seen;
}

function asking(inquiries: () => readonly Inquiry[], registry: Registry = {}) {
  const world = new EngineWorld({ registry });
  return { world, seen: watchAnswers(world.controller, inquiries) };
}

/** Answers about the wind when the test says so. */
function windVane(options: Partial<Answerer> = {}) {
  const asked: { signal: AbortSignal; answer(value: unknown): void; fail(error: Error): void }[] =
    [];
  const answerer: Answerer = {
    ...options,
    answer(_question, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      asked.push({ signal, answer: resolve, fail: reject });
      return promise;
    },
  };
  return { asked, registry: { answerers: new Map([["wind", answerer]]) } };
}

Deno.test("an answer that is near is in the first pass, as it is just before the pass", async () => {
  const { world, seen } = asking(() => [WHEEL_INQUIRY]);
  world.cluster.put(WHEELS, gear("m-a"));
  await world.start("m");
  world.cluster.put(WHEELS, gear("m-b"));
  world.touch("m");
  await world.settle();
  assert.deepEqual(seen, ["m-a", "m-a m-b"]);
});

Deno.test("who inquires about nothing costs the cluster nothing", async () => {
  const { world, seen } = asking(() => []);
  await world.start("m");
  assert.deepEqual(seen, ["-"]);
  assert.deepEqual(world.cluster.said("list").filter((call) => call.includes("wheels")), []);
});

Deno.test("a pass goes on while an answer is pending, and the answer wakes its key", async () => {
  const { asked, registry } = windVane();
  const { world, seen } = asking(() => [WIND], registry);
  world.controller.decide = wantGear("m-1", gear("m-1"));
  await world.start("m");
  assert.deepEqual(world.cluster.writes(), ["create gears m-1"]);
  assert.deepEqual(seen, ["pending", "pending"]);
  assert.equal(world.engine.running, 1, "the question");
  asked[0]?.answer("north");
  await world.settle();
  assert.deepEqual(seen, ["pending", "pending", "north"]);
  assert.equal(world.engine.running, 0);
});

Deno.test("what changed while the cluster was asked is what the pass looks at", async () => {
  const { world } = asking(() => [WHEEL_INQUIRY]);
  await world.start("m");
  const teeth: unknown[] = [];
  world.decide(({ gears }) => {
    teeth.push(...gears.map((one) => (one["spec"] as { teeth: number }).teeth));
    return NOTHING;
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

Deno.test("a key whose write came in doubt while it asks waits all the same", async () => {
  let inquiries: readonly Inquiry[] = [];
  const { world } = asking(() => inquiries);
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
  world.controller.decide = wantTeeth(9);
  await world.start("m");
  world.decide(() => NOTHING);
  await world.advance(2_000);
  inquiries = [WHEEL_INQUIRY];
  const answer = world.cluster.hold("list", WHEELS);
  // The watch begins anew: its events may be older than our write.
  world.cluster.watchOf(GEARS).end();
  world.touch("m");
  answer.release();
  await world.settle();
  assert.equal(world.passes.length, 0);
  world.cluster.watchOf(GEARS).tell();
  await world.settle();
  assert.equal(world.passes.length, 1);
});

Deno.test("ten slow lists delay no eleventh key, and no pass of their own keys", async () => {
  const world = new EngineWorld();
  const { cluster, clock, log, recorder } = world;
  const engine = new Engine({ cluster, clock, log, recorder, concurrency: 2 });
  const controller = new MillController();
  const names = Array.from({ length: 11 }, (_, index) => `m${index}`);
  watchAnswers(controller, (key) => (key.endsWith("/m10") ? [] : [WHEEL_INQUIRY]));
  const passes: string[] = [];
  controller.decide = ({ mill }) => {
    passes.push(`${mill.metadata.name} ${(mill["spec"] as { abort?: boolean })?.abort === true}`);
    return NOTHING;
  };
  for (const name of names) cluster.put(MILLS, mill(name));
  const held = names.map(() => cluster.hold("list", WHEELS));
  engine.add(controller);
  engine.start();
  await settle(clock);
  assert.ok(passes.includes("m10 false"));
  cluster.put(MILLS, mill("m3", { spec: { abort: true } }));
  cluster.watchOf(MILLS).tell();
  await settle(clock);
  assert.ok(passes.includes("m3 true"), "it is aborted while its list is under way");
  engine.stop();
  for (const answer of held) answer.release();
  await turns();
});

Deno.test("a kind of question that is full delays its own, and no other kind", async () => {
  const { asked, registry } = windVane({ limit: 2 });
  const world = new EngineWorld({ registry });
  const seen = watchAnswers(
    world.controller,
    (key) => [key.endsWith("/last") ? WHEEL_INQUIRY : WIND],
  );
  world.cluster.put(WHEELS, gear("w"));
  await world.start("a", "b", "c", "last");
  assert.equal(asked.length, 2);
  assert.deepEqual(seen.toSorted(), ["pending", "pending", "pending", "w"]);
  asked[0]?.answer("north");
  await world.settle();
  assert.equal(asked.length, 3, "the next in turn");
  asked[2]?.answer("south");
  await world.settle();
  assert.deepEqual(seen.slice(4), ["north", "south"]);
});

Deno.test("a question that is refused is told of once, and asked again ever more rarely", async () => {
  const { world, seen } = asking(() => [WHEEL_INQUIRY]);
  const error = refusal(403, "Forbidden");
  world.cluster.refuse("list", WHEELS, { error, times: 3 });
  world.cluster.put(WHEELS, gear("m-a"));
  await world.start("m");
  assert.deepEqual(seen, ["failed: Forbidden of the test"]);
  const lists = () => world.cluster.said("list").filter((call) => call.includes("wheels")).length;
  const counts: number[] = [];
  for (const ms of [999, 1, 1_999, 1, 3_999, 1]) {
    await world.advance(ms);
    counts.push(lists());
  }
  assert.deepEqual(counts, [1, 2, 2, 3, 3, 4]);
  assert.equal(seen.at(-1), "m-a");
  assert.ok(!seen.includes("pending"), "it stays failed until it is answered");
  const warnings = world.log.at("warn");
  assert.equal(warnings.length, 1);
  assert.match(JSON.stringify(warnings), /cannot learn what a pass needs.*wheels.*Forbidden/);
});

Deno.test("a question for which nobody is registered fails, and says so", async () => {
  const { world, seen } = asking(() => [WIND]);
  await world.start("m");
  assert.deepEqual(seen, ['failed: nobody is registered to answer "wind"']);
});

Deno.test("a question that is never answered is given up in its time", async () => {
  const { asked, registry } = windVane();
  const { world, seen } = asking(() => [WIND], registry);
  await world.start("m");
  await world.advance(9_999);
  assert.deepEqual(seen, ["pending"]);
  await world.advance(1);
  assert.deepEqual(seen, ["pending", "failed: no answer within 10000 ms"]);
  assert.equal(asked[0]?.signal.aborted, true);
  asked[0]?.answer("too late");
  await world.settle();
  assert.equal(seen.at(-1), "failed: no answer within 10000 ms");
  await world.advance(1_000);
  asked[1]?.answer("north");
  await world.settle();
  assert.equal(seen.at(-1), "north");
});

Deno.test("an answer is good for its age, and then asked for anew by the next pass", async () => {
  const { asked, registry } = windVane();
  const { world, seen } = asking(() => [WIND], registry);
  await world.start("m");
  asked[0]?.answer("north");
  await world.settle();
  await world.advance(59_999);
  world.touch("m");
  await world.settle();
  assert.deepEqual(seen, ["pending", "north", "north"]);
  assert.equal(asked.length, 1);
  await world.advance(1);
  world.touch("m");
  await world.settle();
  assert.equal(asked.length, 2);
  assert.equal(seen.at(-1), "pending");
});

Deno.test("an answer that took longer than its age is seen by the pass that it wakes", async () => {
  const { asked, registry } = windVane();
  const { world, seen } = asking(() => [{ ...WIND, maxAgeMs: 10 }], registry);
  await world.start("m");
  await world.advance(5_000);
  asked[0]?.answer("north");
  await world.settle();
  assert.deepEqual(seen, ["pending", "north"]);
  await world.advance(60_000);
  assert.equal(asked.length, 1, "nobody looked again");
});

Deno.test("a list from before our own write is not used; what does not read the cluster is", async () => {
  const { asked, registry } = windVane();
  const world = new EngineWorld({ registry });
  const list = { ...WHEEL_INQUIRY, maxAgeMs: 60_000 };
  const seen = watchAnswers(world.controller, () => [list, WIND]);
  const wheels = () => world.cluster.said("list").filter((call) => call.includes("wheels")).length;
  world.cluster.put(WHEELS, gear("old"));
  world.controller.decide = ({ gears }) => {
    if (gears.length > 0) return NOTHING;
    world.cluster.put(WHEELS, gear("new"));
    return decision({ effects: [create(gear("m-1"))] });
  };
  await world.start("m");
  assert.equal(wheels(), 2);
  assert.equal(asked.length, 1);
  assert.equal(seen.at(-1), "old new");
  world.touch("m");
  await world.settle();
  assert.equal(wheels(), 2, "nothing was written since");
});

Deno.test("an answer under way when we wrote is not used either", async () => {
  const { world, seen } = asking(() => [WHEEL_INQUIRY]);
  const held = world.cluster.hold("list", WHEELS);
  world.controller.decide = wantGear("m-1", gear("m-1"));
  await world.start("m");
  assert.deepEqual(world.cluster.writes(), ["create gears m-1"]);
  assert.deepEqual(seen, ["pending", ""], "asked anew for the pass after the write");
  held.release();
  await world.settle();
  assert.deepEqual(seen, ["pending", ""], "the first answer is not heard any more");
});

Deno.test("what is not inquired about any more is given up; another question is another", async () => {
  const { asked, registry } = windVane();
  let inquiries: readonly Inquiry[] = [WIND];
  const { world, seen } = asking(() => inquiries, registry);
  await world.start("m");
  inquiries = [{ ...WIND, question: { kind: "wind", at: "the shore" } }];
  world.touch("m");
  await world.settle();
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, false]);
  inquiries = [];
  world.touch("m");
  await world.settle();
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, true]);
  inquiries = [WIND];
  world.touch("m");
  await world.settle();
  assert.equal(asked.length, 3, "it is asked anew");
  assert.deepEqual(seen, ["pending", "pending", "-", "pending"]);
});

Deno.test("an object that is gone inquires about nothing, and so does a stopped engine", async () => {
  const { asked, registry } = windVane();
  const { world } = asking(() => [WIND], registry);
  await world.start("m", "n");
  world.cluster.remove(MILLS, { namespace: "default", name: "m" });
  world.tell();
  await world.settle();
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, false]);
  world.engine.stop();
  await world.settle();
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, true]);
  assert.equal(world.clock.nextDueMs(), undefined);
  assert.equal(world.engine.running, 0);
});

Deno.test("an engine that begins anew asks anew", async () => {
  const { asked, registry } = windVane();
  const { world } = asking(() => [WIND], registry);
  await world.start("m");
  asked[0]?.answer("north");
  await world.settle();
  world.engine.stop();
  const { cluster, clock, log, recorder } = world;
  const engine = new Engine({ cluster, clock, log, recorder, registry });
  const controller = new MillController();
  const seen = watchAnswers(controller, () => [WIND]);
  engine.add(controller);
  engine.start();
  await settle(clock);
  assert.equal(asked.length, 2);
  assert.deepEqual(seen, ["pending"]);
});

Deno.test("what waits for the clock does not count as running", async () => {
  const { registry } = windVane({ waitsForClock: true });
  const { world } = asking(() => [WIND], registry);
  await world.start("m");
  assert.equal(world.engine.running, 0);
});

Deno.test("inquiries and answers can be cloned: whoever answers may live elsewhere", () => {
  assert.deepEqual(structuredClone(WHEEL_INQUIRY), WHEEL_INQUIRY);
});
