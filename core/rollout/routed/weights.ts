/**
 * The weights of a routed canary: those that a status reports, and those that routers were last
 * told, as they see them.
 */
import type { RolloutStatus } from "../../../sdk/api/rollout.ts";
import type { TrafficIntent } from "../../../sdk/traffic_intent.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { equalJson } from "../../engine/mod.ts";
import { areSeen, type RouterFacts } from "./router_facts.ts";
import type { SideServices } from "./routing.ts";
import type { WrittenWeights } from "./sizes.ts";

/** One destination as `status.canary.weights` has it. */
export interface WeightDestination {
  readonly podTemplateHash?: string;
  readonly serviceName?: string;
  readonly weight: number;
}

/** `status.canary.weights`. */
export interface TrafficWeights {
  readonly canary: WeightDestination;
  readonly stable: WeightDestination;
  readonly additional?: readonly WeightDestination[];
  /** Whether requests really go so; absent where nobody can tell. */
  readonly verified?: boolean;
}

/** The weights of a status; undefined: none were ever reported. */
export function weightsIn({ canary }: RolloutStatus): TrafficWeights | undefined {
  const weights = canary?.["weights"];
  if (typeof weights !== "object" || weights === null) return undefined;
  const { canary: next, stable, additional, verified } = weights as Fields;
  return {
    canary: destinationIn(next),
    stable: destinationIn(stable),
    ...(additional === undefined ? {} : { additional: listOf(additional).map(destinationIn) }),
    ...(typeof verified === "boolean" ? { verified } : {}),
  };
}

function destinationIn(value: unknown): WeightDestination {
  const { podTemplateHash, serviceName, weight } = fieldsOf(value);
  return {
    ...(textOf(podTemplateHash) === "" ? {} : { podTemplateHash: textOf(podTemplateHash) }),
    ...(textOf(serviceName) === "" ? {} : { serviceName: textOf(serviceName) }),
    weight: typeof weight === "number" ? weight : 0,
  };
}

/** What a status says once an intent is true; `verified` is not known yet. */
export function weightsOf({ canary, stable, additional }: TrafficIntent): TrafficWeights {
  const destination = (
    { podTemplateHash, service, weight }: TrafficIntent["canary"],
  ): WeightDestination => ({
    ...(podTemplateHash === "" ? {} : { podTemplateHash }),
    ...(service === "" ? {} : { serviceName: service }),
    weight,
  });
  return {
    canary: destination(canary),
    stable: destination(stable),
    ...(additional.length === 0 ? {} : { additional: additional.map(destination) }),
  };
}

/**
 * The most that a router may be sending to either side: as seen, and where one cannot be seen, also
 * as last reported. Pods that these weights need must stay.
 */
export function writtenWeights(
  routers: readonly RouterFacts[],
  { reported, services, weightMax }: {
    reported: TrafficWeights | undefined;
    services: SideServices;
    weightMax: number;
  },
): WrittenWeights {
  const seen = routers.flatMap(({ observation }) =>
    observation.state === "seen" ? observation.seen.routes : []
  );
  const weights = seen.map(({ weights, sides = services }) => ({
    canary: weights[sides.canary] ?? 0,
    stable: weights[sides.stable] ?? 0,
  }));
  if ((routers.length === 0 || !areSeen(routers)) && reported !== undefined) {
    weights.push({ canary: reported.canary.weight, stable: reported.stable.weight });
  }
  // Without any route nothing is sent to the canary.
  if (weights.length === 0) return { canary: 0, stable: weightMax };
  return {
    canary: Math.max(...weights.map(({ canary }) => canary)),
    stable: Math.max(...weights.map(({ stable }) => stable)),
  };
}

/** True when both say the same weights, whether or not a router has confirmed them. */
export function areSameWeights(
  one: TrafficWeights | undefined,
  other: TrafficWeights | undefined,
): boolean {
  const { verified: _, ...first } = one ?? {};
  const { verified: __, ...second } = other ?? {};
  return equalJson(first, second);
}

/** The event's words for a change of the weights; undefined: nothing changed that it tells. */
export function weightChangeText(
  before: TrafficWeights | undefined,
  after: TrafficWeights,
): string | undefined {
  if (before === undefined) return `Traffic weight updated to ${after.canary.weight}`;
  if (areSameWeights(before, after)) return undefined;
  const [from, to] = [before.canary.weight, after.canary.weight];
  const parts = [
    ...(from === to ? [] : [`from ${from} to ${to}`]),
    ...(equalJson(before.additional ?? [], after.additional ?? [])
      ? []
      : [additionalText(after.additional ?? [])]),
  ];
  // Quirk(weight-event): when only the pods behind a weight change, nothing follows the blank.
  return `Traffic weight updated ${parts.join(", ")}`;
}

/** `additional: [{20 web-experiment cfd9c65db}]`. */
function additionalText(destinations: readonly WeightDestination[]): string {
  const texts = destinations.map(({ weight, serviceName = "", podTemplateHash = "" }) =>
    `{${weight} ${serviceName} ${podTemplateHash}}`
  );
  return `additional: [${texts.join(" ")}]`;
}
