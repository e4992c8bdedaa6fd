import assert from "node:assert/strict";
import { PrintedScreen } from "../../../core/cli/live_screens.ts";
import type { Terminal } from "../../../core/cli/mod.ts";

Deno.test("a state that differs from the one before in ages alone is not printed again", () => {
  const out: string[] = [];
  const nowMs = { value: 1000 };
  const terminal = {
    out: (text: string) => out.push(text),
    clock: { now: () => nowMs.value },
  } as unknown as Terminal;
  const screen = new PrintedScreen(terminal);
  const state = (word: string) => (ms: number) => `${word} for ${ms} ms\n`;
  screen.show(state("Paused"));
  nowMs.value = 2000;
  screen.show(state("Paused"));
  screen.show(state("Healthy"));
  assert.deepEqual(out, ["Paused for 1000 ms\n", "\nHealthy for 2000 ms\n"]);
});
