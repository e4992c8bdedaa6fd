import assert from "node:assert/strict";
import { ageAt, humanDuration } from "../../../core/view/human_duration.ts";
import { NOW_MS, secondsAgo } from "./view_objects.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const ROWS: [seconds: number, text: string][] = [
  [0, "0s"],
  [0.999, "0s"],
  [1, "1s"],
  [117, "117s"],
  [119.999, "119s"],
  [2 * MINUTE, "2m"],
  [2 * MINUTE + 1, "2m1s"],
  [9 * MINUTE + 55, "9m55s"],
  [10 * MINUTE - 1, "9m59s"],
  [10 * MINUTE, "10m"],
  [10 * MINUTE + 59, "10m"],
  [78 * MINUTE, "78m"],
  [3 * HOUR - 1, "179m"],
  [3 * HOUR, "3h"],
  [3 * HOUR + 59, "3h"],
  [3 * HOUR + 5 * MINUTE, "3h5m"],
  [8 * HOUR - 1, "7h59m"],
  [8 * HOUR, "8h"],
  [8 * HOUR + 30 * MINUTE, "8h"],
  [2 * DAY - 1, "47h"],
  [2 * DAY, "2d"],
  [3 * DAY + 23 * HOUR, "3d23h"],
  [8 * DAY - 1, "7d23h"],
  [8 * DAY, "8d"],
  [8 * DAY + 5 * HOUR, "8d"],
  [2 * YEAR - 1, "729d"],
  [2 * YEAR, "2y"],
  [2 * YEAR + 3 * DAY, "2y3d"],
  [8 * YEAR - 1, "7y364d"],
  [8 * YEAR, "8y"],
  [8 * YEAR + 300 * DAY, "8y"],
  [-0.5, "0s"],
  [-1, "0s"],
  [-1.999, "0s"],
  [-2, "<invalid>"],
  [NaN, "<invalid>"],
];

for (const [seconds, text] of ROWS) {
  Deno.test(`a duration of ${seconds} s reads ${text}`, () => {
    assert.equal(humanDuration(seconds * 1000), text);
  });
}

Deno.test("an age is counted from the time of creation", () => {
  assert.equal(ageAt(NOW_MS, secondsAgo(75)), "75s");
});

Deno.test("an age without a readable time of creation is unknown", () => {
  assert.equal(ageAt(NOW_MS, undefined), "<unknown>");
  assert.equal(ageAt(NOW_MS, "yesterday"), "<unknown>");
});
