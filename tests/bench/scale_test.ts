/** A simulation costs in proportion to its Rollouts: with many, none of them costs more. */
import assert from "node:assert/strict";
import { measureScale, perRolloutMs } from "./scale_figures.ts";

const [FEW, MANY] = [40, 160];
/** What looks through all Rollouts for each of them makes this more than 2. */
const GROWTH_MAX = 1.3;
/** A noisy machine gets more tries, never a looser limit. */
const TRIES = 4;

Deno.test(`of ${MANY} Rollouts none costs ${GROWTH_MAX} times as much CPU as of ${FEW}`, async () => {
  let growth = Infinity;
  for (let attempt = 0; attempt < TRIES && growth > GROWTH_MAX; attempt++) {
    const [few, many] = [await measureScale(FEW), await measureScale(MANY)];
    assert.deepEqual([few.exitCode, many.exitCode], [0, 0]);
    assert.equal(many.writes / MANY, few.writes / FEW);
    growth = Math.min(growth, perRolloutMs(many) / perRolloutMs(few));
  }
  await Deno.stderr.write(
    new TextEncoder().encode(`CPU of a Rollout grows ${growth.toFixed(2)}x\n`),
  );
  assert.ok(growth <= GROWTH_MAX, `it costs ${growth.toFixed(2)} times as much`);
});
