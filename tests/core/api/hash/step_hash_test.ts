import assert from "node:assert/strict";
import type { CanaryStep } from "../../../../sdk/api/rollout.ts";
import { stepHash } from "../../../../core/api/hash/step_hash.ts";
import fieldRows from "../../../fixtures/vectors/step-fields.json" with { type: "json" };
import vectors from "../../../fixtures/vectors/step-hash.json" with { type: "json" };

interface Vector {
  hash: string;
  applied: CanaryStep[];
  stored: CanaryStep[];
}

Deno.test("a step hash is Argo's, for steps as applied and as its controller stored them", () => {
  const rows = vectors as unknown as Vector[];
  assert.ok(rows.length >= 100);
  for (const { hash, applied, stored } of rows) {
    assert.equal(stepHash(applied), hash, JSON.stringify(applied));
    assert.equal(stepHash(stored), hash, JSON.stringify(stored));
  }
});

Deno.test("a step hash is Argo's for each field: absent, null, empty and set", () => {
  const rows = fieldRows as unknown as { steps: CanaryStep[]; hash: string }[];
  assert.ok(rows.length >= 300);
  for (const { steps, hash } of rows) assert.equal(stepHash(steps), hash, JSON.stringify(steps));
});

Deno.test("a canary without steps has the hash of null", () => {
  assert.equal(stepHash(undefined), "5ffbfbbd64");
  assert.equal(stepHash(null), "5ffbfbbd64");
  assert.equal(stepHash([]), "5ffbfbbd64");
});

Deno.test("a step hash does not depend on the order of keys, nor on unknown fields", () => {
  const steps = [{ setWeight: 10 }, { pause: {} }];
  assert.equal(stepHash(steps), "849b756fd4");
  assert.equal(
    stepHash([{ setWeight: 10, comment: "x" } as CanaryStep, { pause: {} }]),
    "849b756fd4",
  );
  const one: CanaryStep = { setCanaryScale: { weight: 5, replicas: 2 } };
  const other: CanaryStep = { setCanaryScale: { replicas: 2, weight: 5 } };
  assert.equal(stepHash([one]), stepHash([other]));
});

Deno.test("a weight or delay of 0 is not the same as none", () => {
  assert.notEqual(stepHash([{ setWeight: 0 }]), stepHash([{}]));
  const experiment = { templates: [{ name: "a", specRef: "stable" }] };
  assert.notEqual(
    stepHash([{ experiment: { ...experiment, scaleDownDelaySeconds: 0 } }]),
    stepHash([{ experiment }]),
  );
});
