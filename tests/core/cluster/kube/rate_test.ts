import assert from "node:assert/strict";
import { VirtualClock } from "../../../../core/cluster/embedded/mod.ts";
import { Rate } from "../../../../core/cluster/kube/rate.ts";

Deno.test("a rate lets a burst through, then so many a second, and a burst again after a rest", () => {
  const clock = new VirtualClock(0);
  const rate = new Rate(clock, { perSecond: 4, burst: 2 });
  const waits = () => [rate.take(), rate.take(), rate.take(), rate.take()];
  assert.deepEqual(waits(), [0, 0, 250, 500]);
  clock.advanceTo(500);
  assert.deepEqual(waits(), [250, 500, 750, 1000]);
  clock.advanceTo(60_000);
  assert.deepEqual(waits(), [0, 0, 250, 500]);
});
