import assert from "node:assert/strict";
import {
  randomBelow,
  randomSuffix,
  randomUid,
  seededRandom,
} from "../../../../core/cluster/embedded/random.ts";

function draw(seed: number, count: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

Deno.test("seededRandom() draws the same numbers for the same seed, others for another", () => {
  assert.deepEqual(draw(7, 50), draw(7, 50));
  assert.notDeepEqual(draw(7, 50), draw(8, 50));
});

Deno.test("seededRandom() draws from 0 to below 1, evenly", () => {
  const numbers = draw(1, 10_000);
  assert.ok(numbers.every((number) => number >= 0 && number < 1));
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  assert.ok(Math.abs(mean - 0.5) < 0.02, `mean ${mean}`);
});

Deno.test("randomBelow() draws every whole number below its bound", () => {
  const random = seededRandom(3);
  const drawn = new Set(Array.from({ length: 200 }, () => randomBelow(random, 5)));
  assert.deepEqual([...drawn].sort(), [0, 1, 2, 3, 4]);
});

Deno.test("randomSuffix() has five letters that are not easily confused", () => {
  const random = seededRandom(3);
  for (let count = 0; count < 100; count++) {
    assert.match(randomSuffix(random), /^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  }
});

Deno.test("randomUid() is a UUID of version 4, another each time", () => {
  const random = seededRandom(3);
  const uids = Array.from({ length: 100 }, () => randomUid(random));
  for (const uid of uids) {
    assert.match(uid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assert.equal(new Set(uids).size, 100);
});
