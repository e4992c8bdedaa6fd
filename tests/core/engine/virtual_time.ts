/** Letting things happen on a virtual clock. */
import type { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";

/** More turns than any chain of answers in these tests takes. */
const TURNS = 300;

/** Lets all answers that are there be heard, without any timer. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
}

/** Lets everything happen that happens at this instant. */
export async function settle(clock: VirtualClock): Promise<void> {
  for (let round = 0; round < 10_000; round++) {
    await turns();
    if (!clock.runDue()) return;
  }
  throw new Error("Cannot settle: something goes on and on at one instant");
}

/** Lets that much time pass, and everything happen that falls into it. */
export async function advance(clock: VirtualClock, byMs: number): Promise<void> {
  const endMs = clock.now() + byMs;
  await settle(clock);
  for (let due = clock.nextDueMs(); due !== undefined && due <= endMs; due = clock.nextDueMs()) {
    clock.advanceTo(due);
    await settle(clock);
  }
  clock.advanceTo(endMs);
}
