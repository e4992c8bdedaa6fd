/** References: what an object names must be there, and be what it has to be. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { FieldLocation } from "../api/field_place.ts";
import { fieldsOf, isUnset, listOf, textOf } from "../api/json_shape.ts";
import { referencedType } from "../api/referenced_types.ts";
import { validateServices } from "../api/validate_services.ts";
import { type AnalysisUse, analysisUses, templateSpecs } from "./analyses.ts";
import type { Spot } from "./finding.ts";
import { type NamedObject, namedObjects } from "./named_objects.ts";
import type { LintWorld, RolloutSubject } from "./rollout_subject.ts";
import { type LintDocument, namespaceOf, type Wanted, type World } from "./world.ts";

/** Everything that is wrong with what objects name. */
export function referenceErrors(world: LintWorld): Spot<LintDocument>[] {
  return [
    ...missingObjects(world).filter(({ type }) => type.kind !== "Service").map(notFound),
    ...world.rollouts.flatMap((subject) => [
      ...serviceErrors(subject, world),
      ...subsetErrors(subject, world),
    ]),
    ...analysisUses(world).flatMap((use) => argumentErrors(use, world)),
  ];
}

/** The objects that are named and known to nobody. */
export function missingObjects(world: LintWorld): NamedObject[] {
  return namedObjects(world).filter((named) => world.find(named, named.document) === undefined);
}

function notFound({ document, type, name, at }: NamedObject): Spot<LintDocument> {
  const plural = referencedType(type)?.plural ?? type.kind;
  const what = type.group === "argoproj.io"
    ? `${type.kind} '${name}'`
    : `${plural}${type.group === "" ? "" : `.${type.group}`} "${name}"`;
  return {
    document,
    location: at,
    text: `Invalid value: ${JSON.stringify(name)}: ${what} not found`,
  };
}

function serviceErrors(
  { document, rollout, template }: RolloutSubject,
  world: World,
): Spot<LintDocument>[] {
  const type = { group: "", kind: "Service" };
  const namespace = namespaceOf(rollout);
  const services = {
    get: (name: string) => world.find({ type, namespace, name }, document)?.object,
  } as ReadonlyMap<string, KubeObject>;
  const resolved = template === undefined
    ? rollout
    : { ...rollout, spec: { ...rollout.spec, template: { metadata: template.metadata } } };
  return validateServices(resolved, services).map(({ path, location, text }) => ({
    document,
    location,
    text: text.slice(path.length + 2),
  }));
}

/** The controller finds out only when it is to write the subsets. */
function subsetErrors(
  { document, rollout, routing }: RolloutSubject,
  world: World,
): Spot<LintDocument>[] {
  const rule = fieldsOf(fieldsOf(routing?.["istio"])["destinationRule"]);
  const wanted: Wanted = {
    type: { group: "networking.istio.io", kind: "DestinationRule" },
    namespace: namespaceOf(rollout),
    name: textOf(rule["name"]),
  };
  const known = wanted.name === "" ? undefined : world.find(wanted, document);
  if (known === undefined) return [];
  const subsets = listOf(fieldsOf(known.object["spec"])["subsets"])
    .map((subset) => textOf(fieldsOf(subset)["name"]));
  const base: FieldLocation = ["spec", "strategy", "canary", "trafficRouting", "istio"];
  return ["stableSubsetName", "canarySubsetName"].flatMap((field) => {
    const name = textOf(rule[field]);
    if (name === "" || subsets.includes(name)) return [];
    const text = `DestinationRule ${JSON.stringify(wanted.name)} has no subset ${
      JSON.stringify(name)
    }`;
    return [{ document, location: [...base, "destinationRule", field], text }];
  });
}

function argumentErrors(
  { document, templates, args, at }: AnalysisUse,
  world: World,
): Spot<LintDocument>[] {
  const specs = templateSpecs(templates, { world, from: document }) ?? [];
  const passed = new Set(args.map(({ name }) => name));
  const declared = specs.flatMap((spec) => listOf(spec["args"]).map(fieldsOf));
  const valued = new Set(
    declared.filter(({ value, valueFrom }) => !isUnset(value) || !isUnset(valueFrom))
      .map(({ name }) => textOf(name)),
  );
  const open = new Set(declared.map(({ name }) => textOf(name)));
  return [...open].filter((name) => name !== "" && !passed.has(name) && !valued.has(name))
    .map((name) => ({ document, location: at, text: `args.${name} was not resolved` }));
}
