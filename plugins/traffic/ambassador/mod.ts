/**
 * Ambassador or Emissary: Mappings, each with a canary Mapping beside it.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import { abilities } from "../../../sdk/router_abilities.ts";
import { mappingProblems, mappingReferences, MAPPINGS } from "./mappings.ts";

export const ambassador: RegisteredRouter = Object.freeze<RegisteredRouter>({
  name: "ambassador",
  abilities: abilities(),
  resources: [MAPPINGS],
  needsServices: () => true,
  references: mappingReferences,
  problems: mappingProblems,
});
