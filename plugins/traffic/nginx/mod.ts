/**
 * Ingress-NGINX: a canary Ingress is made beside the stable one.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import type { RouterScope } from "../../../sdk/traffic_router.ts";
import { child } from "../../../sdk/wire/field_place.ts";
import { isUnset } from "../../../sdk/wire/json.ts";
import { abilities } from "../abilities.ts";
import { canaryOf, routingFieldsOf } from "../canary.ts";
import {
  choiceErrors,
  type IngressFields,
  ingressProblems,
  ingressReferences,
  MADE_INGRESSES,
} from "../ingresses.ts";

/** The fields of its configuration that name Ingresses. */
export const NGINX_INGRESSES: IngressFields = Object.freeze({
  one: "stableIngress",
  several: "stableIngresses",
});

/** Beside an ALB the Ingresses for nginx are taken as they are. */
function isBesideAlb({ rollout }: RouterScope): boolean {
  return !isUnset(routingFieldsOf(rollout)["alb"]);
}

function references(scope: RouterScope) {
  const isValidated = !isBesideAlb(scope);
  return ingressReferences(scope.config, NGINX_INGRESSES, scope.place)
    .map((reference) => ({ ...reference, isValidated }));
}

export const nginx: RegisteredRouter = Object.freeze<RegisteredRouter>({
  name: "nginx",
  abilities: abilities("maxWeight"),
  resources: [MADE_INGRESSES],
  needsServices: () => true,
  references,
  problems(scope, objects) {
    const { config, place, rollout } = scope;
    const missing = choiceErrors(config, NGINX_INGRESSES, place);
    if (missing.length > 0) return { missing, wrong: [] };
    if (isBesideAlb(scope)) return { missing: [], wrong: [] };
    const service = canaryOf(rollout).stableService;
    // Quirk(ingresses-path): this one message writes the field with a capital letter.
    const several = {
      names: config[NGINX_INGRESSES.several],
      path: child(place, "StableIngresses").path,
    };
    return ingressProblems(references(scope), { service, several, objects });
  },
});
