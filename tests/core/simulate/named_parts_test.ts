import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { namedParts } from "../../../core/simulate/named_parts.ts";
import { parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { case02 } from "./case_02_scenario.ts";

/** A Rollout with these parts of its strategy and its status. */
function rolloutWith(strategy: unknown, status: unknown = {}): KubeObject {
  const apiVersion = "argoproj.io/v1alpha1";
  return { apiVersion, kind: "Rollout", metadata: { name: "web" }, spec: { strategy }, status };
}

/** An object of another kind. */
function objectOf(apiVersion: string, kind: string): KubeObject {
  return { apiVersion, kind, metadata: { name: "web" } };
}

const ARGO = "argoproj.io/v1alpha1";
const STEPS = [{ setWeight: 20 }, { pause: {} }];

const NAMED: readonly [what: string, object: KubeObject, routing: boolean, analysis: boolean][] = [
  ["a plain canary", rolloutWith({ canary: { steps: STEPS } }), false, false],
  ["a plain blue-green", rolloutWith({ blueGreen: { activeService: "web" } }), false, false],
  ["a strategy that is no object", rolloutWith("canary"), false, false],
  ["routing", rolloutWith({ canary: { trafficRouting: { smi: {} } } }), true, false],
  ["weights of the past", rolloutWith({ canary: {} }, { canary: { weights: {} } }), true, false],
  ["an Ingress", objectOf("networking.k8s.io/v1", "Ingress"), true, false],
  ["a background analysis", rolloutWith({ canary: { analysis: {} } }), false, true],
  ["a step's analysis", rolloutWith({ canary: { steps: [{ analysis: {} }] } }), false, true],
  ["an experiment", rolloutWith({ canary: { steps: [{ experiment: {} }] } }), false, true],
  [
    "a pre-promotion analysis",
    rolloutWith({ blueGreen: { prePromotionAnalysis: {} } }),
    false,
    true,
  ],
  [
    "a post-promotion analysis",
    rolloutWith({ blueGreen: { postPromotionAnalysis: {} } }),
    false,
    true,
  ],
  [
    "a run of the past",
    rolloutWith({ canary: {} }, { canary: { currentBackgroundAnalysisRunStatus: { name: "a" } } }),
    false,
    true,
  ],
  ["an AnalysisTemplate", objectOf(ARGO, "AnalysisTemplate"), false, true],
  ["a ClusterAnalysisTemplate", objectOf(ARGO, "ClusterAnalysisTemplate"), false, true],
  ["an AnalysisRun", objectOf(ARGO, "AnalysisRun"), false, true],
  ["an Experiment", objectOf(ARGO, "Experiment"), false, true],
  ["a Service", objectOf("v1", "Service"), false, false],
];

for (const [what, object, routing, analysis] of NAMED) {
  Deno.test(`${what} names ${routing ? "" : "no "}routing and ${analysis ? "" : "no "}analysis`, () => {
    const named = { routing, analysis };
    assert.deepEqual(namedParts(case02({ objects: [object] }), plugins), named);
    const files = new Map([["later.yaml", [object]]]);
    assert.deepEqual(namedParts(case02({ objects: [], files }), plugins), named, "applied later");
  });
}

for (
  const command of [
    "delete rollout/mock-server",
    "terminate analysisrun a",
    "create analysisrun --from analysistemplate/a",
  ]
) {
  Deno.test(`whatever the objects are, "${command}" may name any kind`, () => {
    const timed = [parseTimedCommand(`1s: ${command}`)];
    assert.deepEqual(namedParts(case02({ timed }), plugins), { routing: true, analysis: true });
  });
}

Deno.test("what nothing names changes nothing where it is set up all the same", async () => {
  const withoutVersions = (objects: readonly KubeObject[]) =>
    objects.map(({ metadata: { resourceVersion: _, ...metadata }, ...rest }) => ({
      ...rest,
      metadata,
    }));
  const lean = await simulate(case02(), { plugins });
  const whole = await simulate(case02(), { plugins, controllers: [] });
  assert.deepEqual(withoutVersions(lean.objects), withoutVersions(whole.objects));
  assert.deepEqual({ ...lean, objects: [], rollouts: [] }, { ...whole, objects: [], rollouts: [] });
});
