/** The routes that the steps so far have made: they stay until a step, or the end, removes them. */
import type { CanaryStep } from "../../../sdk/api/rollout.ts";
import type { HeaderRoute, MirrorRoute, TrafficIntent } from "../../../sdk/traffic_intent.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";

export type Routes = Pick<TrafficIntent, "headerRoutes" | "mirrorRoutes">;

export const NO_ROUTES: Routes = Object.freeze({ headerRoutes: [], mirrorRoutes: [] });

/** The routes of the steps up to the current one, in the order of the managed routes. */
export function routesAt(
  steps: readonly CanaryStep[],
  stepIndex: number | undefined,
  managedRoutes: readonly string[],
): Routes {
  const done = stepIndex === undefined ? [] : steps.slice(0, stepIndex + 1);
  const inOrder = <Route extends { readonly name: string }>(routes: Map<string, Route>) =>
    managedRoutes.flatMap((name) => routes.get(name) ?? []);
  return {
    headerRoutes: inOrder(lastOf(done, "setHeaderRoute", headerRoute)),
    mirrorRoutes: inOrder(lastOf(done, "setMirrorRoute", mirrorRoute)),
  };
}

/** The last word of each name; a step without `match` removes the route. */
function lastOf<Route extends { readonly name: string }>(
  steps: readonly CanaryStep[],
  kind: "setHeaderRoute" | "setMirrorRoute",
  routeOf: (step: Fields) => Route,
): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const step of steps) {
    if (isUnset(step[kind])) continue;
    const fields = fieldsOf(step[kind]);
    if (listOf(fields["match"]).length === 0) routes.delete(textOf(fields["name"]));
    else routes.set(textOf(fields["name"]), routeOf(fields));
  }
  return routes;
}

function headerRoute({ name, match }: Fields): HeaderRoute {
  return { name: textOf(name), match: listOf(match) as unknown as HeaderRoute["match"] };
}

function mirrorRoute({ name, match, percentage }: Fields): MirrorRoute {
  return {
    name: textOf(name),
    match: listOf(match) as unknown as MirrorRoute["match"],
    ...(typeof percentage === "number" ? { percentage } : {}),
  };
}
