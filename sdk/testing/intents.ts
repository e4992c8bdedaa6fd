/** The intents that routers are tried with. */
import type { Destination, HeaderRoute, MirrorRoute, TrafficIntent } from "../traffic_intent.ts";
import type { RouterAbilities } from "../traffic_router.ts";
import {
  ADDITIONAL_SERVICES,
  CANARY_SERVICE,
  MANAGED_ROUTES,
  STABLE_SERVICE,
} from "./router_subject.ts";

const STABLE_HASH = "5f4d8c7b9";
const CANARY_HASH = "79c6bd8f4";

const HEADER_A: HeaderRoute = {
  name: "web-header-a",
  match: [{ headerName: "x-user", headerValue: { exact: "tester" } }],
};
const HEADER_B: HeaderRoute = {
  name: "web-header-b",
  match: [
    { headerName: "x-version", headerValue: { exact: "next" } },
    { headerName: "x-group", headerValue: { exact: "beta" } },
  ],
};
const MIRROR: MirrorRoute = {
  name: "web-mirror",
  match: [{ method: { exact: "GET" }, path: { prefix: "/api" } }],
  percentage: 35,
};

interface Wanted {
  readonly weight: number;
  readonly maxWeight?: number;
  readonly additional?: readonly number[];
  readonly headers?: readonly HeaderRoute[];
  readonly mirrors?: readonly MirrorRoute[];
  readonly isPromoted?: boolean;
}

/** An intent that gives the canary a weight; all that is not said otherwise is stable's. */
export function intentOf(
  { weight, maxWeight = 100, additional = [], headers = [], mirrors = [], isPromoted }: Wanted,
): TrafficIntent {
  const others = additional.map((each, index): Destination => ({
    service: ADDITIONAL_SERVICES[index] ?? `web-exp-${index}`,
    podTemplateHash: `exp${index}`,
    weight: each,
  }));
  const taken = others.reduce((sum, each) => sum + each.weight, weight);
  return {
    maxWeight,
    stable: {
      service: STABLE_SERVICE,
      podTemplateHash: isPromoted === true ? CANARY_HASH : STABLE_HASH,
      weight: maxWeight - taken,
    },
    canary: { service: CANARY_SERVICE, podTemplateHash: CANARY_HASH, weight },
    additional: others,
    managedRoutes: MANAGED_ROUTES,
    headerRoutes: headers,
    mirrorRoutes: mirrors,
  };
}

/** Everything that a router with these abilities can be asked for, in an order that jumps about. */
export function walk(abilities: RouterAbilities): readonly (readonly [string, TrafficIntent])[] {
  const steps: [boolean, string, Wanted][] = [
    [true, "canary 0", { weight: 0 }],
    [true, "canary 1", { weight: 1 }],
    [true, "canary 50", { weight: 50 }],
    [true, "canary 20", { weight: 20 }],
    [abilities.headerRoutes, "header route b", { weight: 20, headers: [HEADER_B] }],
    [abilities.headerRoutes, "header routes a and b", {
      weight: 20,
      headers: [HEADER_A, HEADER_B],
    }],
    [abilities.mirrorRoutes, "mirror route", { weight: 20, mirrors: [MIRROR] }],
    [
      abilities.headerRoutes && abilities.mirrorRoutes,
      "header and mirror routes",
      { weight: 30, headers: [HEADER_A, HEADER_B], mirrors: [MIRROR] },
    ],
    [abilities.headerRoutes, "header route a alone", { weight: 30, headers: [HEADER_A] }],
    [abilities.additionalDestinations, "one experiment", { weight: 20, additional: [5] }],
    [abilities.additionalDestinations, "two experiments", { weight: 20, additional: [5, 10] }],
    [abilities.additionalDestinations, "one of them ended", { weight: 10, additional: [15] }],
    [true, "canary 99", { weight: 99 }],
    [true, "canary 100", { weight: 100 }],
    [true, "promoted", { weight: 0, isPromoted: true }],
    [true, "next update", { weight: 5 }],
  ];
  return steps.flatMap(([isAble, name, wanted]) =>
    isAble ? [[name, intentOf(wanted)] as const] : []
  );
}

/** The intent of the walk that asks for most. */
export function fullest(abilities: RouterAbilities): TrafficIntent {
  return intentOf({
    weight: 30,
    headers: abilities.headerRoutes ? [HEADER_A, HEADER_B] : [],
    mirrors: abilities.mirrorRoutes ? [MIRROR] : [],
    additional: abilities.additionalDestinations ? [5, 10] : [],
  });
}
