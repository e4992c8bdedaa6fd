/** Where Rollouts and Experiments use AnalysisTemplates, and which templates those are. */
import { type CollectedTemplates, collectTemplates } from "../api/validation/analysis_templates.ts";
import type { FieldLocation } from "../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import { analysesOf, type Reference, templateReferences } from "../api/validation/references.ts";
import type { LintWorld, RolloutSubject } from "./rollout_subject.ts";
import { type LintDocument, readerFrom, type World } from "./world.ts";

/** One analysis of a Rollout or an Experiment. */
export interface AnalysisUse {
  readonly document: LintDocument;
  readonly at: FieldLocation;
  readonly templates: readonly Reference[];
  readonly args: readonly { readonly fields: Fields; readonly at: FieldLocation }[];
  /** Where the rules about its metrics stand: `dryRun` and `measurementRetention` are fields. */
  readonly rules: { readonly fields: Fields; readonly at: FieldLocation };
  /** It goes on beside the steps, and is not waited for. */
  readonly isBackground: boolean;
  /** It is part of an experiment, at which the controller does not look beforehand. */
  readonly isOfExperiment: boolean;
}

/** Every analysis that is used anywhere. */
export function analysisUses(world: LintWorld): AnalysisUse[] {
  return [
    ...world.rollouts.flatMap(usesOfRollout),
    ...world.ofKind("argoproj.io", "Experiment").flatMap((document) =>
      usesOfExperiment(document, fieldsOf(document.object["spec"]), ["spec"])
    ),
  ];
}

function usesOfRollout({ document, canary, blueGreen, steps }: RolloutSubject): AnalysisUse[] {
  return [
    ...analysesOf(fieldsOf(canary), fieldsOf(blueGreen)).map(({ use, analysis, location }) => ({
      document,
      at: location,
      templates: templateReferences(analysis["templates"], [...location, "templates"]),
      args: argsOf(analysis, location),
      rules: { fields: analysis, at: location },
      isBackground: use === "background",
      isOfExperiment: false,
    })),
    ...steps.flatMap((step, index) =>
      usesOfExperiment(
        document,
        fieldsOf(step["experiment"]),
        ["spec", "strategy", "canary", "steps", index, "experiment"],
      )
    ),
  ];
}

function usesOfExperiment(
  document: LintDocument,
  experiment: Fields,
  at: FieldLocation,
): AnalysisUse[] {
  const references = templateReferences(experiment["analyses"], [...at, "analyses"]);
  return listOf(experiment["analyses"]).map(fieldsOf).map((analysis, index) => {
    const place = [...at, "analyses", index];
    return {
      document,
      at: place,
      templates: references.slice(index, index + 1),
      args: argsOf(analysis, place),
      rules: { fields: experiment, at },
      isBackground: false,
      isOfExperiment: true,
    };
  });
}

function argsOf(analysis: Fields, at: FieldLocation): AnalysisUse["args"] {
  return listOf(analysis["args"]).map((argument, index) => ({
    fields: fieldsOf(argument),
    at: [...at, "args", index],
  }));
}

/** All templates of an analysis; undefined when one of them is not known. */
export function collectedTemplates(
  { document, templates }: AnalysisUse,
  world: World,
): CollectedTemplates | undefined {
  const collected = collectTemplates(templates, readerFrom(document, world).find);
  return collected.missing.length > 0 ? undefined : collected;
}

/** The specs of all templates of an analysis; undefined when one of them is not known. */
export function templateSpecs(use: AnalysisUse, world: World): Fields[] | undefined {
  const collected = collectedTemplates(use, world);
  return collected && [...collected.templates, ...collected.clusterTemplates]
    .map((template) => fieldsOf(template["spec"]));
}

/** The name of an argument; empty where it has none. */
export function argumentName(argument: unknown): string {
  return textOf(fieldsOf(argument)["name"]);
}
