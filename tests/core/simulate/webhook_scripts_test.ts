import assert from "node:assert/strict";
import fc from "fast-check";
import { judge, plots } from "./webhook_script.ts";

Deno.test("scripts made at random with webhooks: no hot loop, and no abort is hidden", async () => {
  let aborts = 0;
  await fc.assert(
    fc.asyncProperty(plots, async (plot) => {
      aborts += await judge(plot);
    }),
    { numRuns: 100 },
  );
  assert.ok(aborts > 10, `${aborts} aborts were looked for`);
});

Deno.test("scripts made at random without webhooks: no write is held back", async () => {
  await fc.assert(
    fc.asyncProperty(plots, async (plot) => {
      await judge({ ...plot, phases: [] });
    }),
    { numRuns: 40 },
  );
});
