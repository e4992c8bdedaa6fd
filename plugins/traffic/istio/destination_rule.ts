/** The DestinationRule whose subsets are the targets of a canary. */
import type {
  FieldRemark,
  ObjectReader,
  ObjectReference,
  RoutedResource,
  RouterMark,
  RouterScope,
} from "../../../sdk/traffic_router.ts";
import { child } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";
import { patchOf } from "../../../sdk/wire/write.ts";
import { named } from "../references.ts";
import { HASH_LABEL, MANAGED_BY, unmarkDestinationRule } from "./plan_destination_rule.ts";

export const DESTINATION_RULES: RoutedResource = Object.freeze<RoutedResource>({
  ...defineResource("networking.istio.io", "v1beta1", "destinationrules", "DestinationRule"),
  otherVersions: ["v1", "v1alpha3"],
  access: "change",
});

/** Whose it is stands in an annotation, and the hashes in the labels of its subsets. */
export const DESTINATION_RULE_MARK: RouterMark = Object.freeze<RouterMark>({
  resource: DESTINATION_RULES,
  rolloutOf: ({ metadata: { annotations = {} } }) => annotations[MANAGED_BY],
  hashesOf: (rule) =>
    listOf(fieldsOf(rule["spec"])["subsets"])
      .map((subset) => textOf(fieldsOf(fieldsOf(subset)["labels"])[HASH_LABEL]))
      .filter((hash) => hash !== ""),
  release(rule) {
    const { operations } = unmarkDestinationRule(rule);
    return patchOf(DESTINATION_RULES, rule, { type: "json", body: operations });
  },
});

/** The DestinationRule that a configuration names; it is looked for when it is needed. */
export function destinationRuleReferences({ config, place }: RouterScope): ObjectReference[] {
  const { name } = fieldsOf(config["destinationRule"]);
  if (textOf(name) === "") return [];
  const at = child(place, "destinationRule", "name");
  return [{ ...named(DESTINATION_RULES, name, at), isValidated: false }];
}

/** Subsets that the configuration names and the DestinationRule does not have. */
export function subsetRemarks(scope: RouterScope, objects: ObjectReader): FieldRemark[] {
  const { config, place } = scope;
  const wanted = fieldsOf(config["destinationRule"]);
  const [reference] = destinationRuleReferences(scope);
  const rule = reference === undefined ? undefined : objects.find(reference);
  if (reference === undefined || rule === undefined) return [];
  const subsets = listOf(fieldsOf(rule["spec"])["subsets"])
    .map((subset) => textOf(fieldsOf(subset)["name"]));
  return ["stableSubsetName", "canarySubsetName"].flatMap((field) => {
    const name = textOf(wanted[field]);
    if (name === "" || subsets.includes(name)) return [];
    const [which, subset] = [reference.name, name].map((text) => JSON.stringify(text));
    const { location } = child(place, "destinationRule", field);
    return [{ location, text: `DestinationRule ${which} has no subset ${subset}` }];
  });
}
