import assert from "node:assert/strict";
import { Silence } from "../../../../core/cluster/kube/silence.ts";
import { ManualClock } from "./manual_clock.ts";

function listen(limitMs: number) {
  const clock = new ManualClock();
  const heard: number[] = [];
  const silence = new Silence(clock, limitMs, () => heard.push(clock.monotonic()));
  return { clock, silence, heard };
}

Deno.test("Silence calls back once, after the limit and not before", () => {
  const { clock, heard } = listen(100);
  clock.advance(99);
  assert.deepEqual(heard, []);
  clock.advance(500);
  assert.deepEqual(heard, [100]);
});

Deno.test("Silence counts from what was heard last, with one timer at a time", () => {
  const { clock, silence, heard } = listen(100);
  for (let turn = 0; turn < 10; turn++) {
    clock.advance(60);
    silence.heard();
    assert.equal(clock.timers, 1);
  }
  assert.deepEqual(heard, []);
  clock.advance(1000);
  assert.deepEqual(heard, [700]);
});

Deno.test("Silence that starts anew with the same limit counts from then, and makes no timer", () => {
  const { clock, silence, heard } = listen(100);
  const made = clock.made;
  clock.advance(60);
  silence.restart(100);
  assert.equal(clock.made, made);
  clock.advance(99);
  assert.deepEqual(heard, []);
  clock.advance(1);
  assert.deepEqual(heard, [160]);
});

Deno.test("Silence starts anew with another limit, and stops", () => {
  const { clock, silence, heard } = listen(100);
  clock.advance(60);
  silence.restart(300);
  clock.advance(299);
  assert.deepEqual(heard, []);
  clock.advance(1);
  assert.deepEqual(heard, [360]);
  const other = listen(100);
  other.silence.stop();
  other.clock.advance(1000);
  assert.deepEqual([other.heard, other.clock.timers], [[], 0]);
});
