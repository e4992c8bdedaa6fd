/**
 * Metadata: pods carry the labels and annotations of their set's part in the update. First the
 * template is patched, for pods to come, then the pods, then the set's annotation that says what
 * was done. After an interruption the next pass goes on from there.
 */
import { EPHEMERAL_METADATA_ANNOTATION } from "../../api/names/names.ts";
import { PODS } from "../../api/names/resources.ts";
import type { Write } from "../../engine/mod.ts";
import {
  injectionText,
  isInjected,
  livingPods,
  metadataPatch,
  patchSet,
  type ReplicaSet,
  wantedPods,
} from "../../sets/mod.ts";
import { refOf } from "../../../sdk/wire/write.ts";
import { completionOf } from "../completion.ts";
import { metadataFor, partOf } from "../part_metadata.ts";
import { CONTINUE, type Situation, type Verdict } from "../situation.ts";

/** When to ask for the pods again that could not be listed. */
const AGAIN_MS = 30_000;

export function metadata(situation: Situation): Verdict {
  const { world } = situation;
  const effects: Write[] = [];
  const names: string[] = [];
  for (const set of world.replicaSets) {
    const writes = writesFor(situation, set);
    effects.push(...writes);
    if (writes.length > 0) names.push(set.metadata.name);
  }
  if (effects.length > 0) {
    const why = `updating labels and annotations of the pods of ${names.join(", ")}`;
    return { effects, then: "settle", why };
  }
  if (completionOf(situation) !== undefined && awaitsMetadata(situation)) {
    const why = "waiting for the labels and annotations of the pods that become stable";
    return { then: "settle", why };
  }
  // Once they have been listed, the answer itself wakes the Rollout.
  const isWaiting = world.pods === undefined && !world.arePodsPending &&
    world.replicaSets.some((set) => !isInjected(set, wantedFor(situation, set)));
  return isWaiting ? { ...CONTINUE, retryAtMs: world.nowMs + AGAIN_MS } : CONTINUE;
}

/** True while pods of the set that becomes stable can be given its metadata, and lack it. */
export function awaitsMetadata(situation: Situation): boolean {
  const { sets: { next }, world } = situation;
  if (next === undefined || isInjected(next, wantedFor(situation, next))) return false;
  // Pods that nobody may list hold nothing up.
  return world.pods !== undefined || world.arePodsPending || writesFor(situation, next).length > 0;
}

function wantedFor(situation: Situation, set: ReplicaSet) {
  return metadataFor(situation.world.rollout, partOf(situation, set));
}

function writesFor(situation: Situation, set: ReplicaSet): Write[] {
  const { world, sets } = situation;
  const wanted = wantedFor(situation, set);
  if (isInjected(set, wanted)) return [];
  const base = set === sets.next ? world.rollout.spec.template?.metadata : undefined;
  const aim = { wanted, set, base };
  const template = metadataPatch(set.spec.template.metadata ?? {}, aim);
  const note = { [EPHEMERAL_METADATA_ANNOTATION]: injectionText(wanted) ?? null };
  if (wantedPods(set) === 0) return [patchSet(set, { annotations: note, spec: specOf(template) })];
  if (template !== undefined) return [patchSet(set, { spec: specOf(template) })];
  const { observedGeneration = 0 } = set.status ?? {};
  // Until the ReplicaSet controller saw the new template it may create pods of the former one.
  if (world.pods === undefined || observedGeneration < (set.metadata.generation ?? 0)) return [];
  const pods = livingPods(world.pods, set).flatMap((pod): Write[] => {
    const patch = metadataPatch(pod.metadata, aim);
    if (patch === undefined) return [];
    return [{
      kind: "write",
      verb: "patch",
      type: PODS,
      ref: refOf(pod),
      patch: { type: "merge", body: { metadata: patch } },
      // Pods that come later have it from their set.
      isOptional: true,
    }];
  });
  return [...pods, patchSet(set, { annotations: note })];
}

function specOf(metadata: unknown) {
  return metadata === undefined ? undefined : { template: { metadata } };
}
