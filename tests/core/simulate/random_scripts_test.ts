/** Scripts made at random: whatever people do in whatever order, the safety rules hold. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Outcome,
  parseScript,
  type Scenario,
  ScriptError,
  simulate,
} from "../../../core/simulate/mod.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";

const LATEST_MS = 4_000_000;

const commands = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(1, 2, 3).map((image) => `set image web web=web:${image}`),
  },
  { weight: 4, arbitrary: fc.constant("promote web") },
  fc.constantFrom("promote web --full", "promote web --skip-current-step", "restart web"),
  fc.constantFrom("abort web", "retry web", "pause web", "delete-pod web/oldest"),
  fc.constantFrom("fail-image web:3", "heal web:3", "crash web:2 --after 7s", "heal web:2"),
  fc.integer({ min: 0, max: 9 }).map((replicas) => `scale web ${replicas}`),
  fc.constantFrom(0, 1, 20).map((seconds) => `pod-start ${seconds}s`),
);

const strategies = fc.constantFrom<Record<string, unknown>>(
  {},
  { maxSurge: 0, maxUnavailable: 1 },
  { maxSurge: 1, maxUnavailable: 0 },
  { maxSurge: "100%", maxUnavailable: "50%" },
  {
    canaryMetadata: { labels: { role: "canary" } },
    stableMetadata: { labels: { role: "stable" } },
    antiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: { weight: 1 } },
  },
);

const steps = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 100 }).map((setWeight) => ({ setWeight })),
    fc.constantFrom({ pause: {} }, { pause: { duration: 10 } }),
  ),
  { maxLength: 5, size: "max" },
);

const extras = fc.constantFrom<Record<string, unknown>>(
  {},
  { minReadySeconds: 5 },
  { progressDeadlineAbort: true },
  { rollbackWindow: { revisions: 2 } },
  { revisionHistoryLimit: 0 },
);

const script = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), commands), {
  minLength: 4,
  maxLength: 14,
  size: "max",
})
  .map((entries) => {
    let seconds = 5;
    return entries.map(([pause, text]) => {
      seconds += pause;
      return { at: `${seconds}s`, do: text };
    });
  });

function scenarioOf(
  canary: Record<string, unknown>,
  spec: Record<string, unknown>,
  entries: readonly unknown[],
): Scenario {
  const rollout = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web" },
    spec: {
      replicas: 4,
      progressDeadlineSeconds: 100,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "web:1" }] },
      },
      strategy: { canary: { stableService: "stable", canaryService: "canary", ...canary } },
      ...spec,
    },
  };
  return {
    objects: [service("stable"), service("canary"), rollout],
    script: parseScript(entries),
    timed: [],
    files: new Map(),
    untilMs: LATEST_MS,
    seed: 1,
  };
}

function service(name: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
  };
}

/** What a script came to; undefined when one of its commands was refused, which is no fault. */
async function play(scenario: Scenario): Promise<Outcome | undefined> {
  try {
    return await simulate(scenario);
  } catch (error) {
    if (error instanceof ScriptError) return undefined;
    throw error;
  }
}

Deno.test("scripts made at random break no safety rule, and end in a state that says what it is", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(strategies, steps, extras, script),
      async ([strategy, list, spec, entries]) => {
        const outcome = await play(scenarioOf({ ...strategy, steps: list }, spec, entries));
        if (outcome === undefined) return;
        assert.deepEqual(outcome.result.violations, []);
        const { status = {} } = outcome.rollouts[0] as Rollout;
        // What has come to rest does not claim to be on its way.
        const isAtRest = outcome.endSeconds * 1000 < LATEST_MS;
        const phases = ["Healthy", "Degraded", "Paused", ...(isAtRest ? [] : ["Progressing"])];
        assert.ok(phases.includes(status.phase ?? ""), `${status.phase}: ${status.message}`);
        if (status.phase === "Healthy") {
          assert.equal(status.stableRS, status.currentPodHash);
          assert.equal(status.message, undefined);
        } else assert.notEqual(status.message, undefined);
      },
    ),
    { numRuns: 60 },
  );
});
