import assert from "node:assert/strict";
import type { PatchWrite } from "../../../sdk/wire/write.ts";
import type { RolloutWorld } from "../../../core/rollout/mod.ts";
import { adopt, type ReplicaSet } from "../../../core/sets/mod.ts";
import { writesIn } from "../rollout/verdict_text.ts";
import { deepFreeze, type SetShape, worldOf, type WorldShape } from "../rollout/world.ts";

const OWNER = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  name: "web",
  uid: "rollout-uid",
  controller: true,
  blockOwnerDeletion: true,
};
const OTHER = { apiVersion: "v1", kind: "ConfigMap", name: "notes", uid: "notes-uid" };

/** A world with sets that wait to be taken in or let go; its own set is "own". */
function worldWith(
  { orphans = [], strays = [], isConfirmed = true, ...shape }: WorldShape & {
    orphans?: SetShape[];
    strays?: SetShape[];
    isConfirmed?: boolean;
  },
): RolloutWorld {
  const world = worldOf({ next: { hash: "own", size: 5 }, ...shape });
  const made = (shapes: SetShape[]) =>
    worldOf({ past: shapes, next: undefined, templateHash: "none" }).replicaSets as ReplicaSet[];
  return deepFreeze({ ...world, orphans: made(orphans), strays: made(strays), isConfirmed });
}

function bodies(world: RolloutWorld): Record<string, unknown> {
  return Object.fromEntries(
    writesIn({ effects: adopt(world.rollout, world)?.effects ?? [] }).map((write) => {
      const { ref, patch, decidedOn } = write as PatchWrite;
      return [ref.name, { decidedOn, ...patch.body as object }];
    }),
  );
}

Deno.test("an orphan gets its Rollout as controller, on the version and uid that were seen", () => {
  const world = worldWith({ orphans: [{ hash: "aaa", size: 5 }] });
  assert.deepEqual(bodies(world), {
    "web-aaa": {
      decidedOn: "200",
      metadata: { uid: "aaa-uid", ownerReferences: [OWNER] },
    },
  });
});

Deno.test("other owners stay, and an earlier reference to the Rollout is not doubled", () => {
  const { controller: _, ...former } = OWNER;
  const metadata = { ownerReferences: [OTHER, former] };
  const world = worldWith({ orphans: [{ hash: "aaa", size: 5, metadata }] });
  assert.deepEqual(bodies(world), {
    "web-aaa": {
      decidedOn: "200",
      metadata: { uid: "aaa-uid", ownerReferences: [OTHER, OWNER] },
    },
  });
});

Deno.test("a stray loses the reference to its Rollout, and no other; its pods are not touched", () => {
  const world = worldWith({
    strays: [
      { hash: "aaa", size: 5, metadata: { ownerReferences: [OWNER] } },
      { hash: "bbb", size: 5, metadata: { ownerReferences: [OTHER, OWNER] } },
    ],
    isConfirmed: false,
  });
  assert.deepEqual(bodies(world), {
    "web-aaa": { decidedOn: "200", metadata: { uid: "aaa-uid", ownerReferences: null } },
    "web-bbb": { decidedOn: "201", metadata: { uid: "bbb-uid", ownerReferences: [OTHER] } },
  });
});
