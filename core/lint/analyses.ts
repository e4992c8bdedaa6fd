/** Where Rollouts and Experiments use AnalysisTemplates, and which templates those are. */
import type { FieldLocation } from "../api/field_place.ts";
import { fieldsOf, isFields, listOf, textOf } from "../api/json_shape.ts";
import type { LintWorld, RolloutSubject } from "./rollout_subject.ts";
import { type LintDocument, namespaceOf, type Wanted, type World } from "./world.ts";

type Fields = Record<string, unknown>;

/** A template that an analysis names. */
export interface TemplateUse extends Wanted {
  readonly at: FieldLocation;
}

/** One analysis of a Rollout or an Experiment. */
export interface AnalysisUse {
  readonly document: LintDocument;
  readonly at: FieldLocation;
  readonly templates: readonly TemplateUse[];
  readonly args: readonly { readonly name: string; readonly at: FieldLocation }[];
  /** It goes on beside the steps, and is not waited for. */
  readonly isBackground: boolean;
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
  const CANARY = ["spec", "strategy", "canary"];
  const BLUE_GREEN = ["spec", "strategy", "blueGreen"];
  return [
    ...useOf(document, canary?.["analysis"], { at: [...CANARY, "analysis"], isBackground: true }),
    ...steps.flatMap((step, index) => {
      const at = [...CANARY, "steps", index];
      return [
        ...useOf(document, step["analysis"], { at: [...at, "analysis"] }),
        ...usesOfExperiment(document, fieldsOf(step["experiment"]), [...at, "experiment"]),
      ];
    }),
    ...["prePromotionAnalysis", "postPromotionAnalysis"].flatMap((field) =>
      useOf(document, blueGreen?.[field], { at: [...BLUE_GREEN, field] })
    ),
  ];
}

function useOf(
  document: LintDocument,
  analysis: unknown,
  { at, isBackground = false }: { at: FieldLocation; isBackground?: boolean },
): AnalysisUse[] {
  if (!isFields(analysis)) return [];
  const templates = listOf(analysis["templates"]).map(fieldsOf).map((template, index) =>
    templateUse(document, template, [...at, "templates", index, "templateName"])
  );
  return [{ document, at, templates, args: argsOf(analysis, at), isBackground }];
}

function usesOfExperiment(
  document: LintDocument,
  experiment: Fields,
  at: FieldLocation,
): AnalysisUse[] {
  return listOf(experiment["analyses"]).map(fieldsOf).map((analysis, index) => {
    const place = [...at, "analyses", index];
    const templates = [templateUse(document, analysis, [...place, "templateName"])];
    return { document, at: place, templates, args: argsOf(analysis, place), isBackground: false };
  });
}

function templateUse(document: LintDocument, use: Fields, at: FieldLocation): TemplateUse {
  const name = textOf(use["templateName"]);
  const isCluster = use["clusterScope"] === true;
  return {
    type: {
      group: "argoproj.io",
      kind: isCluster ? "ClusterAnalysisTemplate" : "AnalysisTemplate",
    },
    namespace: isCluster ? undefined : namespaceOf(document.object),
    name,
    at,
  };
}

function argsOf(analysis: Fields, at: FieldLocation): AnalysisUse["args"] {
  return listOf(analysis["args"]).map((argument, index) => ({
    name: textOf(fieldsOf(argument)["name"]),
    at: [...at, "args", index],
  }));
}

/** The specs of templates and of those that they name; undefined when one of them is not known. */
export function templateSpecs(
  templates: readonly Wanted[],
  { world, from }: { world: World; from: LintDocument },
): Fields[] | undefined {
  const specs = new Map<unknown, Fields>();
  const open = [...templates];
  for (let wanted = open.shift(); wanted !== undefined; wanted = open.shift()) {
    const known = world.find(wanted, from);
    if (known === undefined) return undefined;
    if (specs.has(known.object)) continue;
    const spec = fieldsOf(known.object["spec"]);
    specs.set(known.object, spec);
    for (const nested of listOf(spec["templates"]).map(fieldsOf)) {
      open.push(templateUse(from, nested, []));
    }
  }
  return [...specs.values()];
}
