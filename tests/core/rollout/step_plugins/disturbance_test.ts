import assert from "node:assert/strict";
import { DisturbedSteps, type Letters, outcomeOf } from "./disturbed_steps.ts";

/** What users do to an update, in the minute after it began. */
type Story = (world: DisturbedSteps) => Promise<void>;

const MINUTE_MS = 60_000;

const abort: Story = (world) => world.patch({ status: { abort: true } }, "status");
const retry: Story = (world) => world.patch({ status: { abort: false } }, "status");
const promote: Story = (world) => world.patch({ status: { promoteFull: true } }, "status");

/** What happens, and what has to come of it. */
const STORIES: readonly [
  what: string,
  letters: Letters,
  stories: readonly Story[],
  end: unknown,
][] = [
  ["it goes on to the end", { a: "RES", b: "S" }, [], {
    phase: "Healthy",
    currentStepIndex: 3,
    abort: false,
    told: ["0 Run Successful 3", "2 Run Successful 1"],
  }],
  ["a failed step aborts, and what ran before is undone", { a: "S", b: "F" }, [], {
    phase: "Degraded",
    currentStepIndex: 0,
    abort: true,
    told: ["0 Run Successful 1", "2 Run Failed 1", "0 Abort Successful 1"],
  }],
  ["an abort, and a retry that runs all of it anew", { a: "S", b: "RRS" }, [abort, retry], {
    phase: "Healthy",
    currentStepIndex: 3,
    abort: false,
    told: ["0 Run Successful 1", "2 Run Successful 3"],
  }],
  ["a full promotion", { a: "S", b: "R" }, [promote], {
    phase: "Healthy",
    currentStepIndex: 3,
    abort: false,
    told: ["0 Run Successful 1", "2 Run Running 1", "2 Terminate Successful 1"],
  }],
];

async function play(
  letters: Letters,
  stories: readonly Story[],
  disturb: (world: DisturbedSteps) => void,
): Promise<DisturbedSteps> {
  const world = new DisturbedSteps(letters);
  await world.create();
  world.restart();
  await world.advance(MINUTE_MS);
  disturb(world);
  await world.update();
  await world.advance(10_000);
  for (const story of stories) {
    await story(world);
    await world.advance(10_000);
  }
  await world.advance(10 * MINUTE_MS);
  return world;
}

for (const [what, letters, stories, end] of STORIES) {
  Deno.test(`step plugins, killed at any write: ${what}`, async () => {
    const calm = await play(letters, stories, () => {});
    assert.deepEqual(outcomeOf(calm), end);
    assert.deepEqual(calm.problems, []);
    const often = [...calm.calls].filter(([, count]) => count !== 1);
    assert.deepEqual(often, [], "undisturbed, each call is made once");
    let kills = 0;
    for (let write = 1, isKilled = true; isKilled; write++) {
      isKilled = false;
      for (const isDone of [false, true]) {
        const world = await play(letters, stories, (one) => one.restart({ write, isDone }));
        const where = `killed ${isDone ? "after" : "before"} write ${write}`;
        assert.deepEqual(world.problems, [], where);
        assert.deepEqual(outcomeOf(world), end, where);
        assert.ok([...world.calls.values()].every((count) => count <= 2), where);
        isKilled ||= world.deaths > 0;
        kills += world.deaths;
      }
    }
    assert.ok(kills > 20, `${kills} deaths`);
  });
}

Deno.test("step plugins: whoever else writes to the Rollout repeats no call", async () => {
  const world = new DisturbedSteps({ a: "RS", b: "S" });
  await world.create();
  world.restart();
  await world.advance(MINUTE_MS);
  await world.update();
  for (let turn = 0; turn < 100; turn++) {
    await world.patch({ metadata: { annotations: { "user/seen": String(turn) } } });
    await world.advance(997);
  }
  assert.deepEqual(world.problems, []);
  assert.deepEqual([...world.calls.values()], [1, 1, 1]);
  assert.equal(world.rollout.status?.phase, "Healthy");
});
