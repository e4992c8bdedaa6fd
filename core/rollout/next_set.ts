/** What the ReplicaSet of the present template holds: when it is created, and afterwards. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import {
  ANNOTATIONS_NOT_COPIED,
  DESIRED_REPLICAS_ANNOTATION,
  REVISION_ANNOTATION,
  WORKLOAD_GENERATION_ANNOTATION,
} from "../api/names/names.ts";
import {
  antiAffinityTerm,
  hashOf,
  type InjectedTerm,
  newReplicaSet,
  type ReplicaSet,
  withInjectedTerm,
} from "../sets/mod.ts";
import { metadataFor } from "./part_metadata.ts";
import type { Situation } from "./situation.ts";
import { generationText } from "./workload.ts";
import type { RolloutWorld } from "./world.ts";

/** The set to be created. */
export function newNextSet(
  situation: Situation,
  { name, size, number }: { name: string; size: number; number: number },
): ReplicaSet {
  const { world, replicas, sets } = situation;
  const { rollout, templateHash } = world;
  const { selector, template, minReadySeconds } = rollout.spec;
  return newReplicaSet({
    owner: rollout,
    name,
    hash: templateHash,
    selector,
    template,
    size,
    minReadySeconds,
    annotations: {
      ...inheritedAnnotations(rollout),
      ...workloadNote(world),
      [DESIRED_REPLICAS_ANNOTATION]: String(replicas),
      [REVISION_ANNOTATION]: String(number),
    },
    metadata: metadataFor(rollout, sets.stable === undefined ? "stable" : "next"),
    antiAffinity: antiAffinityOf(situation, templateHash),
  });
}

/** The spec that an existing set should have, given the Rollout and which set is stable. */
export function nextSetSpec(situation: Situation, next: ReplicaSet): ReplicaSet["spec"] {
  const { template } = next.spec;
  const podSpec = withInjectedTerm(template.spec, antiAffinityOf(situation, hashOf(next)));
  const minReadySeconds = situation.world.rollout.spec.minReadySeconds ?? 0;
  const hasSameMinimum = (next.spec.minReadySeconds ?? 0) === minReadySeconds;
  return {
    ...next.spec,
    ...(hasSameMinimum ? {} : { minReadySeconds }),
    template: { ...template, spec: podSpec },
  };
}

/** The newest pods keep away from the nodes of the stable ones, if the strategy says so. */
function antiAffinityOf(
  { world, state, strategy }: Situation,
  hash: string,
): InjectedTerm | undefined {
  const { namespace = "" } = world.rollout.metadata;
  const { stableHash } = state;
  if (stableHash === "" || stableHash === hash) return undefined;
  return antiAffinityTerm(strategy.spec.antiAffinity, { avoidedHash: stableHash, namespace });
}

/** Annotations of the Rollout that its sets carry too; a set has the generation it is made from. */
export function inheritedAnnotations(rollout: Rollout): Record<string, string> {
  const entries = Object.entries(rollout.metadata.annotations ?? {});
  const isCopied = (key: string) =>
    key !== WORKLOAD_GENERATION_ANNOTATION && !ANNOTATIONS_NOT_COPIED.includes(key);
  return Object.fromEntries(entries.filter(([key]) => isCopied(key)));
}

/** The annotation that says which generation of the workload the template is from. */
export function workloadNote({ workload }: RolloutWorld): Record<string, string> {
  if (workload === undefined) return {};
  return { [WORKLOAD_GENERATION_ANNOTATION]: generationText(workload) };
}

/** What an update notes on the Rollout about its workload: one that it has no more goes. */
export function workloadNoteOfUpdate(world: RolloutWorld): Record<string, string | null> {
  const { metadata, spec } = world.rollout;
  const isLeft = !spec.workloadRef && world.workload === undefined &&
    metadata.annotations?.[WORKLOAD_GENERATION_ANNOTATION] !== undefined;
  return isLeft ? { [WORKLOAD_GENERATION_ANNOTATION]: null } : workloadNote(world);
}
