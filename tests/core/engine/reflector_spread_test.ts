/** Many watches that end together do not come back together. */
import assert from "node:assert/strict";
import { seededRandom } from "../../../core/cluster/embedded/random.ts";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import { Reflector } from "../../../core/engine/reflector.ts";
import { Store } from "../../../core/engine/store.ts";
import { UnreachableError } from "../../../core/ports/mod.ts";
import { GEARS } from "./objects.ts";
import { RecordingLog } from "./recording_log.ts";
import { refusal, ScriptedCluster } from "./scripted_cluster.ts";
import { advance, turns } from "./virtual_time.ts";

const WATCHES = 150;
const SLICE_MS = 25;

/** When each of 150 watches is there again after all have ended so, and the clock goes on. */
async function returnsAfter(error: Error | undefined, withinMs: number): Promise<number[]> {
  const clock = new VirtualClock(1_000_000);
  const random = seededRandom(16);
  const log = new RecordingLog();
  const clusters = Array.from({ length: WATCHES }, () => new ScriptedCluster());
  for (const cluster of clusters) {
    const store = new Store(GEARS);
    new Reflector({ cluster, clock, log, store, random, selection: {} }).start();
  }
  await turns();
  await advance(clock, 60_000);
  const endedMs = clock.now();
  for (const cluster of clusters) cluster.watchOf(GEARS).end(error);
  const returns: number[] = [];
  let back = clusters.filter(({ watches }) => watches.length > 1).length;
  for (let count = 0; count < back; count++) returns.push(0);
  while (clock.now() < endedMs + withinMs) {
    await advance(clock, 1);
    const now = clusters.filter(({ watches }) => watches.length > 1).length;
    for (; back < now; back++) returns.push(clock.now() - endedMs);
  }
  return returns;
}

/** The most that come within any 25 ms. */
function mostAtOnce(returns: readonly number[]): number {
  return Math.max(
    ...returns.map((atMs) =>
      returns.filter((other) => other >= atMs && other < atMs + SLICE_MS).length
    ),
  );
}

const ENDS = [
  ["in good order, as a server ends them that stops", undefined, 0, 500],
  ["by a broken connection", new UnreachableError("Cannot watch: reset"), 250, 750],
  ["by a refusal", refusal(500, "InternalError"), 250, 750],
] as const;

for (const [how, error, earliestMs, latestMs] of ENDS) {
  Deno.test(`150 watches that end at once ${how} come back over half a second`, async () => {
    const returns = await returnsAfter(error, latestMs);
    assert.equal(returns.length, WATCHES, "all are back");
    assert.ok(Math.min(...returns) >= earliestMs, `the first after ${Math.min(...returns)} ms`);
    assert.ok(mostAtOnce(returns) <= 20, `${mostAtOnce(returns)} within ${SLICE_MS} ms`);
  });
}

Deno.test("watches of a busy server come back after the time that it asks for, and not at once", async () => {
  const busy = refusal(429, "TooManyRequests", "too many", 7);
  const returns = await returnsAfter(busy, 10_000);
  assert.equal(returns.length, WATCHES);
  assert.ok(Math.min(...returns) >= 7_000, `the first after ${Math.min(...returns)} ms`);
  assert.ok(mostAtOnce(returns) <= 20, `${mostAtOnce(returns)} within ${SLICE_MS} ms`);
});
