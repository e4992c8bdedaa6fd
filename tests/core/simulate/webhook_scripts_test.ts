import assert from "node:assert/strict";
import fc from "fast-check";
import { experimentPlots, judge, type Plot, plots } from "./webhook_script.ts";

/**
 * The same scripts each time. Fresh ones are tried by hand (`webhook_soak.ts`): of the 20,000 from
 * seed 13000001 on none breaks a bound.
 */
function scripts(count: number, kinds = plots): Plot[] {
  return Array.from(
    { length: count },
    (_, index) => fc.sample(kinds, { seed: index + 1, numRuns: 1 }),
  )
    .flat();
}

Deno.test("40 fixed scripts with webhooks: no hot loop, no abort hidden", async () => {
  let aborts = 0;
  for (const plot of scripts(40)) aborts += await judge(plot);
  assert.ok(aborts > 10, `${aborts} aborts were looked for`);
});

Deno.test("20 fixed scripts with webhooks and experiments: no hot loop, no abort hidden", async () => {
  let aborts = 0;
  for (const plot of scripts(20, experimentPlots)) aborts += await judge(plot);
  assert.ok(aborts > 5, `${aborts} aborts were looked for`);
});

Deno.test("20 scripts with experiments and without webhooks: no write is held back", async () => {
  for (const plot of scripts(20, experimentPlots)) await judge({ ...plot, phases: [] });
});

Deno.test("40 scripts without webhooks: no write is held back", async () => {
  for (const plot of scripts(40)) await judge({ ...plot, phases: [] });
});

// An older time put back; an abort before the first set; a refusal met at every event; two statuses
// in turn that do not last; an abort after a retry that no write could tell of; an abort that is
// told right after a status that did not last; two statuses in turn with counted seconds; a status
// with a sentence that is another one in each pass; refused statuses that differ in times alone; to
// and fro between an abort by deadline and progress, where no status is kept; a message in turn with
// that of a write that is undone.
for (
  const seed of [
    7000701,
    7002667,
    7000770,
    7008034,
    7013270,
    11002761,
    13012565,
    13000379,
    13002078,
    9003318,
    1600645,
    1611790,
  ]
) {
  Deno.test(`a script that once went round is at rest: ${seed}`, async () => {
    for (const plot of fc.sample(plots, { seed, numRuns: 1 })) await judge(plot);
  });
}
