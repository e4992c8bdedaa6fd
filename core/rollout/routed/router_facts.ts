/** What a pass knows of the traffic routers of a Rollout. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { RouterScope, SeenTraffic } from "../../../sdk/traffic_router.ts";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import type { OwnedFields } from "./field_ownership.ts";

/** One router that the Rollout configures, in the order in which routers are applied. */
export interface RouterFacts {
  readonly name: string;
  readonly scope: RouterScope;
  readonly observation: Observation;
  readonly verification: Verified;
  /** Why what it needs cannot be read; absent: it can, or it is not there. */
  readonly unreadable?: string;
  /** What the controller wrote last in objects of others. */
  readonly owned: readonly OwnedFields[];
  /** What the router made for the Rollout, and is asked for no more; absent: nothing. */
  readonly outdated?: readonly KubeObject[];
}

/** How traffic is routed, as the router last saw it. */
export type Observation =
  /** It is being looked at. */
  | { readonly state: "pending" }
  /** It cannot be seen; it is tried again by and by. */
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "seen"; readonly seen: SeenTraffic };

/** Whether requests go where the objects say. */
export interface Verified {
  /** `none`: this router does not verify. `pending`: it has yet to answer. */
  readonly verdict: "yes" | "no" | "unknown" | "pending" | "none";
  readonly events: readonly EventDraft[];
}

export const NOT_VERIFIED: Verified = Object.freeze({ verdict: "none", events: [] });

/** True once every router has been seen: before, nothing may be planned. */
export function areSeen(routers: readonly RouterFacts[]): boolean {
  return routers.every(({ observation }) => observation.state === "seen");
}

/**
 * The first router that has yet to confirm weights. `isKnown`: they are those that it was asked
 * about, and not those of this pass.
 */
export function unconfirmed(
  routers: readonly RouterFacts[],
  isKnown: boolean,
): RouterFacts | undefined {
  return routers.find(({ verification: { verdict } }) =>
    verdict !== "none" && (!isKnown || verdict === "no" || verdict === "pending")
  );
}
