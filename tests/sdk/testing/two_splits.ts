/** A router that steers two objects: between its writes there is a state to be interrupted in. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { RoutePlan, SeenTraffic, TrafficRouter } from "../../../sdk/traffic_router.ts";
import { child } from "../../../sdk/wire/field_place.ts";
import type { Fields } from "../../../sdk/wire/json.ts";
import type { RouterSubject } from "../../../sdk/testing/traffic_router.ts";
import { type Seen, splitRouter } from "../../../docs/examples/split-router/split_router.ts";
import { SPLIT, splitSubject } from "../../../docs/examples/split-router/subject.ts";

export interface SeenTwo extends SeenTraffic {
  readonly each: readonly Seen[];
}

const NAMES = ["first", "second"] as const;

export const twoSplits: TrafficRouter<Fields, SeenTwo> = {
  abilities: splitRouter.abilities,
  resources: splitRouter.resources,
  name: "example.com/two-splits",
  config: (kit) => ({ first: kit.text("One Split."), second: kit.text("The other one.") }),
  needsServices: () => true,
  references: ({ config, place }) =>
    NAMES.map((field) => ({
      type: { group: "routing.example.com", kind: "Split" },
      name: String(config[field]),
      ...child(place, field),
      isValidated: false,
    })),
  problems: () => ({ missing: [], wrong: [] }),
  async observe({ scope, objects }, ports) {
    const each = await Promise.all(NAMES.map((field) => {
      const found = objects.filter(({ metadata }) => metadata.name === scope.config[field]);
      const one = { ...scope, config: { split: String(scope.config[field]) } };
      return splitRouter.observe({ scope: one, objects: found }, ports);
    }));
    return { each, routes: each.flatMap(({ routes }) => routes) };
  },
  async plan({ scope, seen, intent }) {
    const plans = await Promise.all(NAMES.map((field, index) => {
      const one = { ...scope, config: { split: String(scope.config[field]) } };
      return splitRouter.plan({ scope: one, seen: seen.each[index] ?? { routes: [] }, intent });
    }));
    return joined(plans);
  },
};

function joined(plans: readonly RoutePlan[]): RoutePlan {
  const writes = [];
  for (const plan of plans) {
    if ("problem" in plan) return plan;
    writes.push(...plan.writes);
  }
  return { writes };
}

function named(name: string): KubeObject {
  return { ...SPLIT, metadata: { ...SPLIT.metadata, name } };
}

export const twoSplitsSubject: RouterSubject<Fields, SeenTwo> = {
  ...splitSubject,
  router: twoSplits,
  config: { first: "web", second: "web-internal" },
  objects: [named("web"), named("web-internal")],
};
