/**
 * Istio: VirtualServices, with Services or the subsets of a DestinationRule as targets.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import { isUnset } from "../../../sdk/wire/json.ts";
import { abilities } from "../../../sdk/router_abilities.ts";
import { canaryOf } from "../canary.ts";
import { lazily } from "../lazily.ts";
import {
  DESTINATION_RULE_MARK,
  DESTINATION_RULES,
  destinationRuleReferences,
  subsetRemarks,
} from "./destination_rule.ts";
import {
  destinationRemarks,
  VIRTUAL_SERVICES,
  virtualServiceProblems,
  virtualServiceReferences,
} from "./virtual_services.ts";

export const istio: RegisteredRouter = Object.freeze<RegisteredRouter>({
  ...lazily(async () => (await import("./actions.ts")).istioActions),
  name: "istio",
  abilities: abilities("headerRoutes", "mirrorRoutes", "additionalDestinations", "pingPong"),
  resources: [VIRTUAL_SERVICES, DESTINATION_RULES],
  needsServices: ({ config, rollout }) =>
    !canaryOf(rollout).hasPingPong && isUnset(config["destinationRule"]),
  references: (scope) => [...virtualServiceReferences(scope), ...destinationRuleReferences(scope)],
  problems: virtualServiceProblems,
  remarks: (scope, objects) => [
    ...subsetRemarks(scope, objects),
    ...destinationRemarks(scope, objects),
  ],
  marks: [DESTINATION_RULE_MARK],
});
