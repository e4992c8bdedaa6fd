/**
 * A traffic router for Splits, a made-up kind that lists `backends` (service, weight), `rules`
 * (name, headers, service), which are tried first, and `copies` (name, requests, percentage,
 * service).
 */
import { abilities, child, type ConfigOf, defineResource, type Kit, notFound } from "@sluice/sdk";
import {
  type Fields,
  fieldsOf,
  type KubeObject,
  listOf,
  patchOf,
  refOf,
  textOf,
} from "@sluice/sdk";
import type { RoutePlan, SeenTraffic, TrafficIntent, TrafficRouter } from "@sluice/sdk";

const SPLITS = defineResource("routing.example.com", "v1", "splits", "Split");

const config = (kit: Kit) => ({ split: kit.text("Name of the Split.", { required: true }) });
export type Config = ConfigOf<typeof config>;

export interface Seen extends SeenTraffic {
  /** Absent: there is none. */
  readonly split?: KubeObject;
}

export const splitRouter: TrafficRouter<Config, Seen> = {
  name: "example.com/split",
  config,
  abilities: abilities("headerRoutes", "mirrorRoutes", "additionalDestinations", "maxWeight"),
  resources: [{ ...SPLITS, access: "change" }],
  needsServices: () => true,
  references: ({ config, place }) => [
    { type: SPLITS, name: textOf(config.split), ...child(place, "split"), isValidated: true },
  ],
  problems(scope, objects) {
    const missing = splitRouter.references(scope, objects)
      .filter((split) => objects.find(split) === undefined)
      .map((split) => notFound(split, split.name));
    return { missing, wrong: [] };
  },
  observe({ objects: [split] }) {
    if (split === undefined) return Promise.resolve({ routes: [] });
    const weights = listsOf(split).backends.map(({ service, weight }) => [service, weight]);
    const route = { type: SPLITS, ref: refOf(split), weights: Object.fromEntries(weights) };
    return Promise.resolve({ split, routes: [route] });
  },
  plan: ({ intent, seen, scope }) => Promise.resolve(planOf(intent, seen, scope.config)),
};

/** Nothing to write where all is as it should be; otherwise the three lists at once. */
function planOf(intent: TrafficIntent, { split }: Seen, { split: name }: Config): RoutePlan {
  if (split === undefined) return { problem: { message: `Split "${name}" not found` } };
  const [before, after] = [listsOf(split), wantedLists(intent, split)];
  if (JSON.stringify(before) === JSON.stringify(after)) return { writes: [] };
  return { writes: [patchOf(SPLITS, split, { type: "merge", body: { spec: after } })] };
}

function listsOf(split: KubeObject) {
  const { backends, rules, copies } = fieldsOf(split["spec"]);
  const [all, first, copied] = [backends, rules, copies].map((list) => listOf(list).map(fieldsOf));
  return { backends: all ?? [], rules: first ?? [], copies: copied ?? [] };
}

/** What is not ours keeps its place behind what is, and all of its fields. */
function wantedLists(intent: TrafficIntent, split: KubeObject): ReturnType<typeof listsOf> {
  const { stable, canary, additional, headerRoutes, mirrorRoutes, managedRoutes } = intent;
  const { backends, rules, copies } = listsOf(split);
  const ours = [stable, canary, ...additional].map(({ service, weight }): Fields => ({
    ...backends.find((backend) => backend["service"] === service),
    service,
    weight,
  }));
  // Somebody else's destination gets no requests; one that gets some was an experiment's.
  const others = backends.filter(({ service, weight }) =>
    weight === 0 && !ours.some((backend) => backend["service"] === service)
  );
  const isForeign = ({ name }: Fields) => !managedRoutes.includes(textOf(name));
  const ruled = headerRoutes.map(({ name, match }): Fields => ({
    name,
    headers: match.map(({ headerName: header, headerValue: value }) => ({ header, value })),
    service: canary.service,
  }));
  const copied = mirrorRoutes.map(({ name, match: requests, percentage = 100 }): Fields => ({
    name,
    requests,
    percentage,
    service: canary.service,
  }));
  return {
    backends: [...ours, ...others],
    rules: [...ruled, ...rules.filter(isForeign)],
    copies: [...copied, ...copies.filter(isForeign)],
  };
}
