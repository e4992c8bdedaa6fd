import assert from "node:assert/strict";
import { VirtualClock } from "../../../../core/cluster/embedded/virtual_clock.ts";

function runAll(clock: VirtualClock): void {
  for (let next = clock.nextDueMs(); next !== undefined; next = clock.nextDueMs()) {
    clock.advanceTo(next);
    while (clock.runDue());
  }
}

Deno.test("VirtualClock fires timers by time, and those of one time in the order of setting", () => {
  const clock = new VirtualClock(1000);
  const fired: string[] = [];
  for (const [name, delay] of [["c", 30], ["a", 10], ["b1", 20], ["b2", 20], ["now", 0]] as const) {
    clock.after(delay, () => fired.push(`${name}@${clock.now()}`));
  }
  runAll(clock);
  assert.deepEqual(fired, ["now@1000", "a@1010", "b1@1020", "b2@1020", "c@1030"]);
});

Deno.test("VirtualClock keeps the order of many timers, whatever the order of setting", () => {
  const clock = new VirtualClock(0);
  const fired: number[] = [];
  const delays = Array.from({ length: 200 }, (_none, index) => (index * 7919) % 211);
  for (const delay of delays) clock.after(delay, () => fired.push(delay));
  runAll(clock);
  assert.deepEqual(fired, delays.toSorted((one, other) => one - other));
});

Deno.test("VirtualClock moves only when told, never back, and runs nothing by moving", () => {
  const clock = new VirtualClock(1000);
  let fired = 0;
  clock.after(5, () => fired++);
  clock.advanceTo(2000);
  clock.advanceTo(1500);
  assert.equal(clock.now(), 2000);
  assert.equal(clock.monotonic(), 1000);
  assert.equal(fired, 0);
  assert.equal(clock.runDue(), true);
  assert.equal(clock.runDue(), false);
  assert.equal(fired, 1);
});

Deno.test("VirtualClock runs one timer at a time, and none that is not due", () => {
  const clock = new VirtualClock(0);
  const fired: string[] = [];
  clock.after(0, () => fired.push("one"));
  clock.after(0, () => fired.push("two"));
  clock.after(1, () => fired.push("later"));
  assert.equal(clock.runDue(), true);
  assert.deepEqual(fired, ["one"]);
  assert.equal(clock.runDue(), true);
  assert.equal(clock.runDue(), false);
  assert.deepEqual(fired, ["one", "two"]);
});

Deno.test("VirtualClock never fires a cancelled timer, nor names it as the next", () => {
  const clock = new VirtualClock(0);
  const cancel = clock.after(1, () => assert.fail("it was cancelled"));
  clock.after(2, () => cancel());
  cancel();
  assert.equal(clock.nextDueMs(), 2);
  runAll(clock);
  assert.equal(clock.nextDueMs(), undefined);
});

Deno.test("VirtualClock lets a timer set another one for the same instant", () => {
  const clock = new VirtualClock(0);
  const fired: string[] = [];
  clock.after(1, () => {
    fired.push("first");
    clock.after(0, () => fired.push("second"));
    assert.deepEqual(fired, ["first"]);
  });
  runAll(clock);
  assert.deepEqual(fired, ["first", "second"]);
  assert.equal(clock.now(), 1);
});
