/** What a DestinationRule must be for an intent: which pods its subsets select. */
import type { Destination } from "../../../sdk/traffic_intent.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { isNamedByStep } from "../canary.ts";
import { JsonEdits } from "../json_edits.ts";

export const HASH_LABEL = "rollouts-pod-template-hash";
export const MANAGED_BY = "argo-rollouts.argoproj.io/managed-by-rollouts";

/** The subsets as they are to be. An empty hash means: no pods in particular. */
export interface WantedSubsets {
  readonly rollout: string;
  readonly canary: { readonly name: string; readonly hash: string };
  readonly stable: { readonly name: string; readonly hash: string };
  /** Subsets named by Services of experiments. */
  readonly additional: readonly Destination[];
}

/** The changes that make the subsets what they are to be; none when they are. */
export function planDestinationRule(object: object, wanted: WantedSubsets): JsonEdits {
  const edits = new JsonEdits(object);
  const subsets = () => listOf(fieldsOf(edits.copy["spec"])["subsets"]).map(fieldsOf);
  claim(edits, wanted.rollout);
  for (const { name, hash } of [wanted.canary, wanted.stable]) {
    const index = subsets().findIndex((subset) => textOf(subset["name"]) === name);
    if (index >= 0) label(edits, index, hash);
  }
  const names = new Map(wanted.additional.map((each) => [each.service, each.podTemplateHash]));
  for (let index = subsets().length - 1; index >= 0; index--) {
    const subset = subsets()[index] ?? {};
    const name = textOf(subset["name"]);
    if (name === wanted.canary.name || name === wanted.stable.name) continue;
    const hash = names.get(name);
    if (hash !== undefined) label(edits, index, hash);
    // Only what an experiment brought goes; subsets of others stay.
    else if (isOfExperiment(subset)) edits.remove(["spec", "subsets", index]);
  }
  const present = new Set(subsets().map((subset) => textOf(subset["name"])));
  for (const [name, hash] of names) {
    if (present.has(name)) continue;
    const subset = { name, labels: { [HASH_LABEL]: hash } };
    edits.insert(["spec", "subsets", subsets().length], subset);
  }
  return edits;
}

/** The changes that leave a DestinationRule as if no Rollout had used it. */
export function releaseDestinationRule(
  object: object,
  { canary, stable }: { canary: string; stable: string },
): JsonEdits {
  const edits = new JsonEdits(object);
  const subsets = listOf(fieldsOf(edits.copy["spec"])["subsets"]).map(fieldsOf);
  for (let index = subsets.length - 1; index >= 0; index--) {
    const subset = subsets[index] ?? {};
    const name = textOf(subset["name"]);
    if (name === canary || name === stable) label(edits, index, "");
    else if (isOfExperiment(subset)) edits.remove(["spec", "subsets", index]);
  }
  const annotations = fieldsOf(fieldsOf(edits.copy["metadata"])["annotations"]);
  if (MANAGED_BY in annotations) edits.removeLast(["metadata", "annotations", MANAGED_BY]);
  return edits;
}

/**
 * The changes that take mark and hashes away, whatever the subsets are called. Each stays, since
 * routes may lead to it and without a hash it selects all pods, but for those that experiments of
 * this Rollout brought: to them no route leads.
 */
export function unmarkDestinationRule(object: object): JsonEdits {
  const edits = new JsonEdits(object);
  const subsets = listOf(fieldsOf(edits.copy["spec"])["subsets"]).map(fieldsOf);
  const { [MANAGED_BY]: rollout } = fieldsOf(fieldsOf(edits.copy["metadata"])["annotations"]);
  for (let index = subsets.length - 1; index >= 0; index--) {
    const subset = subsets[index] ?? {};
    const isBrought = isOfExperiment(subset) &&
      isNamedByStep(textOf(subset["name"]), textOf(rollout));
    if (isBrought) edits.remove(["spec", "subsets", index]);
    else label(edits, index, "");
  }
  // There may be other annotations that caches leave out.
  edits.remove(["metadata", "annotations", MANAGED_BY]);
  return edits;
}

function claim(edits: JsonEdits, rollout: string): void {
  const metadata = fieldsOf(edits.copy["metadata"]);
  if (metadata["annotations"] === undefined) {
    edits.set(["metadata", "annotations"], { [MANAGED_BY]: rollout });
  } else edits.set(["metadata", "annotations", MANAGED_BY], rollout);
}

function label(edits: JsonEdits, index: number, hash: string): void {
  const place = ["spec", "subsets", index, "labels"];
  const subset = fieldsOf(listOf(fieldsOf(edits.copy["spec"])["subsets"])[index]);
  if (hash === "") {
    if (HASH_LABEL in fieldsOf(subset["labels"])) edits.removeLast([...place, HASH_LABEL]);
  } else if (subset["labels"] === undefined) edits.set(place, { [HASH_LABEL]: hash });
  else edits.set([...place, HASH_LABEL], hash);
}

/** A subset that has nothing but a name and a hash was made for an experiment. */
function isOfExperiment(subset: Fields): boolean {
  const labels = Object.keys(fieldsOf(subset["labels"]));
  const fields = Object.keys(subset).sort().join();
  return fields === "labels,name" && labels.length === 1 && labels[0] === HASH_LABEL;
}
