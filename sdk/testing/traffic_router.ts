/**
 * The conformance suite of traffic routers. It asks for nothing but a router and the objects that
 * it steers, and belongs to no test framework:
 *
 * ```ts
 * for (const { name, check } of trafficRouterLaws(subject)) Deno.test(name, check);
 * ```
 *
 * A law that a router cannot obey is skipped by declaring so, with a reason, in `subject.skips`.
 * What a router's abilities do not hold is not asked for at all.
 *
 * @module
 */
import type { SeenTraffic } from "../traffic_router.ts";
import { chosenLaws, type Law } from "./laws.ts";
import { ROUTER_LAWS } from "./router_laws.ts";
import type { RouterSubject } from "./router_subject.ts";
import { Trial } from "./trial.ts";

export { MemoryStore, type ObjectStore } from "./memory_store.ts";
export * from "./router_subject.ts";
export { Broken } from "./trial.ts";

/** A law, and what tells whether a router obeys it. */
export type RouterLaw = Law;

/** Names of all laws, as `skips` takes them. */
export const TRAFFIC_ROUTER_LAWS: readonly string[] = Object.freeze(Object.keys(ROUTER_LAWS));

/**
 * The laws for one router.
 * @throws {Error} when a skip names no law or has no reason
 */
export function trafficRouterLaws<Config, Seen extends SeenTraffic>(
  subject: RouterSubject<Config, Seen>,
): readonly RouterLaw[] {
  return chosenLaws(ROUTER_LAWS, subject.skips).map(([name, check]) => ({
    name: `${subject.router.name}: ${name}`,
    check: () => check(new Trial(subject)),
  }));
}
