import assert from "node:assert/strict";
import fc from "fast-check";
import type { Metric } from "../../../sdk/api/analysis.ts";
import { ANALYSIS_RUNS } from "../../../core/api/names/resources.ts";
import { customResourceDefinition } from "../../../core/api/schema/custom_resource_definition.ts";
import { KINDS } from "../../../core/api/schema/kinds.ts";
import { DisturbedWorld, type Numbered, verdictOf } from "./disturbed_world.ts";
import { metric } from "./run_world.ts";

/** Another number can be given after `--`. */
const CASES = Number(Deno.args[0] ?? 30);

/** What happens between measurements, and how long after what happened before. */
type Disturbance =
  | { readonly do: "restart" | "touch" | "wait"; readonly afterMs: number }
  | {
    readonly do: "die";
    readonly afterMs: number;
    readonly write: number;
    readonly isDone: boolean;
  };

const disturbance: fc.Arbitrary<Disturbance> = fc.oneof(
  fc.record({
    do: fc.constantFrom("restart" as const, "touch" as const, "wait" as const),
    afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40_000 })),
  }),
  fc.record({
    do: fc.constant("die" as const),
    afterMs: fc.integer({ min: 0, max: 20_000 }),
    write: fc.integer({ min: 1, max: 4 }),
    isDone: fc.boolean(),
  }),
);

const found = fc.array(fc.constantFrom("S", "F", "?", "E", "RS", "RRF", "R?"), {
  minLength: 1,
  maxLength: 8,
});

const limits = fc.record({
  count: fc.integer({ min: 1, max: 6 }),
  interval: fc.constantFrom("1s", "5s", "30s"),
  failureLimit: fc.integer({ min: 0, max: 3 }),
  inconclusiveLimit: fc.integer({ min: 0, max: 1 }),
  consecutiveErrorLimit: fc.integer({ min: 0, max: 3 }),
  initialDelay: fc.constantFrom("0s", "12s"),
}).filter(({ count, failureLimit, inconclusiveLimit }) =>
  count >= failureLimit && count >= inconclusiveLimit
);

/** Latencies one call after the other, over and over. */
function inTurn(latencies: readonly number[]): () => number {
  let call = 0;
  return () => latencies[call++ % latencies.length] ?? 0;
}

async function undisturbed(
  metrics: readonly Metric[],
  numbered: Numbered,
  latencies: readonly number[] = [],
): Promise<unknown> {
  const world = new DisturbedWorld(numbered);
  world.latencyMs = inTurn(latencies);
  await world.create(metrics);
  world.restart();
  await world.finish();
  assert.deepEqual(world.problems, []);
  assert.notEqual(world.run.status?.completedAt, undefined);
  for (const [key, calls] of world.calls) {
    const [name = "", number = ""] = key.split("/");
    const letters = numbered[name]?.[Number(number) - 1] ?? "S";
    assert.equal(calls, letters.length, `${key} is asked for once`);
  }
  return verdictOf(world.run);
}

async function disturbed(
  metrics: readonly Metric[],
  numbered: Numbered,
  { disturbances, latencies }: {
    disturbances: readonly Disturbance[];
    latencies: readonly number[];
  },
): Promise<unknown> {
  const world = new DisturbedWorld(numbered);
  world.latencyMs = inTurn(latencies);
  await world.create(metrics);
  world.restart();
  for (const each of disturbances) {
    await world.advance(each.afterMs);
    if (each.do === "touch") await world.touch();
    else if (each.do === "die") world.restart(each);
    else if (each.do === "restart") world.restart();
  }
  await world.finish();
  assert.deepEqual(world.problems, []);
  return verdictOf(world.run);
}

const script = fc.record({
  disturbances: fc.array(disturbance, { maxLength: 12 }),
  latencies: fc.array(fc.constantFrom(0, 0, 300, 2_500, 20_000), { minLength: 1, maxLength: 5 }),
});

Deno.test("the same measurements give the same verdict, whatever happens between them", async () => {
  await fc.assert(
    fc.asyncProperty(limits, found, script, async (fields, letters, what) => {
      const metrics = [metric("m", fields)];
      const numbered = { m: letters };
      const wanted = await undisturbed(metrics, numbered);
      assert.deepEqual(await undisturbed(metrics, numbered, what.latencies), wanted);
      assert.deepEqual(await disturbed(metrics, numbered, what), wanted);
    }),
    { numRuns: CASES },
  );
});

Deno.test("metrics do not disturb one another, whatever happens between measurements", async () => {
  const fields = { count: 4, interval: "5s", failureLimit: 4, inconclusiveLimit: 4 };
  const metrics = ["a", "b", "c"].map((name) => metric(name, fields));
  const letters = fc.array(fc.constantFrom("S", "F", "?", "RS"), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.tuple(letters, letters, letters), script, async ([a, b, c], what) => {
      const numbered = { a, b, c };
      const wanted = await undisturbed(metrics, numbered);
      assert.deepEqual(await undisturbed(metrics, numbered, what.latencies), wanted);
      assert.deepEqual(await disturbed(metrics, numbered, what), wanted);
    }),
    { numRuns: CASES / 2 },
  );
});

Deno.test("a process may be killed at any of its writes, before or after it came true", async () => {
  const metrics = [
    metric("a", { count: 3, interval: "30s", failureLimit: 1 }),
    metric("b", { count: 2, interval: "10s", initialDelay: "5s" }),
  ];
  const numbered = { a: ["S", "F", "E", "RRS"], b: ["RS", "S"] };
  const wanted = await undisturbed(metrics, numbered);
  let write = 1;
  for (let isReached = true; isReached; write++) {
    for (const isDone of [false, true]) {
      const world = new DisturbedWorld(numbered);
      await world.create(metrics);
      world.restart({ write, isDone });
      await world.finish();
      isReached = world.deaths > 0;
      assert.deepEqual(world.problems, [], `killed at write ${write}, ${isDone}`);
      assert.deepEqual(verdictOf(world.run), wanted, `killed at write ${write}, ${isDone}`);
    }
  }
  assert.ok(write > 6, `${write} writes`);
});

Deno.test("a source that does not answer holds up no other, and is an error in the end", async () => {
  const world = new DisturbedWorld({ slow: ["S"], quick: [] });
  world.latencyMs = (name) => (name === "slow" ? 10 * 60_000 : 0);
  await world.create([
    metric("slow", { count: 2, interval: "10s" }),
    metric("quick", { interval: "10s" }),
  ]);
  world.restart();
  await world.advance(59_000);
  const countsOf = () =>
    Object.fromEntries(
      (world.run.status?.metricResults ?? []).map(({ name, count = 0, error = 0 }) => [
        name,
        [count, error],
      ]),
    );
  assert.deepEqual(countsOf(), { quick: [6, 0] });
  await world.advance(3_000);
  assert.deepEqual(countsOf(), { quick: [7, 0], slow: [0, 1] });
  const slow = world.run.status?.metricResults?.find(({ name }) => name === "slow");
  assert.equal(slow?.measurements?.[0]?.message, "no answer within 60000 ms");
  assert.equal(slow?.phase, "Running");
});

Deno.test("all that is recorded of a run is in its definition: the server drops nothing of it", async () => {
  const numbered = { a: ["S", "F", "E", "RRS"], b: ["?", "S"] };
  const metrics = [
    metric("a", { count: 3, interval: "30s", failureLimit: 1 }),
    metric("b", { count: 2, interval: "10s", initialDelay: "5s" }),
  ];
  const installed = KINDS.filter(({ type }) => type === ANALYSIS_RUNS);
  const worlds = [
    new DisturbedWorld(numbered),
    new DisturbedWorld(numbered, installed.map(customResourceDefinition)),
  ];
  for (const world of worlds) {
    await world.create(metrics);
    world.restart();
    await world.finish();
  }
  const [open, defined] = worlds.map(({ run }) => run.status);
  assert.equal(open?.phase, "Inconclusive");
  assert.deepEqual(defined, open);
});
