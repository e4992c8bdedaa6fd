/**
 * AWS App Mesh: routes of a VirtualRouter, behind a VirtualService.
 *
 * @module
 */
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import { defineResource } from "../../../sdk/wire/resource_type.ts";
import { abilities } from "../../../sdk/router_abilities.ts";
import {
  appMeshProblems,
  appMeshReferences,
  VIRTUAL_ROUTERS,
  VIRTUAL_SERVICES,
} from "./virtual_router.ts";

export const appMesh: RegisteredRouter = Object.freeze<RegisteredRouter>({
  name: "appMesh",
  abilities: abilities(),
  resources: [
    { ...VIRTUAL_SERVICES, access: "read" },
    { ...VIRTUAL_ROUTERS, access: "change" },
    {
      ...defineResource("appmesh.k8s.aws", "v1beta2", "virtualnodes", "VirtualNode"),
      access: "change",
    },
  ],
  discontinued: "AWS has discontinued App Mesh (2026-09-30)",
  needsServices: () => true,
  references: appMeshReferences,
  problems: appMeshProblems,
});
