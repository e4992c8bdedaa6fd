import assert from "node:assert/strict";
import {
  endSeenMs,
  longUnseen,
  type UnseenTime,
  UnseenTimes,
} from "../../../core/engine/unseen.ts";

const seconds = (from: number, to?: number): UnseenTime => ({
  fromMs: from * 1000,
  ...(to === undefined ? {} : { toMs: to * 1000 }),
});

Deno.test("a deadline does not count what nobody saw", () => {
  const rows: { name: string; unseen: UnseenTime[]; ends: number }[] = [
    { name: "all was seen", unseen: [], ends: 120 },
    { name: "95 s at its beginning", unseen: [seconds(5, 100)], ends: 215 },
    { name: "95 s at its end: a grace of the same length", unseen: [seconds(119, 214)], ends: 309 },
    { name: "12 s at its end: a grace of 30 s", unseen: [seconds(119, 131)], ends: 161 },
    {
      name: "an hour: a grace of the deadline at most",
      unseen: [seconds(119, 3_719)],
      ends: 3_839,
    },
    { name: "it began before the deadline", unseen: [seconds(-500, 20)], ends: 140 },
    { name: "it was over before the deadline began", unseen: [seconds(-500, -20)], ends: 120 },
    { name: "it began after the end", unseen: [seconds(130, 300)], ends: 120 },
    { name: "it lasts", unseen: [seconds(60)], ends: 220 },
    { name: "it lasts, and began after the end", unseen: [seconds(130)], ends: 120 },
    { name: "twice", unseen: [seconds(10, 60), seconds(100, 150)], ends: 220 },
    {
      name: "the second within the grace of the first",
      unseen: [seconds(115, 130), seconds(150, 170)],
      ends: 200,
    },
  ];
  for (const { name, unseen, ends } of rows) {
    const endMs = endSeenMs({ sinceMs: 0, durationMs: 120_000 }, { unseen, nowMs: 140_000 });
    assert.equal(endMs, ends * 1000, name);
  }
});

Deno.test("short times do not count, but those that are close to each other are one", () => {
  const long = (...times: UnseenTime[]) => longUnseen(times, 100_000);
  assert.deepEqual(long(seconds(0, 9)), []);
  assert.deepEqual(long(seconds(0, 10)), [seconds(0, 10)]);
  assert.deepEqual(long(seconds(0, 6), seconds(12, 18)), [seconds(0, 18)]);
  assert.deepEqual(long(seconds(0, 60), seconds(20, 40)), [seconds(0, 60)]);
  assert.deepEqual(long(seconds(20, 40), seconds(0, 25)), [seconds(0, 40)]);
  assert.deepEqual(long(seconds(0, 20), seconds(40, 60)), [seconds(0, 20), seconds(40, 60)]);
  assert.deepEqual(long(seconds(95)), []);
  assert.deepEqual(long(seconds(85, 92), seconds(95)), [seconds(85)]);
});

Deno.test("times are remembered until many newer ones have come", () => {
  const times = new UnseenTimes();
  assert.equal(times.end(5_000), false);
  times.begin(10_000);
  times.begin(15_000);
  assert.deepEqual(times.all, [seconds(10)]);
  assert.equal(times.end(30_000), true);
  assert.deepEqual(times.all, [seconds(10, 30)]);
  times.begin(100_000);
  assert.equal(times.end(101_000), false);
  for (let minute = 10; minute < 100; minute++) {
    times.add({ fromMs: minute * 60_000, toMs: minute * 60_000 + 15_000 });
  }
  assert.equal(times.all.length, 20);
  assert.deepEqual(times.all.at(-1), { fromMs: 5_940_000, toMs: 5_955_000 });
});
