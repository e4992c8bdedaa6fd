/** A ReplicaSet that is to be created: its owner's template, and what the update adds to it. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { LabelSelector, PodTemplate } from "../../sdk/api/rollout.ts";
import { EPHEMERAL_METADATA_ANNOTATION, POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { controllerReference } from "../api/ownership.ts";
import { type InjectedTerm, withInjectedTerm } from "./anti_affinity.ts";
import { type EphemeralMetadata, injectionText } from "./ephemeral_metadata.ts";
import type { ReplicaSet } from "./replica_set.ts";

export interface NewReplicaSet {
  readonly owner: KubeObject;
  readonly name: string;
  /** The pod template hash that names the set. */
  readonly hash: string;
  /** As the owner wrote them: without the hash. */
  readonly selector: LabelSelector | undefined;
  readonly template: PodTemplate | undefined;
  readonly size: number;
  readonly minReadySeconds: number | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** What the pods carry at first. */
  readonly metadata: EphemeralMetadata;
  readonly antiAffinity: InjectedTerm | undefined;
}

export function newReplicaSet(wanted: NewReplicaSet): ReplicaSet {
  const { owner, name, hash, selector, template, size, minReadySeconds } = wanted;
  const hashLabel = { [POD_TEMPLATE_HASH_LABEL]: hash };
  const note = injectionText(wanted.metadata);
  const { namespace } = owner.metadata;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template?.metadata?.labels, ...hashLabel },
      annotations: {
        ...wanted.annotations,
        ...(note === undefined ? {} : { [EPHEMERAL_METADATA_ANNOTATION]: note }),
      },
      ownerReferences: [controllerReference(owner)],
    },
    spec: {
      replicas: size,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, ...hashLabel } },
      template: templateFor(wanted, hashLabel),
    },
  };
}

function templateFor(
  { template, selector, metadata: injected, antiAffinity }: NewReplicaSet,
  hashLabel: Readonly<Record<string, string>>,
): PodTemplate {
  const { metadata } = template ?? {};
  const annotations = { ...metadata?.annotations, ...injected.annotations };
  const spec = withInjectedTerm(template?.spec, antiAffinity);
  return {
    ...template,
    metadata: {
      ...metadata,
      // Ephemeral metadata must not change the labels that the selector needs.
      labels: {
        ...metadata?.labels,
        ...injected.labels,
        ...selector?.matchLabels,
        ...hashLabel,
      },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    ...(template?.spec === undefined ? {} : { spec }),
  };
}
