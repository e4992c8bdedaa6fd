/** The App Mesh VirtualService of a canary, and the VirtualRouter behind it. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type {
  NamedObject,
  ObjectReader,
  ObjectReference,
  RouterProblems,
  RouterScope,
} from "../../../sdk/traffic_router.ts";
import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, isFields, isUnset, listOf, scalarText, textOf } from "../../../sdk/wire/json.ts";
import { defineResource, type ResourceType } from "../../../sdk/wire/resource_type.ts";
import { named } from "../references.ts";

export const VIRTUAL_SERVICES = define("virtualservices", "VirtualService");
export const VIRTUAL_ROUTERS = define("virtualrouters", "VirtualRouter");
const ROUTE_KINDS = ["httpRoute", "tcpRoute", "http2Route", "grpcRoute"] as const;
const TARGETS = 2;

function define(plural: string, kind: string): ResourceType {
  return defineResource("appmesh.k8s.aws", "v1beta2", plural, kind);
}

/** The VirtualService that a configuration names. */
export function appMeshReferences({ config, place }: RouterScope): ObjectReference[] {
  const { name } = fieldsOf(config["virtualService"]);
  if (isUnset(name)) return [];
  const { location } = child(place, "virtualService", "name");
  return [named(VIRTUAL_SERVICES, name, { path: pathOf(place), location })];
}

/** Quirk(appmesh-path): messages write the field's name in small letters. */
function pathOf(place: FieldPlace): string {
  return child(place, "virtualService").path.replace(".appMesh.", ".appmesh.");
}

/** Everything wrong with the App Mesh objects of a canary. */
export function appMeshProblems(scope: RouterScope, objects: ObjectReader): RouterProblems {
  const [reference] = appMeshReferences(scope);
  if (reference === undefined) {
    const { location } = child(scope.place, "virtualService");
    const place = { path: pathOf(scope.place), location };
    return missing(invalid(place, null, { detail: "must provide virtual-service" }));
  }
  const value = `${reference.name}.${scope.namespace}`;
  const service = objects.find(reference);
  if (service === undefined) {
    const detail = `virtualservices.appmesh.k8s.aws "${reference.name}" not found`;
    return missing(invalid(reference, value, { detail }));
  }
  const wanted = routerOf(service);
  if (wanted === undefined) return { missing: [], wrong: [] };
  const router = objects.find(wanted);
  if (router === undefined) {
    const detail = `virtualrouters.appmesh.k8s.aws "${wanted.name}" not found`;
    return missing(invalid(reference, value, { detail }));
  }
  const problem = routerProblem(router, wanted.name);
  if (problem === undefined) return { missing: [], wrong: [] };
  const { path, detail } = problem;
  const place = { path, location: reference.location };
  return { missing: [], wrong: [invalid(place, wanted.name, { detail })] };
}

function missing(error: FieldError): RouterProblems {
  return { missing: [error], wrong: [] };
}

/** The router that a VirtualService uses; undefined for one that leads to a node. */
function routerOf(service: KubeObject): NamedObject | undefined {
  const { virtualRouter } = fieldsOf(fieldsOf(service["spec"])["provider"]);
  const { name, namespace } = fieldsOf(fieldsOf(virtualRouter)["virtualRouterRef"]);
  if (textOf(name) === "") return undefined;
  return {
    type: VIRTUAL_ROUTERS,
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
