/** The analyses of an Experiment as the caches show them, and the runs that they would get. */
import type { AnalysisRun } from "../../sdk/api/analysis.ts";
import type { Experiment, ExperimentAnalysis } from "../../sdk/api/experiment.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import {
  areTemplatesReadable,
  freeName,
  isCompleted,
  newRun,
  templateFinder,
  templateNeeds,
  templateSources,
  type TemplateUser,
} from "../analysis/mod.ts";
import { INSTANCE_ID_LABEL } from "../api/names/names.ts";
import { ANALYSIS_RUNS, EXPERIMENTS } from "../api/names/resources.ts";
import { controllerOf, isControlledBy } from "../api/ownership.ts";
import { collectTemplates, type Outcome } from "../api/validation/analysis_templates.ts";
import { type Reference, templateReferences } from "../api/validation/references.ts";
import { type CacheReader, keyOf, type Need, type Source } from "../engine/mod.ts";
import { runArguments, type TemplateNames } from "./run_arguments.ts";
import type { AnalysisFacts } from "./world.ts";

export const TEMPLATE_USER: TemplateUser = Object.freeze<TemplateUser>({
  type: EXPERIMENTS,
  referencesIn: (experiment) =>
    templateReferences(fieldsOf(experiment["spec"])["analyses"], ["spec", "analyses"]),
});

/** Runs and templates: none is listed before an Experiment names an analysis. */
export function analysisSources(): Source[] {
  return [
    {
      type: ANALYSIS_RUNS,
      isOnDemand: true,
      wakes: (run) => {
        const owner = controllerOf(run);
        return owner?.kind === EXPERIMENTS.kind ? [keyOf(run.metadata.namespace, owner.name)] : [];
      },
    },
    ...templateSources(TEMPLATE_USER),
  ];
}

/** What a pass over this Experiment reads for its analyses. */
export function analysisNeeds(experiment: Experiment, caches: CacheReader): Need[] {
  const analyses = experiment.spec?.analyses ?? [];
  if (analyses.length === 0) return [];
  const { namespace } = experiment.metadata;
  const names = [
    ...analyses.map(({ name }) => runNameOf(experiment, name)),
    ...(experiment.status?.analysisRuns ?? []).map(({ analysisRun }) => analysisRun),
  ].filter((name) => name !== "");
  const refs = [...new Set(names)]
    .map((name) => namespace === undefined ? { name } : { namespace, name });
  return [{ type: ANALYSIS_RUNS, refs }, ...templateNeeds(TEMPLATE_USER, experiment, caches)];
}

export function analysesOf(
  experiment: Experiment,
  templates: readonly TemplateNames[],
  caches: CacheReader,
): AnalysisFacts[] {
  return (experiment.spec.analyses ?? []).map((analysis) => {
    const recorded = experiment.status?.analysisRuns?.find(({ name }) => name === analysis.name);
    const named = runAt(experiment, recorded?.analysisRun ?? "", caches);
    const [reference] = templateReferences([analysis], []) as [Reference];
    const isKnown = areTemplatesReadable([reference], caches);
    const present = named ?? ownRun(experiment, analysis.name, caches);
    return {
      analysis,
      recorded,
      run: present,
      ...(isKnown ? draftOf(experiment, { analysis, reference, templates, caches }) : {}),
    };
  });
}

function runNameOf({ metadata }: Experiment, analysis: string): string {
  return `${metadata.name}-${analysis}`;
}

function runAt(
  experiment: Experiment,
  name: string,
  caches: CacheReader,
): AnalysisRun | undefined {
  if (name === "") return undefined;
  const run = caches.of(ANALYSIS_RUNS).get(experiment.metadata.namespace, name);
  return run !== undefined && isControlledBy(run, experiment) ? run as AnalysisRun : undefined;
}

/** The first name that nobody else has. */
function nameFor(experiment: Experiment, analysis: string, caches: CacheReader): string {
  return freeName(runNameOf(experiment, analysis), (name) => {
    const holder = caches.of(ANALYSIS_RUNS).get(experiment.metadata.namespace, name);
    // After a retry everything is measured anew.
    return holder !== undefined &&
      (!isControlledBy(holder, experiment) || isCompleted((holder as AnalysisRun).status?.phase));
  });
}

/** A run that was made, and is not recorded yet. */
function ownRun(
  experiment: Experiment,
  analysis: string,
  caches: CacheReader,
): AnalysisRun | undefined {
  return runAt(experiment, nameFor(experiment, analysis, caches), caches);
}

/** The run to be made, or which template is not there. */
function draftOf(
  experiment: Experiment,
  { analysis, reference, templates, caches }: {
    analysis: ExperimentAnalysis;
    reference: Reference;
    templates: readonly TemplateNames[];
    caches: CacheReader;
  },
): Pick<AnalysisFacts, "draft" | "missing"> {
  const { metadata, spec } = experiment;
  const collected = collectTemplates([reference], templateFinder(metadata.namespace, caches));
  const [missing] = collected.missing;
  if (missing !== undefined) {
    const text = `${missing.type.kind.toLowerCase()}.argoproj.io "${missing.name}" not found`;
    return { missing: text, draft: { error: text } };
  }
  const args = runArguments(analysis.args ?? [], experiment, templates);
  const draft: Outcome<AnalysisRun> = args.error !== undefined ? args : newRun({
    name: nameFor(experiment, analysis.name, caches),
    namespace: metadata.namespace,
    owner: experiment,
    labels: { ...instanceLabel(experiment), ...spec.analysisRunMetadata?.labels },
    annotations: { ...spec.analysisRunMetadata?.annotations },
    templates: collected.templates,
    clusterTemplates: collected.clusterTemplates,
    args: args.value,
    dryRun: spec.dryRun ?? [],
    measurementRetention: spec.measurementRetention ?? [],
  });
  return { draft };
}

function instanceLabel({ metadata }: Experiment): Record<string, string> {
  const instance = metadata.labels?.[INSTANCE_ID_LABEL];
  return instance === undefined ? {} : { [INSTANCE_ID_LABEL]: instance };
}
