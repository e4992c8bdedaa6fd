import assert from "node:assert/strict";
import { FreezeGuard } from "../../../core/engine/mod.ts";
import type { Clock } from "../../../core/ports/mod.ts";
import { RecordingLog } from "./recording_log.ts";

/** A machine whose clocks go as the test says. */
class Machine implements Clock {
  monotonicMs = 1_000;
  nowMs = Date.parse("2030-01-01T00:00:00Z");

  now(): number {
    return this.nowMs;
  }

  monotonic(): number {
    return this.monotonicMs;
  }

  after(): () => void {
    return () => {};
  }

  goOn(monotonicMs: number, nowMs: number): void {
    this.monotonicMs += monotonicMs;
    this.nowMs += nowMs;
  }
}

Deno.test("a gap on either clock means that the process stood still", () => {
  const rows: [what: string, monotonicMs: number, nowMs: number, isFrozen: boolean][] = [
    ["a moment", 1_000, 1_000, false],
    ["it was stopped", 10_000, 10_000, true],
    ["the machine slept: its monotonic clock stood still", 5, 60_000, true],
    ["the clock was set back", 1_000, -3_600_000, false],
    ["the clock was corrected by a second", 1_000, 2_000, false],
  ];
  for (const [what, monotonicMs, nowMs, isFrozen] of rows) {
    const machine = new Machine();
    const log = new RecordingLog();
    const guard = new FreezeGuard({ clock: machine, log });
    let thaws = 0;
    guard.onThaw(() => thaws++);
    const fence = guard.fence();
    machine.goOn(monotonicMs, nowMs);
    if (isFrozen) assert.throws(() => fence.check(), { name: "OutdatedError" }, what);
    else fence.check();
    assert.equal(thaws, isFrozen ? 1 : 0, what);
    guard.look();
    assert.equal(log.at("warn").length, isFrozen ? 1 : 0, `${what}: told once`);
  }
});
