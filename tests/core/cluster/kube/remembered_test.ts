import assert from "node:assert/strict";
import { remembered } from "../../../../core/cluster/kube/remembered.ts";
import { ManualClock } from "./manual_clock.ts";

function counting(keepsOnFailure: boolean, maxAgeMs = 100) {
  const clock = new ManualClock();
  const state = { loads: 0, fails: false };
  const get = remembered({
    clock,
    maxAgeMs,
    keepsOnFailure,
    async load() {
      await Promise.resolve();
      if (state.fails) throw new Error("no");
      return ++state.loads;
    },
  });
  return { clock, state, get };
}

Deno.test("remembered() loads once for all who ask at a time, and again when too old", async () => {
  const { clock, get } = counting(true);
  assert.deepEqual(await Promise.all([get(), get(), get()]), [1, 1, 1]);
  clock.advance(99);
  assert.equal(await get(), 1);
  clock.advance(1);
  assert.deepEqual(await Promise.all([get(), get()]), [2, 2]);
});

Deno.test("remembered() with age 0 shares only what is being loaded", async () => {
  const { get } = counting(true, 0);
  assert.deepEqual(await Promise.all([get(), get()]), [1, 1]);
  assert.equal(await get(), 2);
});

Deno.test("remembered() keeps the last value on failure only where told to", async () => {
  for (const keeps of [true, false]) {
    const { clock, state, get } = counting(keeps);
    await get();
    clock.advance(100);
    state.fails = true;
    if (keeps) assert.equal(await get(), 1);
    else await assert.rejects(get(), { message: "no" });
    state.fails = false;
    assert.equal(await get(), 2);
  }
});

Deno.test("remembered() fails when there never was a value", async () => {
  const { state, get } = counting(true);
  state.fails = true;
  await assert.rejects(get(), { message: "no" });
});
