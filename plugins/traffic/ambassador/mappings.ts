/** The Mappings of a canary: are they there, and have they no weight of their own. */
import type {
  ObjectReader,
  ObjectReference,
  RoutedResource,
  RouterProblems,
  RouterScope,
} from "../../../sdk/traffic_router.ts";
import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { child } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";
import { itemOf, named } from "../references.ts";

export const MAPPINGS: RoutedResource = Object.freeze<RoutedResource>({
  ...defineResource("getambassador.io", "v2", "mappings", "Mapping"),
  access: "create and delete",
});

/** The Mappings that a configuration names. */
export function mappingReferences({ config, place }: RouterScope): ObjectReference[] {
  const list = child(place, "mappings");
  return listOf(config["mappings"]).map((name, index) =>
    named(MAPPINGS, name, itemOf(list, index))
  );
}

/** Everything wrong with the Mappings of a canary. */
export function mappingProblems(scope: RouterScope, objects: ObjectReader): RouterProblems {
  const missing: FieldError[] = [];
  const wrong: FieldError[] = [];
  const references = mappingReferences(scope);
  if (references.length === 0) {
    const detail = "must provide at least one mapping";
    missing.push(invalid(child(scope.place, "mappings"), null, { detail }));
  }
  for (const reference of references) {
    const { name, location } = reference;
    const mapping = objects.find(reference);
    if (mapping === undefined) {
      const detail = `mappings.getambassador.io "${name}" not found`;
      missing.push(invalid(reference, name, { detail }));
    } else if (hasWeight(mapping)) {
      const detail = `Ambassador mapping "${name}" can not define weight`;
      wrong.push(invalid({ path: "spec.weight", location }, name, { detail }));
    }
  }
  return { missing, wrong };
}

/** Only a whole number counts as a weight, and 0 is none. */
function hasWeight(mapping: Record<string, unknown>): boolean {
  const { weight } = fieldsOf(mapping["spec"]);
  return Number.isInteger(weight) && weight !== 0;
}
