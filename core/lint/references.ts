/** References: what an object names must be there, and be what it has to be. */
import {
  collectTemplates,
  flattenTemplates,
  mergeArguments,
} from "../api/validation/analysis_templates.ts";
import type { FieldLocation } from "../../sdk/wire/field_place.ts";
import { fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import { DESTINATION_RULE, type Reference, referencesOf } from "../api/validation/references.ts";
import { referencedType } from "../api/validation/referenced_types.ts";
import { validateReferences } from "../api/validation/validate_references.ts";
import { type AnalysisUse, analysisUses } from "./analyses.ts";
import { type Spot, spotOf } from "./finding.ts";
import type { LintWorld, RolloutSubject } from "./rollout_subject.ts";
import { finderFrom, type LintDocument, type World } from "./world.ts";

/** Everything that is wrong with what objects name. */
export function referenceErrors(world: LintWorld): Spot<LintDocument>[] {
  return [
    ...world.rollouts.flatMap((subject) => [
      ...controllerErrors(subject, world),
      ...laterErrors(subject, world),
      ...subsetErrors(subject, world),
    ]),
    ...analysisUses(world).filter(({ isOfExperiment }) => isOfExperiment)
      .flatMap((use) => experimentErrors(use, world)),
  ];
}

/** What the controller says before it does anything. */
function controllerErrors({ document, rollout }: RolloutSubject, world: World) {
  return validateReferences(rollout, finderFrom(document, world))
    .map((error) => spotOf(error, document));
}

/** What the controller looks for only when it needs it. */
function laterErrors({ document, rollout }: RolloutSubject, world: World): Spot<LintDocument>[] {
  const find = finderFrom(document, world);
  return referencesOf(rollout)
    .filter(({ isValidated, path }) => !isValidated && !path.includes(".experiment."))
    .filter((reference) => find(reference) === undefined)
    .map((reference) => notFound(reference, document));
}

function notFound({ type, name, location }: Reference, document: LintDocument) {
  const plural = referencedType(type)?.plural ?? type.kind;
  const what = type.group === "argoproj.io"
    ? `${type.kind} '${name}'`
    : `${plural}.${type.group} ${JSON.stringify(name)}`;
  return { document, location, text: `Invalid value: ${JSON.stringify(name)}: ${what} not found` };
}

function subsetErrors(
  { document, routing }: RolloutSubject,
  world: World,
): Spot<LintDocument>[] {
  const rule = fieldsOf(fieldsOf(routing?.["istio"])["destinationRule"]);
  const wanted = { type: DESTINATION_RULE, name: textOf(rule["name"]) };
  const known = wanted.name === "" ? undefined : finderFrom(document, world)(wanted);
  if (known === undefined) return [];
  const subsets = listOf(fieldsOf(known["spec"])["subsets"])
    .map((subset) => textOf(fieldsOf(subset)["name"]));
  const base: FieldLocation = ["spec", "strategy", "canary", "trafficRouting", "istio"];
  return ["stableSubsetName", "canarySubsetName"].flatMap((field) => {
    const name = textOf(rule[field]);
    if (name === "" || subsets.includes(name)) return [];
    const [which, subset] = [wanted.name, name].map((text) => JSON.stringify(text));
    const text = `DestinationRule ${which} has no subset ${subset}`;
    return [{ document, location: [...base, "destinationRule", field], text }];
  });
}

function experimentErrors(
  { document, templates, args, at }: AnalysisUse,
  world: World,
): Spot<LintDocument>[] {
  const collected = collectTemplates(templates, finderFrom(document, world));
  const { missing } = collected;
  if (missing.length > 0) return missing.map((reference) => notFound(reference, document));
  const flat = flattenTemplates(collected.templates, collected.clusterTemplates);
  const given = args.map(({ fields }) => fields);
  const error = flat.error ?? mergeArguments(given, flat.value.args).error;
  return error === undefined ? [] : [{ document, location: at, text: error }];
}
