/**
 * Service Mesh Interface: a TrafficSplit.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";
import { abilities } from "../../../sdk/router_abilities.ts";

export const smi: RegisteredRouter = Object.freeze<RegisteredRouter>({
  name: "smi",
  abilities: abilities("additionalDestinations"),
  resources: [{
    ...defineResource("split.smi-spec.io", "v1alpha1", "trafficsplits", "TrafficSplit"),
    otherVersions: ["v1alpha2", "v1alpha3"],
    access: "create and delete",
  }],
  discontinued: "the SMI specification is archived: use a plugin for the Gateway API",
  needsServices: () => true,
  // The TrafficSplit is made where it is missing.
  references: () => [],
});
