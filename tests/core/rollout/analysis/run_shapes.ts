/** AnalysisRuns of the Rollout `web` of `world.ts`, and the drafts of new ones. */
import type { AnalysisPhase, AnalysisRun } from "../../../../sdk/api/analysis.ts";
import type { Draft } from "../../../../core/rollout/analysis/facts.ts";
import type { RunType } from "../../../../core/rollout/analysis/runs.ts";

export interface RunShape {
  name: string;
  /** Absent: it has none yet. */
  phase?: AnalysisPhase;
  message?: string;
  hash?: string;
  type?: RunType;
  createdAt?: string;
  isEnding?: boolean;
  isLeaving?: boolean;
}

export function runOf(
  {
    name,
    phase,
    message,
    hash = "bbb",
    type = "Step",
    createdAt = "2026-03-01T11:00:00Z",
    isEnding = false,
    isLeaving = false,
  }: RunShape,
): AnalysisRun {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisRun",
    metadata: {
      name,
      namespace: "shop",
      uid: `${name}-uid`,
      resourceVersion: "500",
      creationTimestamp: createdAt,
      ...(isLeaving ? { deletionTimestamp: createdAt } : {}),
      labels: {
        ...(hash === "" ? {} : { "rollouts-pod-template-hash": hash }),
        "rollout-type": type,
      },
      ownerReferences: [{
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Rollout",
        name: "web",
        uid: "rollout-uid",
        controller: true,
      }],
    },
    spec: { metrics: [{ name: "rate" }], ...(isEnding ? { terminate: true } : {}) },
    status: {
      ...(phase === undefined ? {} : { phase }),
      ...(message === undefined ? {} : { message }),
    },
  };
}

/** What would be begun now. */
export function draftOf(name: string, type: RunType): Draft {
  const run = runOf({ name, type });
  const { uid: _, resourceVersion: __, creationTimestamp: ___, ...metadata } = run.metadata;
  const { status: ____, ...rest } = run;
  return { run: { ...rest, metadata } };
}

/** An analysis that names a template. */
export const RATE = Object.freeze({ templates: [{ templateName: "rate" }] });
