/**
 * Ephemeral metadata: labels and annotations that pods carry while their set is canary, stable,
 * preview or active. An annotation of the set says what was added, so that only that is removed.
 */
import type { PodMetadata } from "../../sdk/api/rollout.ts";
import { EPHEMERAL_METADATA_ANNOTATION, POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { equalJson } from "../engine/mod.ts";
import type { ReplicaSet } from "./replica_set.ts";

/** Labels and annotations that pods carry for a while. */
export type EphemeralMetadata = Readonly<Required<PodMetadata>>;
type Texts = Readonly<Record<string, string>>;

export const NO_METADATA: EphemeralMetadata = Object.freeze({ labels: {}, annotations: {} });

/** What was put into a set's template, as its annotation remembers it. */
export function injectedMetadata({ metadata }: ReplicaSet): EphemeralMetadata {
  const text = metadata.annotations?.[EPHEMERAL_METADATA_ANNOTATION];
  if (text === undefined) return NO_METADATA;
  try {
    return { ...NO_METADATA, ...JSON.parse(text) as PodMetadata };
  } catch {
    // Unreadable: what was added is not known any more, and stays.
    return NO_METADATA;
  }
}

/** What the annotation of a set with this metadata says; undefined: there is none. */
export function injectionText({ labels, annotations }: EphemeralMetadata): string | undefined {
  const parts = { labels: sorted(labels), annotations: sorted(annotations) };
  const present = Object.entries(parts).filter(([, texts]) => Object.keys(texts).length > 0);
  return present.length === 0 ? undefined : JSON.stringify(Object.fromEntries(present));
}

function sorted(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function isInjected(set: ReplicaSet, wanted: EphemeralMetadata): boolean {
  return equalJson(injectedMetadata(set), wanted);
}

/** The metadata of a pod or of a pod template. */
interface Carrier {
  readonly labels?: Texts | undefined;
  readonly annotations?: Texts | undefined;
}

/** A merge patch of metadata: null takes a key out. */
type MetadataPatch = Partial<Record<keyof EphemeralMetadata, Record<string, string | null>>>;

/**
 * The patch that gives a set's template, or one of its pods, the wanted metadata; undefined: it has
 * it. Keys that were added and are not wanted any more get the value of `base`, or are removed; the
 * labels that the set selects its pods by are never changed.
 */
export function metadataPatch(
  carrier: Carrier,
  { wanted, set, base }: { wanted: EphemeralMetadata; set: ReplicaSet; base: Carrier | undefined },
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
