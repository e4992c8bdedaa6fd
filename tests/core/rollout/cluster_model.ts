/**
 * The smallest cluster that a Rollout can live in: carries out what passes decide, and lets pods
 * come one pass after they were wanted. What it cannot show (conflicts, watches, API rules) the
 * embedded cluster does.
 */
import type { RolloutSpec, RolloutStatus } from "../../../sdk/api/rollout.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Decision, Effect } from "../../../core/engine/mod.ts";
import { statusPatch } from "../../../core/engine/mod.ts";
import { stepHash } from "../../../core/api/hash/step_hash.ts";
import { decide, type RolloutWorld, type Service } from "../../../core/rollout/mod.ts";
import { hashOf, type ReplicaSet } from "../../../core/sets/mod.ts";
import type { PatchWrite } from "../../../sdk/wire/write.ts";
import { deepFreeze } from "./world.ts";

/** What one pass did. */
export interface Pass {
  readonly world: RolloutWorld;
  readonly decision: Decision;
  readonly isStatusWritten: boolean;
  /** Events in the order in which they are recorded. */
  readonly events: readonly string[];
}

/** Whether the pods of a set ever become available. */
export type Health = (hash: string) => boolean;

/** Runs passes until one changes nothing and no pod is on its way; fails after `limit`. */
export function runUntilSettled(
  start: RolloutWorld,
  { limit = 80, health = () => true }: { limit?: number; health?: Health } = {},
): { passes: Pass[]; world: RolloutWorld } {
  const passes: Pass[] = [];
  let world = start;
  for (let count = 0; count < limit; count++) {
    const pass = runPass(world);
    passes.push(pass);
    const written = afterPass(pass);
    const next = withPods(written, health);
    const isQuiet = pass.decision.effects.length === 0 && !pass.isStatusWritten;
    if (isQuiet && JSON.stringify(next.replicaSets) === JSON.stringify(world.replicaSets)) {
      return { passes, world };
    }
    world = next;
  }
  const last = passes.at(-1)?.decision;
  throw new Error(`Cannot settle: after ${limit} passes ${JSON.stringify(last?.effects)}`);
}

/** Decides once, and says what would be recorded. */
export function runPass(world: RolloutWorld): Pass {
  const decision = decide(world);
  const patch = statusPatch(world.rollout.status ?? {}, decision.status ?? {});
  const told = [...decision.effects.flatMap((effect) => effect.events ?? []), ...decision.events];
  return {
    world,
    decision,
    isStatusWritten: patch !== undefined,
    events: told.map(({ reason, message }) => `${reason}: ${message}`),
  };
}

/** The world after a pass's writes came true; pods have not moved yet. */
export function afterPass({ world, decision }: Pass): RolloutWorld {
  const after = decision.effects.reduce(applyEffect, world);
  const status = (decision.status ?? world.rollout.status) as RolloutStatus;
  return refound({ ...after, rollout: { ...after.rollout, status } });
}

/** The same world after a user changed something of the Rollout's spec or status. */
export function edited(
  world: RolloutWorld,
  { spec = {}, status = {}, templateHash = world.templateHash }: {
    spec?: Partial<RolloutSpec>;
    /** Undefined removes a field, as null does in a patch. */
    status?: Readonly<Record<string, unknown>>;
    templateHash?: string;
  },
): RolloutWorld {
  const { rollout } = world;
  const isSpecChanged = Object.keys(spec).length > 0 || templateHash !== world.templateHash;
  const generation = (rollout.metadata.generation ?? 0) + (isSpecChanged ? 1 : 0);
  const present = Object.entries({ ...rollout.status, ...status })
    .filter(([, value]) => value !== undefined);
  const newSpec = { ...rollout.spec, ...spec };
  return refound({
    ...world,
    templateHash,
    stepHash: newSpec.strategy?.blueGreen ? "" : stepHash(newSpec.strategy?.canary?.steps),
    rollout: {
      ...rollout,
      metadata: { ...rollout.metadata, generation },
      spec: newSpec,
      status: Object.fromEntries(present) as RolloutStatus,
    },
  });
}

/** The same world some time after. */
export function later(world: RolloutWorld, seconds: number): RolloutWorld {
  return deepFreeze({ ...world, nowMs: world.nowMs + seconds * 1000 });
}

function refound(world: RolloutWorld): RolloutWorld {
  const nextSet = world.replicaSets.find((set) => hashOf(set) === world.templateHash);
  return deepFreeze({ ...world, nextSet });
}

function applyEffect(world: RolloutWorld, effect: Effect): RolloutWorld {
  if (effect.kind !== "write") throw new Error(`Cannot carry out a ${effect.kind}`);
  if (effect.verb === "create") {
    const created = { ...effect.object, metadata: { ...effect.object.metadata } } as ReplicaSet;
    created.metadata.uid = `${created.metadata.name}-uid`;
    created.metadata.resourceVersion = "1";
    created.metadata.generation = 1;
    created.metadata.creationTimestamp = new Date(world.nowMs + world.replicaSets.length * 1000)
      .toISOString().replace(".000Z", "Z");
    return { ...world, replicaSets: [...world.replicaSets, created] };
  }
  const { name } = effect.ref;
  if (effect.verb === "delete") {
    return { ...world, replicaSets: world.replicaSets.filter((set) => set.metadata.name !== name) };
  }
  if (effect.verb === "evict") return world;
  const patch = (object: KubeObject) => versioned(object, effect);
  switch (effect.type.kind) {
    case "Rollout":
      return { ...world, rollout: patch(world.rollout) as RolloutWorld["rollout"] };
    case "Service": {
      const services = new Map(world.services);
      services.set(name, patch(services.get(name) as Service) as Service);
      return { ...world, services };
    }
    default: {
      const replicaSets = world.replicaSets.map((set) =>
        set.metadata.name === name ? patch(set) as ReplicaSet : set
      );
      return { ...world, replicaSets };
    }
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Applies a merge patch as the API server does: not to another version than the one it names. */
function versioned(object: KubeObject, { patch, decidedOn }: PatchWrite): KubeObject {
  if (decidedOn !== undefined && decidedOn !== object.metadata.resourceVersion) {
    throw new Error(`Cannot patch "${object.metadata.name}": decided on an older version`);
  }
  const patched = merge(object, patch.body) as KubeObject;
  const resourceVersion = String(Number(object.metadata.resourceVersion) + 1);
  return { ...patched, metadata: { ...patched.metadata, resourceVersion } };
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = { ...(target as JsonObject | undefined) };
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete merged[field];
    else merged[field] = merge(merged[field], value);
  }
  return merged;
}

/** Pods stay up to the wanted number; missing ones appear, and serve a pass later. */
export function withPods(world: RolloutWorld, health: Health): RolloutWorld {
  const replicaSets = world.replicaSets.map((set): ReplicaSet => {
    const wanted = set.spec.replicas ?? 1;
    const available = health(hashOf(set)) ? Math.min(wanted, set.status?.replicas ?? 0) : 0;
    return {
      ...set,
      status: {
        replicas: wanted,
        readyReplicas: available,
        availableReplicas: available,
        observedGeneration: set.metadata.generation ?? 0,
      },
    };
  });
  return refound({ ...world, replicaSets });
}
