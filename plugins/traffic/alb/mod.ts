/**
 * AWS Application Load Balancer: an action annotation of the Ingress.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import type { RouterScope } from "../../../sdk/traffic_router.ts";
import { invalid } from "../../../sdk/wire/field_error.ts";
import { child } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, textOf } from "../../../sdk/wire/json.ts";
import { abilities } from "../../../sdk/router_abilities.ts";
import { canaryOf, routingFieldsOf } from "../canary.ts";
import {
  choiceErrors,
  type IngressFields,
  ingressProblems,
  ingressReferences,
  STEERED_INGRESSES,
} from "../ingresses.ts";
import { NGINX_INGRESSES } from "../nginx/canary_ingress.ts";

const INGRESSES: IngressFields = Object.freeze({ one: "ingress", several: "ingresses" });

function references({ config, place }: RouterScope) {
  return ingressReferences(config, INGRESSES, place);
}

export const alb: RegisteredRouter = Object.freeze<RegisteredRouter>({
  name: "alb",
  abilities: abilities("headerRoutes", "additionalDestinations", "pingPong"),
  resources: [STEERED_INGRESSES],
  needsServices: ({ rollout }) => !canaryOf(rollout).hasPingPong,
  references,
  specProblems({ config, place, rollout }) {
    const rootService = textOf(config["rootService"]);
    if (!canaryOf(rollout).hasPingPong || rootService !== "") return [];
    const detail = "Root service field is required for the configuration with ALB " +
      "and ping-pong feature enabled";
    return [invalid(child(place, "rootService"), rootService, { detail })];
  },
  problems({ config, place, rollout, ...scope }, objects) {
    const { nginx } = routingFieldsOf(rollout);
    const missing = choiceErrors(config, INGRESSES, place);
    // Nothing else is looked at while any router does not say which Ingresses it means.
    if (missing.length > 0 || choiceErrors(nginx, NGINX_INGRESSES, place).length > 0) {
      return { missing, wrong: [] };
    }
    const rootService = textOf(config["rootService"]);
    const service = rootService === "" ? canaryOf(rollout).stableService : rootService;
    const several = {
      names: config[INGRESSES.several],
      path: child(place, INGRESSES.several).path,
    };
    return ingressProblems(references({ config, place, rollout, ...scope }), {
      service,
      several,
      objects,
    });
  },
  headerMatchProblem(match) {
    const { exact, prefix, regex } = fieldsOf(match);
    if (textOf(exact) !== "" && textOf(prefix) === "" && textOf(regex) === "") return undefined;
    return "SetHeaderRoute match value invalid. ALB supports 'exact' value only";
  },
});
