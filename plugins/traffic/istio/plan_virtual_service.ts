/** What a VirtualService must be for an intent: weights, header and mirror routes, their order. */
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { isEqual, JsonEdits } from "../json_edits.ts";
import { selectedRoutes } from "./route_selection.ts";

/** Which destinations of a route belong to which side. */
export interface Sides {
  /** With a DestinationRule: its two subsets. */
  readonly subsets: { readonly canary: string; readonly stable: string } | undefined;
  readonly services: { readonly canary: string; readonly stable: string };
  /** Subsets that have weights of their own, which stay. */
  readonly keptSubsets: readonly string[];
  /** Where header and mirror routes send requests to; with subsets the rule's host. */
  readonly canaryHost: string;
}

/** What a VirtualService needs. */
export interface VirtualServicePlan {
  readonly edits: JsonEdits;
  /** The weights of a route changed. */
  readonly isWeighted: boolean;
  /** Names of routes that came or changed, in order. */
  readonly headerRoutes: readonly string[];
  readonly mirrorRoutes: readonly string[];
  /** Managed routes went, and none is left. */
  readonly isCleared: boolean;
}

const KINDS = ["http", "tls", "tcp"] as const;

/** The changes that make the intent true in one VirtualService; none when it is. */
export function planVirtualService(
  object: object,
  { config, sides, intent }: { config: Fields; sides: Sides; intent: TrafficIntent },
): VirtualServicePlan {
  const edits = new JsonEdits(object);
  let isWeighted = false;
  for (const kind of KINDS) {
    const routes = listOf(fieldsOf(edits.copy["spec"])[kind]).map(fieldsOf);
    for (const index of selectedRoutes(kind, routes, { config, managed: intent.managedRoutes })) {
      if (weigh(edits, ["spec", kind, index], { sides, intent })) isWeighted = true;
    }
  }
  const managed = planManagedRoutes(edits, { config, sides, intent });
  return { edits, isWeighted, ...managed };
}

/**
 * Gives a route's destinations their weights; true when any of them changed. A route that leads to
 * neither side is somebody else's.
 */
function weigh(
  edits: JsonEdits,
  place: readonly [string, string, number],
  { sides, intent }: { sides: Sides; intent: TrafficIntent },
): boolean {
  const before = edits.operations.length;
  const [spec, kind, index] = place;
  const destinations = () => {
    const route = fieldsOf(listOf(fieldsOf(edits.copy[spec])[kind])[index]);
    return listOf(route["route"]).map(fieldsOf);
  };
  const isOwn = destinations().some((each) => ["canary", "stable"].includes(sideOf(each, sides)));
  if (!isOwn) return false;
  const wanted = weightsFor(destinations(), { sides, intent });
  // From the end: what is removed moves nothing that is still to be looked at.
  for (let at = wanted.listed.length - 1; at >= 0; at--) {
    const weight = wanted.listed[at];
    const path = [...place, "route", at];
    if (weight === undefined) edits.remove(path);
    else if (weight !== weightOf(destinations()[at] ?? {})) edits.set([...path, "weight"], weight);
  }
  for (const entry of wanted.missing) {
    edits.insert([...place, "route", destinations().length], entry);
  }
  return edits.operations.length > before;
}

interface WantedWeights {
  /** By the present destinations' order; undefined: it goes. */
  readonly listed: readonly (number | undefined)[];
  /** Destinations of experiments that are not listed yet. */
  readonly missing: readonly Fields[];
}

/**
 * Weights of kept subsets stay, and the canary gives way where they leave it too little. What is
 * neither side's goes, unless it has no weight.
 */
function weightsFor(
  destinations: readonly Fields[],
  { sides, intent }: { sides: Sides; intent: TrafficIntent },
): WantedWeights {
  const additional = new Map(intent.additional.map(({ service, weight }) => [service, weight]));
  const kinds = destinations.map((entry) => sideOf(entry, sides));
  const kept = destinations
    .filter((_, index) => kinds[index] === "kept")
    .reduce((sum, entry) => sum + weightOf(entry), 0);
  const others = kept + [...additional.values()].reduce((sum, weight) => sum + weight, 0);
  const room = Math.max(0, intent.maxWeight - others);
  const canary = Math.min(intent.canary.weight, room);
  const listed = destinations.map((entry, index) => {
    switch (kinds[index]) {
      case "canary":
        return canary;
      case "stable":
        return room - canary;
      case "kept":
        return weightOf(entry);
      default: {
        const weight = additional.get(hostOf(entry));
        return weight ?? (weightOf(entry) === 0 ? 0 : undefined);
      }
    }
  });
  const present = new Set(destinations.map(hostOf));
  const missing = [...additional]
    .filter(([service]) => !present.has(service))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, weight]) => ({ weight, destination: { host } }));
  return { listed, missing };
}

function sideOf(entry: Fields, sides: Sides): "canary" | "stable" | "kept" | "other" {
  const subset = textOf(fieldsOf(entry["destination"])["subset"]);
  if (sides.subsets !== undefined && subset !== "") {
    if (subset === sides.subsets.canary) return "canary";
    if (subset === sides.subsets.stable) return "stable";
  }
  if (subset !== "" && sides.keptSubsets.includes(subset)) return "kept";
  const host = hostOf(entry);
  if (sides.subsets === undefined && host !== "") {
    if (host === sides.services.canary) return "canary";
    if (host === sides.services.stable) return "stable";
  }
  return "other";
}

/** A host's first label: the name of a Service, however it is written. */
export function hostOf(entry: Fields): string {
  return textOf(fieldsOf(entry["destination"])["host"]).split(".")[0] ?? "";
}

/** A destination's weight; without one it is 0 beside others. */
export function weightOf(entry: Fields): number {
  const weight = entry["weight"];
  return typeof weight === "number" ? weight : 0;
}

/** Routes that are the Rollout's own stand first, in their order; all others keep theirs. */
function planManagedRoutes(
  edits: JsonEdits,
  { config, sides, intent }: { config: Fields; sides: Sides; intent: TrafficIntent },
): Omit<VirtualServicePlan, "edits" | "isWeighted"> {
  const http = () => listOf(fieldsOf(edits.copy["spec"])["http"]).map(fieldsOf);
  const selected = selectedRoutes("http", http(), { config, managed: intent.managedRoutes });
  const source = http()[selected[0] ?? -1];
  const wanted = source === undefined ? [] : wantedRoutes(source, { sides, intent });
  const changed: string[] = [];
  wanted.forEach((route, index) => {
    const name = textOf(route["name"]);
    const at = http().findIndex((each, place) => place >= index && textOf(each["name"]) === name);
    if (at === index) {
      if (isEqual(http()[index], route)) return;
      edits.set(["spec", "http", index], route);
    } else {
      if (at > index) edits.remove(["spec", "http", at]);
      edits.insert(["spec", "http", index], route);
    }
    changed.push(name);
  });
  let isRemoved = false;
  for (let index = http().length - 1; index >= wanted.length; index--) {
    const name = textOf(http()[index]?.["name"]);
    if (name === "" || !intent.managedRoutes.includes(name)) continue;
    edits.remove(["spec", "http", index]);
    isRemoved = true;
  }
  const namesOf = (routes: readonly { name: string }[]) =>
    routes.map(({ name }) => name).filter((name) => changed.includes(name));
  return {
    headerRoutes: namesOf(intent.headerRoutes),
    mirrorRoutes: namesOf(intent.mirrorRoutes),
    isCleared: isRemoved && wanted.length === 0,
  };
}

/** The managed routes as they are to be, in the order of `managedRoutes`. */
function wantedRoutes(
  source: Fields,
  { sides, intent }: { sides: Sides; intent: TrafficIntent },
): Fields[] {
  const canary = canaryDestination(source, sides);
  const routes = new Map<string, Fields>();
  for (const { name, match } of intent.headerRoutes) {
    routes.set(name, {
      name,
      match: match.map(({ headerName, headerValue }) => ({
        headers: { [headerName]: { ...headerValue } },
      })),
      route: [{ weight: 100, destination: canary }],
    });
  }
  for (const { name, match, percentage = 100 } of intent.mirrorRoutes) {
    routes.set(name, {
      name,
      match: match.map(({ method, path, headers }) => ({
        ...(method === undefined ? {} : { method: { ...method } }),
        ...(path === undefined ? {} : { uri: { ...path } }),
        ...(headers === undefined ? {} : { headers: structuredClone(headers) }),
      })),
      route: structuredClone(listOf(source["route"])),
      mirror: canary,
      mirrorPercentage: { value: percentage },
    });
  }
  return intent.managedRoutes.flatMap((name): Fields[] => {
    const route = routes.get(name);
    return route === undefined ? [] : [route];
  });
}

/** Where requests that a header or a mirror route takes reach the canary. */
function canaryDestination(source: Fields, { subsets, canaryHost }: Sides): Fields {
  const first = fieldsOf(fieldsOf(listOf(source["route"])[0])["destination"]);
  const { number } = fieldsOf(first["port"]);
  return {
    host: canaryHost,
    ...(typeof number === "number" ? { port: { number } } : {}),
    ...(subsets === undefined ? {} : { subset: subsets.canary }),
  };
}
