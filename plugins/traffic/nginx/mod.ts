/**
 * Ingress-NGINX: a canary Ingress is made beside the stable one.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import type { NamedObject, ObjectReference, RouterScope } from "../../../sdk/traffic_router.ts";
import { child } from "../../../sdk/wire/field_place.ts";
import { isUnset } from "../../../sdk/wire/json.ts";
import { abilities } from "../../../sdk/router_abilities.ts";
import { canaryOf, routingFieldsOf } from "../canary.ts";
import {
  choiceErrors,
  ingressPortRemarks,
  ingressProblems,
  ingressReferences,
  MADE_INGRESSES,
} from "../ingresses.ts";
import { lazily } from "../lazily.ts";
import { canaryIngressName, NGINX_INGRESSES } from "./canary_ingress.ts";

/** Beside an ALB the Ingresses for nginx are taken as they are. */
function isBesideAlb({ rollout }: RouterScope): boolean {
  return !isUnset(routingFieldsOf(rollout)["alb"]);
}

/** The Ingresses that the configuration names. */
function stableReferences(scope: RouterScope): ObjectReference[] {
  const isValidated = !isBesideAlb(scope);
  return ingressReferences(scope.config, NGINX_INGRESSES, scope.place)
    .map((reference) => ({ ...reference, isValidated }));
}

/** Those beside them are the router's own. */
function creations(scope: RouterScope): NamedObject[] {
  const { metadata: { name } } = scope.rollout;
  return stableReferences(scope).map((reference) => ({
    type: reference.type,
    name: canaryIngressName(name, reference.name),
  }));
}

export const nginx: RegisteredRouter = Object.freeze<RegisteredRouter>({
  ...lazily(async () => (await import("./actions.ts")).nginxActions),
  name: "nginx",
  abilities: abilities("maxWeight"),
  resources: [MADE_INGRESSES],
  needsServices: () => true,
  references: stableReferences,
  creations,
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
    return ingressProblems(stableReferences(scope), { service, several, objects });
  },
  remarks: (scope, objects) =>
    ingressPortRemarks(stableReferences(scope), canaryOf(scope.rollout), objects),
});
