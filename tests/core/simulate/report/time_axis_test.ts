import assert from "node:assert/strict";
import { countTicks, timeTicks } from "../../../../core/simulate/report/time_axis.ts";

const textsOf = (endSeconds: number, most: number) =>
  timeTicks(endSeconds, most).map(({ text }) => text).join(" ");

Deno.test("an axis of time has ticks that people count in", () => {
  assert.equal(textsOf(1.2, 10), "0 0.2s 0.4s 0.6s 0.8s 1s 1.2s");
  assert.equal(textsOf(93, 10), "0 10s 20s 30s 40s 50s 1m 1m10s 1m20s 1m30s");
  assert.equal(textsOf(93, 5), "0 30s 1m 1m30s");
  assert.equal(textsOf(18_030, 10), "0 1h 2h 3h 4h 5h");
  assert.equal(textsOf(86_400, 5), "0 6h 12h 18h 1d");
  assert.equal(textsOf(400 * 86_400, 5), "0 90d 180d 270d 360d");
});

Deno.test("an axis of time has at most as many ticks as were asked for, beside 0", () => {
  for (let endSeconds = 1; endSeconds < 1e8; endSeconds *= 1.37) {
    for (const most of [4, 5, 10]) {
      const ticks = timeTicks(endSeconds, most);
      assert.ok(ticks.length >= 2 && ticks.length <= most + 1, `${endSeconds} ${most}`);
      assert.ok((ticks.at(-1)?.seconds ?? Infinity) <= endSeconds);
      assert.equal(new Set(ticks.map(({ text }) => text)).size, ticks.length);
    }
  }
});

Deno.test("an axis of pods counts whole ones, up to the most that there were", () => {
  assert.deepEqual(countTicks(1, 4), [0, 1]);
  assert.deepEqual(countTicks(5, 4), [0, 2, 4, 6]);
  assert.deepEqual(countTicks(11, 4), [0, 5, 10, 15]);
  assert.deepEqual(countTicks(1000, 4), [0, 250, 500, 750, 1000]);
});
