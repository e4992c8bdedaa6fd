/**
 * Scripts made at random about Rollouts that are measured, with runs that come to anything: what
 * must be true of the end.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Outcome, type Scenario, ScriptError, simulate } from "../../../core/simulate/mod.ts";
import type { AnalysisRun } from "../../../sdk/api/analysis.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { MetricProvider, Reading } from "../../../sdk/metric_provider.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { isCompleted } from "../../../core/analysis/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import {
  assertSound,
  blueGreenOf,
  canaryOf,
  commands,
  extras,
  scenarioOf,
  script,
  steps,
} from "./random_script.ts";
import { assertRoutedSound, routedScenario } from "./routed_script.ts";

/** What a measurement comes to. */
const FACES = ["Successful", "Failed", "Inconclusive", "Error", "never"] as const;
export type Face = typeof FACES[number];

/** A scenario with what its measurements come to, one after the other. */
export interface MeasuredScenario {
  readonly scenario: Scenario;
  readonly faces: readonly Face[];
}

export const faces = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<Face>("Successful") },
    { weight: 4, arbitrary: fc.constantFrom<Face>(...FACES) },
  ),
  { minLength: 1, maxLength: 12, size: "max" },
);

/** Names of templates: measured once, three times, and without end. */
export const ONCE = "once";
const THRICE = "thrice";
const ENDLESS = "endless";
export const TEMPLATES = [ONCE, THRICE, ENDLESS];

const brief = fc.constantFrom(
  { templates: [{ templateName: ONCE }] },
  { templates: [{ templateName: THRICE }] },
  { templates: [{ templateName: ONCE }], args: [{ name: "hash", value: "x" }] },
);

const background = fc.record({
  templates: fc.constantFrom([{ templateName: THRICE }], [{ templateName: ENDLESS }]),
  startingStep: fc.constantFrom(0, 1, 2),
}, { requiredKeys: ["templates"] });

const limits = fc.constantFrom<Fields>(
  {},
  {},
  { analysis: { successfulRunHistoryLimit: 1, unsuccessfulRunHistoryLimit: 0 } },
);

/** A list of steps with analyses among them. */
const measuredSteps = fc.tuple(
  steps,
  fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), brief), { minLength: 1, maxLength: 2 }),
).map(([list, analyses]) => withAnalyses(list, analyses));

function withAnalyses(
  list: readonly unknown[],
  analyses: readonly (readonly [number, Fields])[],
): unknown[] {
  return analyses.reduce<unknown[]>(
    (steps, [at, analysis]) => steps.toSpliced(at, 0, { analysis }),
    [...list],
  );
}

const canary: fc.Arbitrary<Scenario> = fc.tuple(
  measuredSteps,
  fc.option(background, { nil: undefined }),
  extras,
  limits,
  script(commands),
).map(([steps, analysis, spec, limit, entries]) =>
  scenarioOf({
    strategy: canaryOf({ steps, ...(analysis === undefined ? {} : { analysis }) }),
    spec: { ...spec, ...limit },
  }, entries)
);

const blueGreen: fc.Arbitrary<Scenario> = fc.tuple(
  fc.record({
    prePromotionAnalysis: brief,
    postPromotionAnalysis: brief,
    autoPromotionEnabled: fc.boolean(),
    autoPromotionSeconds: fc.constantFrom(0, 20),
    previewReplicaCount: fc.constantFrom(1, 9),
    scaleDownDelaySeconds: fc.constantFrom(0, 30),
    abortScaleDownDelaySeconds: fc.constantFrom(0, 10),
  }, { requiredKeys: [] }),
  extras,
  limits,
  script(commands),
).map(([fields, spec, limit, entries]) =>
  scenarioOf({ strategy: blueGreenOf(fields), spec: { ...spec, ...limit } }, entries)
);

const routed: fc.Arbitrary<Scenario> = fc.tuple(
  routedScenario,
  fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), brief), { maxLength: 2 }),
  fc.option(background, { nil: undefined }),
  limits,
).map(([scenario, analyses, analysis, limit]) => {
  const rollout = scenario.objects.at(-1) as Rollout;
  const fields = fieldsOf(rollout.spec.strategy?.canary);
  const strategy = {
    canary: {
      ...fields,
      steps: withAnalyses(listOf(fields["steps"]), analyses),
      ...(analysis === undefined ? {} : { analysis }),
    },
  };
  const changed = { ...rollout, spec: { ...rollout.spec, ...limit, strategy } };
  return { ...scenario, objects: [...scenario.objects.slice(0, -1), changed as KubeObject] };
});

const measured = (scenarios: fc.Arbitrary<Scenario>): fc.Arbitrary<MeasuredScenario> =>
  fc.tuple(scenarios, faces).map(([scenario, faces]) => ({
    scenario: {
      ...scenario,
      objects: [...templatesOf(), ...scenario.objects],
    },
    faces,
  }));

export const MEASURED = {
  canary: measured(canary),
  blueGreen: measured(blueGreen),
  routed: measured(routed),
};

/** The AnalysisTemplates of these names. */
export function templatesOf(): KubeObject[] {
  return TEMPLATES.map(template);
}

function template(name: string): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name },
    spec: {
      args: [{ name: "hash", value: "none" }],
      metrics: [{
        name: "dice",
        interval: "7s",
        ...(name === ENDLESS ? {} : { count: name === ONCE ? 1 : 3 }),
        consecutiveErrorLimit: 0,
        provider: { plugin: { "example/dice": {} } },
      }],
    },
  };
}

/** Measures what the dice say; one that never ends is looked at again after hours. */
export function diceOf(faces: readonly Face[]): MetricProvider {
  const thrown = new Map<string, Face>();
  const faceOf = (id: string): Face => {
    const face = thrown.get(id) ?? faces[thrown.size % faces.length] ?? "Successful";
    thrown.set(id, face);
    return face;
  };
  return {
    name: "example/dice",
    run({ id }, ports): Promise<Reading> {
      const face = faceOf(id);
      if (face === "Error") return Promise.reject(new Error("the dice fell from the table"));
      if (face === "never") {
        return Promise.resolve({ is: "running", resumeAtMs: ports.now() + 36_000_000 });
      }
      return Promise.resolve({ is: "verdict", phase: face });
    },
    resume: () => Promise.resolve({ is: "running", resumeAtMs: Number.MAX_SAFE_INTEGER }),
  };
}

/** What a script came to; undefined when one of its commands was refused, which is no fault. */
export async function playMeasured(
  { scenario, faces }: MeasuredScenario,
): Promise<Outcome | undefined> {
  try {
    return await simulate(scenario, {
      plugins: { ...plugins, metricProviders: [diceOf(faces)] },
    });
  } catch (error) {
    if (error instanceof ScriptError) return undefined;
    throw error;
  }
}

/**
 * No rule was broken; what is waited for goes on, and what goes on is waited for; no run was begun
 * without a cause.
 */
export function assertMeasuredSound(outcome: Outcome): void {
  const rollout = outcome.rollouts[0] as Rollout;
  const { status = {} } = rollout;
  const runs = outcome.objects.filter(({ kind }) => kind === "AnalysisRun") as AnalysisRun[];
  const goingOn = runs.filter((run) => !isCompleted(run.status?.phase))
    .map(({ metadata }) => metadata.name);
  const inCharge = [...recordsIn(status.canary), ...recordsIn(status.blueGreen)];
  const awaited = inCharge.filter((name) => goingOn.includes(name));
  if (status.phase === "Progressing" && awaited.length > 0) {
    assert.deepEqual(outcome.result.violations, []);
  } else if (rollout.spec.strategy?.canary?.trafficRouting === undefined) assertSound(outcome);
  else assertRoutedSound(outcome);
  assert.deepEqual(goingOn.filter((name) => !awaited.includes(name)), [], "runs that go on");
  const isOver = status.abort === true || status.stableRS === status.currentPodHash;
  if (isOver) assert.deepEqual(goingOn, [], "runs of an update that is over");
  assertCaused(outcome, runs);
  assertLimits(rollout, runs, inCharge);
}

function recordsIn(part: unknown): string[] {
  return Object.entries(fieldsOf(part))
    .filter(([field]) => field.endsWith("AnalysisRunStatus"))
    .map(([, record]) => String(fieldsOf(record)["name"]));
}

/** A run has a number behind its name only after a retry, or a promotion of one without result. */
function assertCaused({ actions }: Outcome, runs: readonly AnalysisRun[]): void {
  const causes = actions.filter(({ text }) => /\b(retry|promote)\b/.test(text)).length;
  for (const { metadata: { name } } of runs) {
    const number = Number(/\.(\d+)$/.exec(name)?.[1] ?? 0);
    assert.ok(number <= causes, `${name} after ${causes} retries and promotions`);
  }
}

function assertLimits(
  { spec }: Rollout,
  runs: readonly AnalysisRun[],
  inCharge: readonly string[],
): void {
  const { successfulRunHistoryLimit: good = 5, unsuccessfulRunHistoryLimit: bad = 5 } = fieldsOf(
    spec["analysis"],
  );
  const over = runs.filter(({ metadata, status }) =>
    isCompleted(status?.phase) && !inCharge.includes(metadata.name)
  );
  const successful = over.filter(({ status }) => status?.phase === "Successful").length;
  assert.ok(successful <= Number(good), `${successful} successful runs are kept`);
  assert.ok(over.length - successful <= Number(bad), `${over.length - successful} others are kept`);
}
