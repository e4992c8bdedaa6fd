/** Scripts made at random, the Rollouts that they are about, and what must be true of the end. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Outcome,
  parseScript,
  type Scenario,
  type ScriptEntry,
  ScriptError,
  simulate,
} from "../../../core/simulate/mod.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Fields } from "../../../sdk/wire/json.ts";

const LATEST_MS = 4_000_000;

/** What people and the world do. */
export const commands = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(1, 2, 3).map((image) => `set image web web=web:${image}`),
  },
  { weight: 4, arbitrary: fc.constant("promote web") },
  fc.constantFrom("promote web --full", "promote web --skip-current-step"),
  fc.constantFrom("restart web", "undo web"),
  fc.constantFrom("abort web", "retry web", "pause web", "delete-pod web/oldest"),
  fc.constantFrom("fail-image web:3", "heal web:3", "crash web:2 --after 7s", "heal web:2"),
  fc.integer({ min: 0, max: 9 }).map((replicas) => `scale web ${replicas}`),
  fc.constantFrom(0, 1, 20).map((seconds) => `pod-start ${seconds}s`),
);

/** Lists of canary steps. */
export const steps = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 100 }).map((setWeight) => ({ setWeight })),
    fc.constantFrom({ pause: {} }, { pause: { duration: 10 } }),
  ),
  { maxLength: 5, size: "max" },
);

/** Fields of the spec besides the strategy. */
export const extras = fc.constantFrom<Record<string, unknown>>(
  {},
  { minReadySeconds: 5 },
  { progressDeadlineAbort: true },
  { rollbackWindow: { revisions: 2 } },
  { revisionHistoryLimit: 0 },
);

/** A script of such commands, some seconds apart. */
export const script = (command: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), command), {
    minLength: 4,
    maxLength: 14,
    size: "max",
  })
    .map((entries) => {
      // From the beginning: what comes before the first pods serve is an update like any other.
      let seconds = 0;
      return entries.map(([pause, text]) => {
        seconds += pause;
        return { at: `${seconds}s`, do: text };
      });
    });

export const canaryOf = (fields: Fields) => ({
  canary: { stableService: "stable", canaryService: "canary", ...fields },
});

export const blueGreenOf = (fields: Fields) => ({
  blueGreen: { activeService: "active", previewService: "preview", ...fields },
});

/** `others` are strategies for `apply NAME`. */
export function scenarioOf(
  { strategy, others = {}, spec }: {
    strategy: Fields;
    others?: Record<string, Fields>;
    spec: Fields;
  },
  entries: readonly unknown[],
): Scenario {
  const rolloutWith = (strategy: Fields) => ({
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
      strategy,
      ...spec,
    },
  });
  const files = Object.entries(others)
    .map(([name, other]): [string, KubeObject[]] => [name, [rolloutWith(other)]]);
  return {
    objects: [
      ...["stable", "canary", "active", "preview"].map(service),
      rolloutWith(strategy),
    ],
    script: parseScript(entries),
    timed: [],
    files: new Map(files),
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

/** A canary without a router, of any fields and steps, and what happens to it. */
export const canaryScenario = fc.tuple(surges, steps, extras, script(commands)).map(
  ([fields, list, spec, entries]) =>
    scenarioOf({ strategy: canaryOf({ ...fields, steps: list }), spec }, entries),
);

/** A blue-green of any fields, and what happens to it. */
export const blueGreenScenario = fc.tuple(colours, extras, script(commands)).map(
  ([fields, spec, entries]) => scenarioOf({ strategy: blueGreenOf(fields), spec }, entries),
);

/** A Rollout that is a canary and a blue-green by turns. */
export const strategyScenario = fc.tuple(
  fc.boolean(),
  steps,
  colours,
  script(fc.oneof(
    { weight: 4, arbitrary: commands },
    { weight: 1, arbitrary: fc.constantFrom("apply canary", "apply blue-green") },
  )),
).map(([isCanaryFirst, list, fields, entries]) => {
  const others = { canary: canaryOf({ steps: list }), "blue-green": blueGreenOf(fields) };
  const strategy = others[isCanaryFirst ? "canary" : "blue-green"];
  return scenarioOf({ strategy, others, spec: {} }, entries);
});

/**
 * What a script came to without the commands that are refused, and how many these are: nothing to
 * undo, a full promotion of an aborted update.
 */
export async function playAllowed(
  scenario: Scenario,
): Promise<{ outcome: Outcome; refused: number }> {
  let refused = 0;
  for (let { script } = scenario;; refused++) {
    try {
      return { outcome: await simulate({ ...scenario, script }), refused };
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      const { message } = error;
      const isRefused = ({ text, trigger }: ScriptEntry) =>
        trigger.kind === "at" && message.startsWith(`at ${trigger.atMs / 1000}s "${text}" was`);
      const left = script.filter((entry) => !isRefused(entry));
      assert.ok(left.length < script.length, message);
      script = left;
    }
  }
}

/** What a script came to; undefined when one of its commands was refused, which is no fault. */
export async function play(scenario: Scenario): Promise<Outcome | undefined> {
  try {
    return await simulate(scenario);
  } catch (error) {
    if (error instanceof ScriptError) return undefined;
    throw error;
  }
}

/** No rule was broken, and the end is told as what it is. */
export function assertSound(outcome: Outcome): void {
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
}
