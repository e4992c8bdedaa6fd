import assert from "node:assert/strict";
import { statusPatch } from "../../../core/engine/status_patch.ts";

function condition(type: string, status: string, at: string) {
  return { type, status, reason: "Why", lastUpdateTime: at, lastTransitionTime: at };
}

const EARLY = "2030-01-01T00:00:00Z";
const LATE = "2030-01-01T00:01:00Z";

Deno.test("a status that is as wanted needs no patch", () => {
  const status = { phase: "Healthy", conditions: [condition("Available", "True", EARLY)] };
  assert.equal(statusPatch(status, structuredClone(status)), undefined);
});

Deno.test("a difference in the times of conditions alone is not worth a write", () => {
  const before = { conditions: [condition("Available", "True", EARLY)] };
  const after = { conditions: [condition("Available", "True", LATE)] };
  assert.equal(statusPatch(before, after), undefined);
});

Deno.test("only the two times of a condition are not worth a write", () => {
  for (const field of ["type", "status", "reason", "message", "lastProbeTime"]) {
    const before = { conditions: [condition("Available", "True", EARLY)] };
    const after = { conditions: [{ ...condition("Available", "True", LATE), [field]: "new" }] };
    assert.deepEqual(statusPatch(before, after), after, field);
  }
});

Deno.test("times of conditions go along with any other difference", () => {
  const before = { phase: "Paused", conditions: [condition("Available", "True", EARLY)] };
  const after = { phase: "Healthy", conditions: [condition("Available", "True", LATE)] };
  assert.deepEqual(statusPatch(before, after), after);
});

Deno.test("a condition more, less, or in another place is worth a write", () => {
  const one = condition("Available", "True", EARLY);
  const two = condition("Progressing", "True", EARLY);
  assert.ok(statusPatch({ conditions: [one] }, { conditions: [one, two] }));
  assert.deepEqual(statusPatch({ conditions: [one] }, {}), { conditions: null });
  assert.ok(statusPatch({ conditions: [one, two] }, { conditions: [two, one] }));
});
