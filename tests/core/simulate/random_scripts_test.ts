/** Scripts made at random: whatever people do in whatever order, the safety rules hold. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  assertSound,
  blueGreenOf,
  canaryOf,
  commands,
  extras,
  play,
  scenarioOf,
  script,
  steps,
} from "./random_script.ts";

const surges = fc.constantFrom<Record<string, unknown>>(
  {},
  { maxSurge: 0, maxUnavailable: 1 },
  { maxSurge: 1, maxUnavailable: 0 },
  { maxSurge: "100%", maxUnavailable: "50%" },
  {
    canaryMetadata: { labels: { role: "canary" } },
    stableMetadata: { labels: { role: "stable" } },
    antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 1 } },
  },
  { replicaProgressThreshold: { type: "Percent", value: 50 } },
);

Deno.test("scripts made at random for a canary break no safety rule, and end in a clear state", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(surges, steps, extras, script(commands)),
      async ([fields, list, spec, entries]) => {
        const strategy = canaryOf({ ...fields, steps: list });
        const outcome = await play(scenarioOf({ strategy, spec }, entries));
        if (outcome !== undefined) assertSound(outcome);
      },
    ),
    { numRuns: 60 },
  );
});

const colours = fc.record({
  autoPromotionEnabled: fc.boolean(),
  autoPromotionSeconds: fc.constantFrom(0, 20),
  previewReplicaCount: fc.constantFrom(0, 1, 9),
  scaleDownDelaySeconds: fc.constantFrom(0, 30, 100),
  scaleDownDelayRevisionLimit: fc.constantFrom(0, 1),
  abortScaleDownDelaySeconds: fc.constantFrom(0, 10),
  previewMetadata: fc.constant({ labels: { role: "preview" } }),
  activeMetadata: fc.constant({ labels: { role: "active" } }),
}, { requiredKeys: [] });

Deno.test("scripts made at random for a blue-green break no safety rule, and end in a clear state", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(colours, extras, script(commands)),
      async ([fields, spec, entries]) => {
        const outcome = await play(scenarioOf({ strategy: blueGreenOf(fields), spec }, entries));
        if (outcome !== undefined) assertSound(outcome);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("a strategy that changes at any time breaks no safety rule, and ends in a clear state", async () => {
  const changes = fc.constantFrom("apply canary", "apply blue-green");
  const changing = fc.oneof(
    { weight: 4, arbitrary: commands },
    { weight: 1, arbitrary: changes },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(fc.boolean(), steps, colours, script(changing)),
      async ([isCanaryFirst, list, fields, entries]) => {
        const others = { canary: canaryOf({ steps: list }), "blue-green": blueGreenOf(fields) };
        const strategy = others[isCanaryFirst ? "canary" : "blue-green"];
        const outcome = await play(scenarioOf({ strategy, others, spec: {} }, entries));
        if (outcome !== undefined) assertSound(outcome);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("pods of an earlier revision stay while the active Service selects all pods", async () => {
  const others = {
    canary: canaryOf({ steps: [] }),
    "blue-green": blueGreenOf({ scaleDownDelayRevisionLimit: 0 }),
  };
  const entries = [
    { at: "0s", do: "pod-start 1s" },
    { at: "0s", do: "apply canary" },
    { at: "0s", do: "set image web web=web:2" },
    { at: "0s", do: "promote web --full" },
    { at: "1s", do: "apply canary" },
    { at: "1s", do: "apply blue-green" },
    { at: "1s", do: "set image web web=web:1" },
  ];
  const outcome = await play(
    scenarioOf({ strategy: others["blue-green"], others, spec: {} }, entries),
  );
  assert.ok(outcome !== undefined);
  assertSound(outcome);
});
