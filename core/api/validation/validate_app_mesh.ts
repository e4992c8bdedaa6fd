/** The App Mesh VirtualService of a canary, and the VirtualRouter behind it. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { invalid } from "../../../sdk/wire/field_error.ts";
import { fieldsOf, isFields, isUnset, listOf, scalarText, textOf } from "../../../sdk/wire/json.ts";
import type { FindObject, Reference } from "./references.ts";
import { MESH_VIRTUAL_ROUTER, MESH_VIRTUAL_SERVICE } from "./references.ts";
import type { ReferenceErrors } from "./validate_services.ts";

const NONE: ReferenceErrors = Object.freeze({ missing: [], wrong: [] });
const ROUTE_KINDS = ["httpRoute", "tcpRoute", "http2Route", "grpcRoute"] as const;
const TARGETS = 2;

/** Everything wrong with the App Mesh objects of a canary in a namespace. */
export function validateAppMesh(
  { canary, namespace }: { canary: Record<string, unknown>; namespace: string },
  references: readonly Reference[],
  find: FindObject,
): ReferenceErrors {
  const { appMesh } = fieldsOf(canary["trafficRouting"]);
  if (isUnset(appMesh)) return NONE;
  const reference = references.find(({ type }) => type === MESH_VIRTUAL_SERVICE);
  if (reference === undefined) {
    const place = {
      path: "spec.strategy.canary.trafficRouting.appmesh.virtualService",
      location: ["spec", "strategy", "canary", "trafficRouting", "appMesh", "virtualService"],
    };
    return { ...NONE, missing: [invalid(place, null, { detail: "must provide virtual-service" })] };
  }
  const value = `${reference.name}.${namespace}`;
  const service = find(reference);
  if (service === undefined) {
    const detail = `virtualservices.appmesh.k8s.aws "${reference.name}" not found`;
    return { ...NONE, missing: [invalid(reference, value, { detail })] };
  }
  const routerReference = routerOf(service);
  if (routerReference === undefined) return NONE;
  const router = find(routerReference);
  if (router === undefined) {
    const detail = `virtualrouters.appmesh.k8s.aws "${routerReference.name}" not found`;
    return { ...NONE, missing: [invalid(reference, value, { detail })] };
  }
  const problem = routerProblem(router, routerReference.name);
  if (problem === undefined) return NONE;
  const { path, detail } = problem;
  const place = { path, location: reference.location };
  return { ...NONE, wrong: [invalid(place, routerReference.name, { detail })] };
}

/** The router that a VirtualService uses; undefined for one that leads to a node. */
function routerOf(service: KubeObject) {
  const { virtualRouter } = fieldsOf(fieldsOf(service["spec"])["provider"]);
  const { name, namespace } = fieldsOf(fieldsOf(virtualRouter)["virtualRouterRef"]);
  if (textOf(name) === "") return undefined;
  return {
    type: MESH_VIRTUAL_ROUTER,
    name: textOf(name),
    ...(textOf(namespace) === "" ? {} : { namespace: textOf(namespace) }),
  };
}

interface Problem {
  readonly path: string;
  readonly detail: string;
}

function routerProblem(router: KubeObject, name: string): Problem | undefined {
  const mesh = `AppMesh virtual-router ${name}`;
  const routes = listOf(fieldsOf(router["spec"])["routes"]);
  if (routes.length === 0) {
    return { path: "spec.routes", detail: `No routes defined for ${mesh}` };
  }
  for (const [index, route] of routes.entries()) {
    const path = `spec.routes[${index}]`;
    if (!isFields(route)) {
      return { path, detail: `Invalid route was found for ${mesh} at index ${index}` };
    }
    const problem = routeProblem(route, path, mesh);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function routeProblem(
  route: Record<string, unknown>,
  path: string,
  mesh: string,
): Problem | undefined {
  // Without a name the message shows what Go prints for nothing.
  const name = isUnset(route["name"]) ? "%!s(<nil>)" : scalarText(route["name"]);
  const kind = ROUTE_KINDS.find((each) => !isUnset(route[each]));
  if (kind === undefined) {
    const detail = `Error getting route details for ${mesh} and route ${name}. ` +
      "Error: Route has unsupported route type";
    return { path, detail };
  }
  const targets = fieldsOf(fieldsOf(route[kind])["action"])["weightedTargets"];
  const at = `${path}.${kind}.action.weightedTargets`;
  if (!Array.isArray(targets)) {
    return { path: at, detail: `Invalid route action found for ${mesh} and route ${name}` };
  }
  if (targets.length === TARGETS) return undefined;
  const detail = `Invalid number of weightedTargets (${targets.length}) for ${mesh} ` +
    `and route ${name}, expected ${TARGETS}`;
  return { path: at, detail };
}
