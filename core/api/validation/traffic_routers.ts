/** The traffic routers that a canary configures, as the registry of plugins knows them. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { PluginRegistry, RegisteredRouter } from "../../../sdk/registry.ts";
import type { RouterAbilities, RouterScope } from "../../../sdk/traffic_router.ts";
import type { FieldPlace } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, isUnset } from "../../../sdk/wire/json.ts";
import { DEFAULT_NAMESPACE } from "../names/defaults.ts";

/** Something that a router can do or not. */
export type Ability = keyof RouterAbilities;

/** A router that a Rollout configures. */
export interface ConfiguredRouter {
  readonly router: RegisteredRouter;
  readonly scope: RouterScope;
}

/** All that a Rollout configures of routers. */
export interface Routing {
  /** In the order in which what is wrong with them is told. */
  readonly routers: readonly ConfiguredRouter[];
  /** True when at least one router can do it. */
  can(ability: Ability): boolean;
}

/** Where `trafficRouting` really stands. */
const LOCATION = ["spec", "strategy", "canary", "trafficRouting"] as const;

/**
 * The routers of a Rollout; undefined without `trafficRouting`. Messages name the places of their
 * configurations from `path` on. What is no router that is known is not among them, but under
 * `plugins` it counts as able to do anything.
 */
export function routingOf(
  rollout: Rollout,
  { trafficRouters, routerRules }: PluginRegistry,
  path: string = LOCATION.join("."),
): Routing | undefined {
  const { canary } = fieldsOf(fieldsOf(rollout.spec)["strategy"]);
  const { trafficRouting } = fieldsOf(canary);
  if (isUnset(trafficRouting)) return undefined;
  const fields = fieldsOf(trafficRouting);
  const plugins = fieldsOf(fields["plugins"]);
  const namespace = rollout.metadata.namespace ?? DEFAULT_NAMESPACE;
  const routers = trafficRouters.flatMap((router): ConfiguredRouter[] => {
    const isPlugin = isPluginName(router.name);
    const config = (isPlugin ? plugins : fields)[router.name];
    if (isUnset(config)) return [];
    const names = isPlugin ? ["plugins", router.name] : [router.name];
    const place: FieldPlace = {
      path: [path, ...names].join("."),
      location: [...LOCATION, ...names],
    };
    return [{ router, scope: { rollout, namespace, config: fieldsOf(config), place } }];
  });
  const rank = ({ router }: ConfiguredRouter) => {
    const index = routerRules.checkOrder.indexOf(router.name);
    return index < 0 ? routerRules.checkOrder.length : index;
  };
  const hasPlugin = Object.keys(plugins).length > 0;
  return {
    routers: routers.sort((one, other) => rank(one) - rank(other)),
    can: (ability) => hasPlugin || routers.some(({ router }) => router.abilities[ability]),
  };
}

/** Names with a slash are keys of `plugins`, others fields of `trafficRouting`. */
function isPluginName(name: string): boolean {
  return name.includes("/");
}

/** True when a canary's routers work only with a stable and a canary Service. */
export function needsServices(routing: Routing | undefined): boolean {
  return routing?.routers.some(({ router, scope }) => router.needsServices?.(scope) === true) ??
    false;
}

/** What a user is told when no router has an ability, and the field that the message names. */
export function refusalOf(
  { routerRules }: PluginRegistry,
  ability: Ability,
): { detail: string; fields: readonly string[] } {
  const refusal = routerRules.refusals[ability];
  const detail = refusal?.detail ??
    `none of the traffic routers that are configured has the ability ${ability}`;
  return { detail, fields: refusal?.field === undefined ? [] : [refusal.field] };
}
