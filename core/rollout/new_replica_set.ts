/** The ReplicaSet of a new revision: the Rollout's template, and what the update adds to it. */
import type { PodTemplate, Rollout } from "../../sdk/api/rollout.ts";
import {
  ANNOTATIONS_NOT_COPIED,
  DESIRED_REPLICAS_ANNOTATION,
  EPHEMERAL_METADATA_ANNOTATION,
  POD_TEMPLATE_HASH_LABEL,
  REVISION_ANNOTATION,
  WORKLOAD_GENERATION_ANNOTATION,
} from "../api/names/names.ts";
import { controllerReference } from "../api/ownership.ts";
import { antiAffinityTerm, withInjectedTerm } from "./anti_affinity.ts";
import { injectionText, metadataFor } from "./ephemeral_metadata.ts";
import type { ReplicaSet } from "./replica_set.ts";
import type { Situation } from "./situation.ts";
import { generationText } from "./workload.ts";
import type { RolloutWorld } from "./world.ts";

export function newReplicaSet(
  situation: Situation,
  { name, size, number }: { name: string; size: number; number: number },
): ReplicaSet {
  const { world, replicas, sets } = situation;
  const { rollout, templateHash } = world;
  const { selector, template, minReadySeconds } = rollout.spec;
  const hashLabel = { [POD_TEMPLATE_HASH_LABEL]: templateHash };
  const injected = metadataFor(rollout, sets.stable === undefined ? "stable" : "next");
  const note = injectionText(injected);
  const { namespace } = rollout.metadata;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template?.metadata?.labels, ...hashLabel },
      annotations: {
        ...inheritedAnnotations(rollout),
        ...workloadNote(world),
        [DESIRED_REPLICAS_ANNOTATION]: String(replicas),
        [REVISION_ANNOTATION]: String(number),
        ...(note === undefined ? {} : { [EPHEMERAL_METADATA_ANNOTATION]: note }),
      },
      ownerReferences: [controllerReference(rollout)],
    },
    spec: {
      replicas: size,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, ...hashLabel } },
      template: templateFor(situation, injected),
    },
  };
}

function templateFor(
  { world, progress }: Situation,
  injected: ReturnType<typeof metadataFor>,
): PodTemplate {
  const { rollout, templateHash } = world;
  const { template, selector } = rollout.spec;
  const { metadata } = template ?? {};
  const annotations = { ...metadata?.annotations, ...injected.annotations };
  const hashes = { stableHash: progress.stableHash, nextHash: templateHash };
  const spec = withInjectedTerm(template?.spec, antiAffinityTerm(rollout, hashes));
  return {
    ...template,
    metadata: {
      ...metadata,
      // What the pods are found by is nobody's to change.
      labels: {
        ...metadata?.labels,
        ...injected.labels,
        ...selector?.matchLabels,
        [POD_TEMPLATE_HASH_LABEL]: templateHash,
      },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    ...(template?.spec === undefined ? {} : { spec }),
  };
}

/** Annotations of the Rollout that its sets carry too. */
export function inheritedAnnotations(rollout: Rollout): Record<string, string> {
  const entries = Object.entries(rollout.metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([key]) => !ANNOTATIONS_NOT_COPIED.includes(key)));
}

/** The annotation that says which generation of the workload the template is from. */
export function workloadNote({ workload }: RolloutWorld): Record<string, string> {
  if (workload === undefined) return {};
  return { [WORKLOAD_GENERATION_ANNOTATION]: generationText(workload) };
}
