import type { RouterAbilities } from "./traffic_router.ts";

/** The abilities of a router: those that are named, and no others. */
export function abilities(...has: readonly (keyof RouterAbilities)[]): RouterAbilities {
  return Object.freeze({
    headerRoutes: has.includes("headerRoutes"),
    mirrorRoutes: has.includes("mirrorRoutes"),
    additionalDestinations: has.includes("additionalDestinations"),
    pingPong: has.includes("pingPong"),
    maxWeight: has.includes("maxWeight"),
  });
}
