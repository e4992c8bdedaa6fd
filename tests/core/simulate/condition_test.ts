import assert from "node:assert/strict";
import { isMet, parseCondition } from "../../../core/simulate/condition.ts";

const READ: [text: string, met: string[]][] = [
  ["healthy", ["Healthy 2"]],
  [" healthy ", ["Healthy 2"]],
  ["phase == Healthy", ["Healthy 2"]],
  ["phase==Paused", ["Paused 1", "Paused 2"]],
  ["phase == Degraded", ["Degraded 0"]],
  ["phase == Progressing", ["Progressing 1"]],
  ["step == 1", ["Paused 1", "Progressing 1"]],
  ["step == 0", ["Degraded 0"]],
];
const STATES = ["Healthy 2", "Paused 1", "Paused 2", "Degraded 0", "Progressing 1"];

for (const [text, met] of READ) {
  Deno.test(`"${text}" is met by ${met.join(", ")} alone`, () => {
    const condition = parseCondition(text);
    const found = STATES.filter((state) => {
      const [phase = "", step] = state.split(" ");
      return isMet(condition, { phase, step: Number(step) });
    });
    assert.deepEqual(found, met);
  });
}

const REFUSED = [
  "",
  "Healthy",
  "phase = Paused",
  "phase == paused",
  "phase == Happy",
  "phase == Healthy || step == 1",
  "step == one",
  "step == -1",
  "step > 1",
  "pods == 3",
];

for (const text of REFUSED) {
  Deno.test(`"${text}" is no condition`, () => {
    assert.throws(() => parseCondition(text), {
      name: "ScriptError",
      message: `invalid condition "${text}"; write healthy, step == N, or ` +
        "phase == Healthy|Paused|Progressing|Degraded",
    });
  });
}
