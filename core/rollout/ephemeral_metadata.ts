/**
 * Ephemeral metadata: labels and annotations that pods carry while their set plays a part. An
 * annotation of the set remembers what was put into its template, so that only that is taken out.
 */
import type { PodMetadata, Rollout } from "../../sdk/api/rollout.ts";
import { EPHEMERAL_METADATA_ANNOTATION, POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { equalJson } from "../engine/mod.ts";
import { hashOf, type ReplicaSet } from "./replica_set.ts";

/** The part that a set plays in an update. */
export type Part = "stable" | "next" | "past";

type Metadata = Readonly<Required<PodMetadata>>;
type Texts = Readonly<Record<string, string>>;

const NOTHING: Metadata = Object.freeze({ labels: {}, annotations: {} });

/** What the strategy wants pods of this part to carry. */
export function metadataFor({ spec }: Rollout, part: Part): Metadata {
  if (part === "past") return NOTHING;
  const { canary, blueGreen } = spec.strategy ?? {};
  const wanted = part === "stable"
    ? canary?.stableMetadata ?? blueGreen?.activeMetadata
    : canary?.canaryMetadata ?? blueGreen?.previewMetadata;
  return { ...NOTHING, ...wanted };
}

/** What was put into a set's template, as its annotation remembers it. */
export function injectedMetadata({ metadata }: ReplicaSet): Metadata {
  const text = metadata.annotations?.[EPHEMERAL_METADATA_ANNOTATION];
  if (text === undefined) return NOTHING;
  try {
    return { ...NOTHING, ...JSON.parse(text) as PodMetadata };
  } catch {
    // Nobody can tell any more what was put in: it stays.
    return NOTHING;
  }
}

/** What the annotation of a set with this metadata says; undefined: there is none. */
export function injectionText({ labels, annotations }: Metadata): string | undefined {
  const parts = { labels: sorted(labels), annotations: sorted(annotations) };
  const present = Object.entries(parts).filter(([, texts]) => Object.keys(texts).length > 0);
  return present.length === 0 ? undefined : JSON.stringify(Object.fromEntries(present));
}

function sorted(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function isInjected(set: ReplicaSet, wanted: Metadata): boolean {
  return equalJson(injectedMetadata(set), wanted);
}

/** True when a set with pods does not carry yet what its part asks for, judged by the status. */
export function hasPendingMetadata(rollout: Rollout, set: ReplicaSet): boolean {
  const { stableRS, currentPodHash } = rollout.status ?? {};
  const hash = hashOf(set);
  const part = hash === stableRS ? "stable" : hash === currentPodHash ? "next" : "past";
  return set.spec.replicas !== 0 && !isInjected(set, metadataFor(rollout, part));
}

/** Metadata of a pod or a pod template, as far as it matters here. */
interface Carrier {
  readonly labels?: Texts | undefined;
  readonly annotations?: Texts | undefined;
}

/** A merge patch of metadata: null takes a key out. */
type MetadataPatch = Partial<Record<keyof Metadata, Record<string, string | null>>>;

/**
 * What turns the metadata of a set's template, or of one of its pods, into what is wanted;
 * undefined: nothing. Keys that were put in and are not wanted any more get the value that `base`
 * has for them, or go; what the set selects its pods by stays.
 */
export function metadataPatch(
  carrier: Carrier,
  { wanted, set, base }: { wanted: Metadata; set: ReplicaSet; base: Carrier | undefined },
): MetadataPatch | undefined {
  const former = injectedMetadata(set);
  const patch: MetadataPatch = {};
  for (const field of ["labels", "annotations"] as const) {
    const kept = field === "labels" ? selectingKeys(set) : [];
    const changes: Record<string, string | null> = {};
    const change = (key: string, value: string | undefined) => {
      if (carrier[field]?.[key] !== value && !kept.includes(key)) changes[key] = value ?? null;
    };
    for (const key of Object.keys(former[field])) {
      if (wanted[field][key] === undefined) change(key, base?.[field]?.[key]);
    }
    for (const [key, value] of Object.entries(wanted[field])) change(key, value);
    if (Object.keys(changes).length > 0) patch[field] = changes;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function selectingKeys({ spec }: ReplicaSet): string[] {
  const { matchLabels = {}, matchExpressions = [] } = spec.selector;
  return [
    POD_TEMPLATE_HASH_LABEL,
    ...Object.keys(matchLabels),
    ...matchExpressions.map(({ key }) => key),
  ];
}
