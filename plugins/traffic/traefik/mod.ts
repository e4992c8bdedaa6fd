/**
 * Traefik: a weighted TraefikService, which is looked for when it is needed.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";
import { abilities } from "../../../sdk/router_abilities.ts";

export const traefik: RegisteredRouter = Object.freeze<RegisteredRouter>({
  name: "traefik",
  abilities: abilities(),
  resources: [{
    ...defineResource("traefik.io", "v1alpha1", "traefikservices", "TraefikService"),
    access: "change",
  }],
  needsServices: () => true,
  references: () => [],
});
