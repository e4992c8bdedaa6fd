/** The template and the selector of a set as its owner wrote them. */
import type { LabelSelector, PodTemplate } from "../../sdk/api/rollout.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { withInjectedTerm } from "./anti_affinity.ts";
import { injectedMetadata } from "./ephemeral_metadata.ts";
import type { ReplicaSet } from "./replica_set.ts";

/**
 * Takes out what was put in for the update: the hash label, ephemeral metadata, anti-affinity.
 * A value that ephemeral metadata replaced is not known any more.
 */
export function plainTemplate(set: ReplicaSet): PodTemplate {
  const { template, selector } = set.spec;
  const injected = injectedMetadata(set);
  const { matchLabels = {} } = selector;
  const labels = without(template.metadata?.labels, (key) =>
    key === POD_TEMPLATE_HASH_LABEL ||
    (injected.labels[key] !== undefined && matchLabels[key] === undefined));
  const annotations = without(
    template.metadata?.annotations,
    (key) => injected.annotations[key] !== undefined,
  );
  const { annotations: _, ...metadata } = template.metadata ?? {};
  return {
    ...template,
    metadata: {
      ...metadata,
      labels,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    ...(template.spec === undefined ? {} : { spec: withInjectedTerm(template.spec, undefined) }),
  };
}

/** The selector without the hash. */
export function plainSelector({ spec: { selector } }: ReplicaSet): LabelSelector {
  const { matchLabels, ...rest } = selector;
  return { ...rest, matchLabels: without(matchLabels, (key) => key === POD_TEMPLATE_HASH_LABEL) };
}

function without(
  texts: Record<string, string> | undefined,
  isOut: (key: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(Object.entries(texts ?? {}).filter(([key]) => !isOut(key)));
}
