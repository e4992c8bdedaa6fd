/** The AnalysisRun that is made of templates, and whether one that is there is the same. */
import type { AnalysisArgument, AnalysisRun, RetentionRule } from "../../sdk/api/analysis.ts";
import type { DryRunRule } from "../../sdk/api/analysis.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { isFields, isUnset } from "../../sdk/wire/json.ts";
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import { ON_NO_DATA_ANNOTATION } from "../api/names/names.ts";
import { ANALYSIS_RUNS } from "../api/names/resources.ts";
import { controllerOf, controllerReference } from "../api/ownership.ts";
import {
  addRules,
  flattenTemplates,
  mergeArguments,
  type Outcome,
} from "../api/validation/analysis_templates.ts";
import { equalJson, type Write, writeEffect } from "../engine/mod.ts";
import { noDataAnnotation } from "./no_data.ts";
import { isCompleted } from "./phase.ts";
import { patchOf } from "../../sdk/wire/write.ts";

/** What a run is made of. */
export interface NewRun {
  readonly name: string;
  readonly namespace: string | undefined;
  /** Who controls it: a Rollout or an Experiment. */
  readonly owner: KubeObject;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** As `collectTemplates` gives them: with those that they name in turn, and none twice. */
  readonly templates: readonly KubeObject[];
  readonly clusterTemplates: readonly KubeObject[];
  /** With their values, or with `valueFrom.secretKeyRef`. */
  readonly args: readonly AnalysisArgument[];
  /** The caller's rules; those of the templates come behind them. */
  readonly dryRun?: readonly DryRunRule[];
  readonly measurementRetention?: readonly RetentionRule[];
}

/** The run, or the sentence that says why there is none. */
export function newRun(parts: NewRun): Outcome<AnalysisRun> {
  const { name, namespace, owner, labels = {}, templates, clusterTemplates } = parts;
  const flat = flattenTemplates(templates, clusterTemplates);
  if (flat.error !== undefined) return flat;
  const ruled = addRules(flat.value, parts);
  if (ruled.error !== undefined) return ruled;
  const args = mergeArguments(parts.args, ruled.value.args);
  if (args.error !== undefined) return args;
  const noData = noDataAnnotation([...templates, ...clusterTemplates]);
  if (noData.error !== undefined) return noData;
  const annotations = {
    ...parts.annotations,
    ...(noData.value === undefined ? {} : { [ON_NO_DATA_ANNOTATION]: noData.value }),
  };
  const { metrics, dryRun, measurementRetention } = ruled.value;
  return {
    value: {
      apiVersion: apiVersionOf(ANALYSIS_RUNS),
      kind: ANALYSIS_RUNS.kind,
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(Object.keys(labels).length === 0 ? {} : { labels: { ...labels } }),
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
        ownerReferences: [controllerReference(owner)],
      },
      spec: {
        metrics: metrics as AnalysisRun["spec"]["metrics"],
        ...unlessEmpty("args", args.value),
        ...unlessEmpty("dryRun", dryRun),
        ...unlessEmpty("measurementRetention", measurementRetention),
      },
    },
  };
}

function unlessEmpty(field: string, list: readonly unknown[]): Record<string, readonly unknown[]> {
  return list.length === 0 ? {} : { [field]: list };
}

const COMPARED = ["metrics", "dryRun", "measurementRetention", "args"] as const;

/** True when both runs measure the same; fields that are empty count as absent. */
export function sameSpec({ spec: one }: AnalysisRun, { spec: other }: AnalysisRun): boolean {
  return COMPARED.every((field) => equalJson(withoutEmpty(one[field]), withoutEmpty(other[field])));
}

/** What Argo writes out of a structure without values (`oauth2: {}`) is not there otherwise. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutEmpty);
  if (!isFields(value)) return isUnset(value) ? undefined : value;
  const entries = Object.entries(value)
    .map(([field, inner]) => [field, withoutEmpty(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** True when a run that is there can stand for a new one: it goes on, and is ours and the same. */
export function isSameRun(present: AnalysisRun, run: AnalysisRun): boolean {
  return !isCompleted(present.status?.phase) &&
    controllerOf(present)?.uid === controllerOf(run)?.uid && sameSpec(present, run);
}

/** The name, or where that is taken the first free one with a number behind it, from 1. */
export function freeName(
  name: string,
  isTaken: (name: string) => boolean,
  { separator = "." }: { separator?: string } = {},
): string {
  if (!isTaken(name)) return name;
  for (let number = 1;; number++) {
    const numbered = `${name}${separator}${number}`;
    if (!isTaken(numbered)) return numbered;
  }
}

/**
 * Ends a run, or an Experiment: nothing is measured any more, and it takes the phase that follows
 * from what there is.
 */
export function terminateWrite(run: KubeObject, type: ResourceType = ANALYSIS_RUNS): Write {
  return writeEffect(patchOf(type, run, { type: "merge", body: { spec: { terminate: true } } }));
}
