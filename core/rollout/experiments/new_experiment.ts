/** The Experiment that a step is carried out with: its pods are those of the Rollout's sets. */
import type {
  Experiment,
  ExperimentAnalysis,
  ExperimentTemplate,
} from "../../../sdk/api/experiment.ts";
import type { LabelSelector, PodMetadata, Rollout } from "../../../sdk/api/rollout.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { apiVersionOf } from "../../../sdk/wire/resource_type.ts";
import {
  INSTANCE_ID_LABEL,
  POD_TEMPLATE_HASH_LABEL,
  REVISION_ANNOTATION,
} from "../../api/names/names.ts";
import { EXPERIMENTS } from "../../api/names/resources.ts";
import { controllerReference } from "../../api/ownership.ts";
import type { Outcome } from "../../api/validation/analysis_templates.ts";
import { hashOf, type ReplicaSet } from "../../sets/mod.ts";
import { resolveArguments } from "../analysis/arguments.ts";

/** What an Experiment of a step is made of. */
export interface ExperimentParts {
  readonly rollout: Rollout;
  /** The step's `experiment`. */
  readonly step: Fields;
  readonly name: string;
  readonly revision: number;
  readonly next: ReplicaSet;
  readonly stable: ReplicaSet;
}

/** The Experiment, or the sentence that says why there is none. */
export function newExperiment(parts: ExperimentParts): Outcome<Experiment> {
  const { rollout, step, name, revision, next } = parts;
  const templates: ExperimentTemplate[] = [];
  for (const template of listOf(step["templates"]).map(fieldsOf)) {
    const made = templateOf(template, parts);
    if (made.error !== undefined) return made;
    templates.push(made.value);
  }
  const analyses = analysesOf(parts);
  if (analyses.error !== undefined) return analyses;
  const { namespace, labels = {} } = rollout.metadata;
  const { progressDeadlineSeconds } = rollout.spec;
  const instance = labels[INSTANCE_ID_LABEL];
  return {
    value: {
      apiVersion: apiVersionOf(EXPERIMENTS),
      kind: EXPERIMENTS.kind,
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: {
          ...labels,
          [POD_TEMPLATE_HASH_LABEL]: hashOf(next),
          ...(instance === undefined ? {} : { [INSTANCE_ID_LABEL]: instance }),
        },
        annotations: { [REVISION_ANNOTATION]: String(revision) },
        ownerReferences: [controllerReference(rollout)],
      },
      spec: {
        templates,
        ...copied(step, ["duration", "scaleDownDelaySeconds", "dryRun", "analysisRunMetadata"]),
        ...(progressDeadlineSeconds === undefined ? {} : { progressDeadlineSeconds }),
        ...(analyses.value.length === 0 ? {} : { analyses: analyses.value }),
      },
    },
  };
}

function copied(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.filter((name) => !isUnset(fields[name])).map((name) => [name, fields[name]]),
  );
}

function templateOf(
  { name, specRef, replicas, selector, metadata, service, weight }: Fields,
  { next, stable }: ExperimentParts,
): Outcome<ExperimentTemplate> {
  const set = specRef === "canary" ? next : specRef === "stable" ? stable : undefined;
  if (set === undefined) {
    return { error: "Invalid template step SpecRef: must be canary or stable" };
  }
  const { template, selector: own, minReadySeconds } = set.spec;
  const { labels, annotations } = fieldsOf(metadata) as PodMetadata;
  const wanted = (isUnset(selector) ? own : selector) as LabelSelector;
  const isServed = !isUnset(service) || !isUnset(weight);
  return {
    value: {
      name: textOf(name),
      ...(typeof replicas === "number" ? { replicas } : {}),
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: labels === undefined
        ? wanted
        : { ...wanted, matchLabels: { ...wanted.matchLabels, ...labels } },
      template: {
        ...template,
        metadata: {
          ...template.metadata,
          labels: { ...template.metadata?.labels, ...labels },
          ...(annotations === undefined && template.metadata?.annotations === undefined
            ? {}
            : { annotations: { ...template.metadata?.annotations, ...annotations } }),
        },
      },
      ...(isServed ? { service: copied(fieldsOf(service), ["name"]) } : {}),
    },
  };
}

function analysesOf(
  { rollout, step, next, stable }: ExperimentParts,
): Outcome<ExperimentAnalysis[]> {
  const analyses: ExperimentAnalysis[] = [];
  for (const analysis of listOf(step["analyses"]).map(fieldsOf)) {
    const { name, templateName } = analysis;
    const sources = { rollout, latestHash: hashOf(next), stableHash: hashOf(stable) };
    const args = resolveArguments(analysis["args"], sources);
    if (args.error !== undefined) return args;
    analyses.push({
      name: textOf(name),
      templateName: textOf(templateName),
      ...copied(analysis, ["clusterScope", "requiredForCompletion"]),
      ...(args.value.length === 0 ? {} : { args: [...args.value] }),
    });
  }
  return { value: analyses };
}
