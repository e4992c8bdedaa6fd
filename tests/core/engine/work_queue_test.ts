import assert from "node:assert/strict";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import { WorkQueue } from "../../../core/engine/work_queue.ts";
import { advance } from "./virtual_time.ts";

function newQueue() {
  const clock = new VirtualClock(1_000_000);
  let calls = 0;
  const queue = new WorkQueue(clock, () => calls++);
  return { clock, queue, calls: () => calls };
}

Deno.test("a key is in the queue once, however often it is added", () => {
  const { queue, calls } = newQueue();
  queue.add("a");
  queue.add("a");
  assert.equal(calls(), 1);
  assert.equal(queue.take(), "a");
  assert.equal(queue.take(), undefined);
});

Deno.test("the key that has waited longest is taken first", () => {
  const { queue } = newQueue();
  for (const key of ["b", "a", "c"]) queue.add(key);
  assert.deepEqual([queue.take(), queue.take(), queue.take()], ["b", "a", "c"]);
});

Deno.test("a key is never in two passes, and one added during its pass is looked at again", () => {
  const { queue, calls } = newQueue();
  queue.add("a");
  queue.take();
  queue.add("a");
  queue.add("a");
  assert.equal(queue.take(), undefined);
  queue.done("a");
  assert.equal(calls(), 2);
  assert.equal(queue.take(), "a");
  queue.done("a");
  assert.equal(queue.take(), undefined);
});

Deno.test("a timer that rings during the key's pass has it looked at again", async () => {
  const { clock, queue } = newQueue();
  queue.add("a");
  queue.take();
  queue.addAfter("a", 50);
  await advance(clock, 50);
  assert.equal(queue.readyCount, 0);
  queue.done("a");
  assert.equal(queue.readyCount, 1);
});

Deno.test("of several wake-ups the earliest wins", async () => {
  const { clock, queue } = newQueue();
  queue.addAfter("a", 500);
  queue.addAfter("a", 100);
  queue.addAfter("a", 300);
  await advance(clock, 99);
  assert.equal(queue.readyCount, 0);
  await advance(clock, 1);
  assert.equal(queue.take(), "a");
  queue.done("a");
  await advance(clock, 1_000);
  assert.equal(queue.readyCount, 0, "the later ones are gone");
});

Deno.test("a pass replaces the wake-up that was planned before it", async () => {
  const { clock, queue } = newQueue();
  queue.addAfter("a", 100);
  queue.add("a");
  queue.take();
  queue.addAfter("a", 400);
  queue.done("a");
  await advance(clock, 399);
  assert.equal(queue.readyCount, 0);
  await advance(clock, 1);
  assert.equal(queue.readyCount, 1);
});

Deno.test("delays double with each failure in a row, up to ten seconds, and start anew", () => {
  const { queue } = newQueue();
  const delays = Array.from({ length: 12 }, () => queue.addAfterFailure("a"));
  assert.deepEqual(delays.slice(0, 4), [10, 20, 40, 80]);
  assert.equal(delays.at(-1), 10_000);
  assert.equal(queue.addAfterFailure("b"), 10, "each key has its own row");
  queue.succeeded("a");
  assert.equal(queue.addAfterFailure("a"), 10);
});

Deno.test("an answer is looked at once, but for a key that waits after a failure", async () => {
  const { clock, queue } = newQueue();
  queue.addAfter("a", 5_000);
  queue.addAnswered("a");
  assert.equal(queue.take(), "a", "it does not wait for its next look");
  queue.addAnswered("a");
  queue.addAfterFailure("a");
  queue.done("a");
  queue.addAnswered("a");
  assert.equal(queue.readyCount, 0);
  await advance(clock, 10);
  assert.equal(queue.take(), "a");
  queue.addAnswered("a");
  queue.done("a");
  assert.equal(queue.readyCount, 1, "the answer to what the new try has asked");
});

Deno.test("what happens in the world does not wait for the end of a backoff", () => {
  const { queue } = newQueue();
  queue.addAfterFailure("a");
  queue.add("a");
  assert.equal(queue.take(), "a");
});

Deno.test("a forgotten key has no wake-up and no failures, and can be added again", async () => {
  const { clock, queue } = newQueue();
  queue.addAfterFailure("a");
  queue.addAfterFailure("a");
  queue.forget("a");
  await advance(clock, 10_000);
  assert.equal(queue.readyCount, 0);
  assert.equal(queue.addAfterFailure("a"), 10);
  queue.add("a");
  assert.equal(queue.readyCount, 1);
});

Deno.test("a stopped queue keeps no timer and no key, and takes none", () => {
  const { clock, queue } = newQueue();
  queue.add("working");
  queue.take();
  queue.add("working");
  queue.add("ready");
  queue.addAfter("later", 100);
  queue.stop();
  queue.done("working");
  queue.add("more");
  queue.addAfter("more", 100);
  queue.addAfterFailure("more");
  assert.equal(queue.readyCount, 0);
  assert.equal(clock.nextDueMs(), undefined);
});
