import assert from "node:assert/strict";
import { systemClock } from "../../../../core/cluster/system/mod.ts";

Deno.test("after() calls back later, never before it returns, and not once taken back", async () => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    systemClock.after(-5, () => {
      order.push("rang");
      resolve();
    });
    systemClock.after(0, () => order.push("taken back"))();
    order.push("returned");
  });
  assert.deepEqual(order, ["returned", "rang"]);
});

Deno.test("after() does not fire at once for a delay of months", async () => {
  let rang = 0;
  const cancel = systemClock.after(90 * 86_400_000, () => rang++);
  await new Promise<void>((resolve) => systemClock.after(5, resolve));
  cancel();
  assert.equal(rang, 0);
});

Deno.test("monotonic() never goes back and now() is the present", () => {
  const before = systemClock.monotonic();
  assert.ok(systemClock.monotonic() >= before);
  assert.ok(systemClock.now() > Date.UTC(2025));
});
