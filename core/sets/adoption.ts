/**
 * Adoption: an owner becomes the controller of sets that have none and that its selector matches,
 * and gives up those that it does not match any more. Such a pass does nothing else: the next one
 * sees which sets there are.
 */
import type { KubeObject, OwnerReference } from "../../sdk/api/object.ts";
import { REPLICA_SETS } from "../api/names/resources.ts";
import { controllerReference } from "../api/ownership.ts";
import type { Decision, Write } from "../engine/mod.ts";
import type { Family } from "./family.ts";
import type { ReplicaSet } from "./replica_set.ts";
import { versionedPatch } from "./writes.ts";

/** When to ask again whether the owner is there to stay. */
const ASK_AGAIN_MS = 1_000;

/** What adopting depends on. */
export interface Adoption extends Pick<Family, "orphans" | "strays"> {
  readonly nowMs: number;
  /** The cluster itself was asked, and has this owner, which is not being deleted. */
  readonly isConfirmed: boolean;
}

/** Undefined when the owner has all its sets and no other. */
export function adopt(
  owner: KubeObject,
  { orphans, strays, nowMs, isConfirmed }: Adoption,
): Decision | undefined {
  if (orphans.length === 0 && strays.length === 0) return undefined;
  if (orphans.length > 0 && !isConfirmed) {
    // A pass without these sets would create them again.
    const why = `${namesOf(orphans)} has no controller; it is adopted when this ${owner.kind} ` +
      "is known to stay";
    return { effects: [], events: [], wakeAtMs: nowMs + ASK_AGAIN_MS, isRetry: true, why };
  }
  const reasons = [
    ...(strays.length === 0 ? [] : [`releasing ${namesOf(strays)}: its labels do not match`]),
    ...(orphans.length === 0 ? [] : [`adopting ${namesOf(orphans)}, which had no controller`]),
  ];
  return {
    effects: [
      ...strays.map((set) => ownersPatch(set, othersOf(set, owner))),
      ...orphans.map((set) =>
        ownersPatch(set, [...othersOf(set, owner), controllerReference(owner)])
      ),
    ],
    events: [],
    why: reasons.join("; "),
  };
}

function othersOf(set: ReplicaSet, owner: KubeObject): OwnerReference[] {
  const references = set.metadata.ownerReferences ?? [];
  return references.filter(({ uid }) => uid !== owner.metadata.uid);
}

/** With uid and version: refused when the set was changed, or created again, in between. */
function ownersPatch(set: ReplicaSet, owners: readonly OwnerReference[]): Write {
  const { uid } = set.metadata;
  const ownerReferences = owners.length === 0 ? null : owners;
  return versionedPatch(REPLICA_SETS, set, { metadata: { uid, ownerReferences } });
}

function namesOf(sets: readonly ReplicaSet[]): string {
  return sets.map(({ metadata }) => metadata.name).join(", ");
}
