/** References: what an object names must be there, and be what it has to be. */
import {
  collectTemplates,
  flattenTemplates,
  mergeArguments,
} from "../api/validation/analysis_templates.ts";
import { type Reference, referencesOf } from "../api/validation/references.ts";
import { routingOf } from "../api/validation/traffic_routers.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { referencedType } from "../api/validation/referenced_types.ts";
import { validateWorkload, workloadOf, workloadType } from "../api/validation/workload.ts";
import { validateReferences } from "../api/validation/validate_references.ts";
import { type AnalysisUse, analysisUses } from "./analyses.ts";
import { type Spot, spotOf } from "./finding.ts";
import type { LintWorld, RolloutSubject } from "./rollout_subject.ts";
import { wordsOf } from "./words.ts";
import { groupOf, type Known, type LintDocument, readerFrom, type World } from "./world.ts";

/** Everything that is wrong with what objects name. */
export function referenceErrors(world: LintWorld): Spot<LintDocument>[] {
  return [
    ...world.rollouts.flatMap((subject) => [
      ...controllerErrors(subject, world),
      ...laterErrors(subject, world),
      ...routerRemarks(subject, world),
    ]),
    ...analysisUses(world).filter(({ isOfExperiment }) => isOfExperiment)
      .flatMap((use) => experimentErrors(use, world)),
  ];
}

/** What the controller says before it does anything. */
function controllerErrors(
  { document, rollout, workload }: RolloutSubject,
  world: World,
): Spot<LintDocument>[] {
  const errors = validateReferences(rollout, world.plugins, readerFrom(document, world));
  if (workload?.document === undefined) return errors.map((error) => wordsOf(error, document));
  // What is wrong with the workload's template is told where that stands.
  return [
    ...errors.filter(({ path }) => !isOfTemplate(path)).map((error) => wordsOf(error, document)),
    ...workloadErrors(rollout, workload, workload.document),
  ];
}

function isOfTemplate(path: string): boolean {
  return path === "spec.template" || path.startsWith("spec.template.");
}

function workloadErrors(rollout: Rollout, { object }: Known, document: LintDocument) {
  const type = workloadType({ type: { group: groupOf(object), kind: object.kind } });
  if (type === undefined) return [];
  return validateWorkload(rollout, workloadOf(type, object)).map((error) => {
    const [, ...inTemplate] = error.location;
    const location = type.kind === "PodTemplate" ? inTemplate : error.location;
    return { ...spotOf(error, document), location };
  });
}

/** What the controller looks for only when it needs it. */
function laterErrors({ document, rollout }: RolloutSubject, world: World): Spot<LintDocument>[] {
  const objects = readerFrom(document, world);
  return referencesOf(rollout, world.plugins, objects)
    .filter(({ isValidated, path }) => !isValidated && !path.includes(".experiment."))
    .filter((reference) => objects.find(reference) === undefined)
    .map((reference) => notFound(reference, document, world));
}

function notFound(
  { type, name, location }: Reference,
  document: LintDocument,
  { plugins }: World,
) {
  const plural = referencedType(type, plugins)?.plural ?? type.kind;
  const what = type.group === "argoproj.io"
    ? `${type.kind} '${name}'`
    : `${plural}.${type.group} ${JSON.stringify(name)}`;
  return { document, location, text: `Invalid value: ${JSON.stringify(name)}: ${what} not found` };
}

/** What the controller does not look at, and what will not work all the same. */
function routerRemarks(
  { document, rollout }: RolloutSubject,
  world: World,
): Spot<LintDocument>[] {
  const objects = readerFrom(document, world);
  return (routingOf(rollout, world.plugins)?.routers ?? [])
    .flatMap(({ router, scope }) => router.remarks?.(scope, objects) ?? [])
    .map(({ location, text }) => ({ document, location, text }));
}

function experimentErrors(
  { document, templates, args, at }: AnalysisUse,
  world: World,
): Spot<LintDocument>[] {
  const collected = collectTemplates(templates, readerFrom(document, world).find);
  const { missing } = collected;
  if (missing.length > 0) return missing.map((reference) => notFound(reference, document, world));
  const flat = flattenTemplates(collected.templates, collected.clusterTemplates);
  const given = args.map(({ fields }) => fields);
  const error = flat.error ?? mergeArguments(given, flat.value.args).error;
  return error === undefined ? [] : [{ document, location: at, text: error }];
}
