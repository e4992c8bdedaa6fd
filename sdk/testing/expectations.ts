/** What must be read from objects when an intent is true, and at every moment on the way there. */
import type { TrafficIntent } from "../traffic_intent.ts";
import type { SeenTraffic } from "../traffic_router.ts";
import { sameJson } from "./json_patch.ts";
import type { ReadRoute, ReadRule } from "./router_subject.ts";
import { must, type Trial } from "./trial.ts";

/** Each list of weights sums to the maximum, and no weight leaves 0 to maximum. */
export async function mustBeSafe<Config, Seen extends SeenTraffic>(
  trial: Trial<Config, Seen>,
  { maxWeight }: TrafficIntent,
): Promise<void> {
  for (const { name, weights } of await routesOf(trial)) {
    const values = Object.values(weights);
    const isWhole = values.every((weight) => Number.isInteger(weight));
    const isWithin = values.every((weight) => weight >= 0 && weight <= maxWeight);
    must(isWhole && isWithin, `${name}: a weight leaves 0 to ${maxWeight}: ${shown(weights)}`);
    const sum = values.reduce((total, weight) => total + weight, 0);
    must(sum === maxWeight, `${name}: weights sum to ${sum}, not ${maxWeight}: ${shown(weights)}`);
  }
}

/** What whoever routes reads is what is wanted. */
export async function mustBeTrue<Config, Seen extends SeenTraffic>(
  trial: Trial<Config, Seen>,
  intent: TrafficIntent,
): Promise<void> {
  await mustShare(trial, intent);
  for (const { name, hashes } of await routesOf(trial)) {
    if (hashes === undefined) continue;
    const { stable, canary } = intent;
    const isSame = hashes.stable === stable.podTemplateHash &&
      hashes.canary === canary.podTemplateHash;
    must(isSame, `${name}: subsets select ${shown(hashes)}`);
  }
}

/** The same of the weights alone. */
export async function mustShare<Config, Seen extends SeenTraffic>(
  trial: Trial<Config, Seen>,
  intent: TrafficIntent,
): Promise<void> {
  const wanted = weightsOf(intent);
  for (const { name, weights } of await routesOf(trial)) {
    const read = withoutZero(weights);
    must(sameJson(read, wanted), `${name}: ${shown(read)} is not ${shown(wanted)}`);
  }
}

/** The Rollout's own routes are those that are wanted, in their order. */
export async function mustHaveRoutes<Config, Seen extends SeenTraffic>(
  trial: Trial<Config, Seen>,
  intent: TrafficIntent,
): Promise<void> {
  for (const { name, headerRoutes = [], mirrorRoutes = [] } of await routesOf(trial)) {
    mustMatch(`${name}: header routes`, headerRoutes, intent.headerRoutes);
    mustMatch(`${name}: mirror routes`, mirrorRoutes, intent.mirrorRoutes);
  }
}

function mustMatch<Route extends { readonly name: string }>(
  what: string,
  read: readonly ReadRule<Route>[],
  wanted: readonly Route[],
): void {
  const [is, should] = [read, wanted].map((routes) => routes.map(({ name }) => name).join(", "));
  must(is === should, `${what} are [${is}] and should be [${should}]`);
  for (const [index, rule] of read.entries()) {
    const said = Object.entries(rule);
    const full = wanted[index] as Readonly<Record<string, unknown>> | undefined;
    for (const [field, value] of said) {
      must(sameJson(value, full?.[field]), `${what}: ${field} of ${rule.name} is ${shown(value)}`);
    }
  }
}

/** The lists of weights; a subject without any would obey every law. */
export async function routesOf<Config, Seen extends SeenTraffic>(
  trial: Trial<Config, Seen>,
): Promise<readonly ReadRoute[]> {
  const routes = trial.subject.read(await trial.objects());
  must(routes.length > 0, "nothing is read from the objects: there is no list of weights");
  return routes;
}

function weightsOf({ stable, canary, additional }: TrafficIntent): Record<string, number> {
  const others = additional.map(({ service, weight }) => [service, weight]);
  return withoutZero({
    stable: stable.weight,
    canary: canary.weight,
    ...Object.fromEntries(others),
  });
}

/** Whether what gets nothing is listed is nobody's business. */
export function withoutZero(weights: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(weights).filter(([, weight]) => weight !== 0));
}

/** JSON for messages. */
export function shown(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}
