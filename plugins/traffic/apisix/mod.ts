/**
 * Apache APISIX: an ApisixRoute, which is looked for when it is needed.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";
import { abilities } from "../../../sdk/router_abilities.ts";

export const apisix: RegisteredRouter = Object.freeze<RegisteredRouter>({
  name: "apisix",
  abilities: abilities("headerRoutes"),
  resources: [{
    ...defineResource("apisix.apache.org", "v2", "apisixroutes", "ApisixRoute"),
    access: "create and delete",
  }],
  needsServices: () => true,
  references: () => [],
});
