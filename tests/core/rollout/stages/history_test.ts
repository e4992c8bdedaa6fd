import assert from "node:assert/strict";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { history } from "../../../../core/rollout/stages/history.ts";
import { checkStage } from "../verdict_text.ts";
import { type SetShape, worldOf, type WorldShape } from "../world.ts";

/** Empty old sets `r1`, `r2`, … in this order of revisions. */
function old(
  count: number,
  mend: (revision: number) => Partial<SetShape> = () => ({}),
): SetShape[] {
  return Array.from({ length: count }, (_, index) => {
    const revision = index + 1;
    return { hash: `r${revision}`, size: 0, revision, ...mend(revision) };
  });
}

function withLimit(limit: number | undefined, past: SetShape[], shape: WorldShape = {}) {
  return worldOf({
    next: { hash: "now", size: 5, revision: 50 },
    past,
    ...shape,
    spec: limit === undefined ? {} : { revisionHistoryLimit: limit },
  });
}

Deno.test("history() deletes the oldest empty sets beyond the limit", () => {
  checkStage(history, [
    { name: "as many as allowed", world: withLimit(3, old(3)), verdict: { then: "continue" } },
    {
      name: "two too many, in whatever order they come",
      world: withLimit(3, old(5).reverse()),
      verdict: {
        effects: ["delete web-r1", "delete web-r2"],
        then: "continue",
        why: "more than 3 old ReplicaSets: deleting web-r1, web-r2",
      },
    },
    {
      name: "ten are kept by default",
      world: withLimit(undefined, old(10)),
      verdict: { then: "continue" },
    },
    {
      name: "the eleventh is not",
      world: withLimit(undefined, old(11)),
      verdict: { effects: ["delete web-r1"], then: "continue" },
    },
    {
      name: "none is kept",
      world: withLimit(0, old(2)),
      verdict: { effects: ["delete web-r1", "delete web-r2"], then: "continue" },
    },
  ]);
});

Deno.test("history() spares what has pods, is not observed or is going already", () => {
  const only = (revision: number, shape: Partial<SetShape>) => (other: number) =>
    other === revision ? shape : {};
  const spared = (name: string, shape: Partial<SetShape>) => ({
    name,
    world: withLimit(1, old(3, only(1, shape))),
    verdict: { effects: ["delete web-r2"], then: "continue" as const },
  });
  checkStage(history, [
    spared("wants pods", { size: 1, present: 0 }),
    spared("has pods", { present: 1 }),
    spared("its size is not observed yet", { metadata: { generation: 2 } }),
    spared("deleted already", { metadata: { deletionTimestamp: "2026-03-01T11:59:59Z" } }),
    {
      name: "all that are too many have pods",
      world: withLimit(1, old(2, only(1, { size: 1 }))),
      verdict: { then: "continue" },
    },
  ]);
});

Deno.test("history() never counts nor deletes the present set and the stable one", () => {
  checkStage(history, [{
    name: "both empty, limit 0",
    world: withLimit(0, [], {
      replicas: 0,
      stable: { hash: "aaa", size: 0, revision: 1 },
      next: { hash: "bbb", size: 0, revision: 2 },
    }),
    verdict: { then: "continue" },
  }]);
});

Deno.test("a deletion names the very object that was looked at", () => {
  const world = withLimit(0, old(1));
  const [effect] = history(situationOf(world)).effects ?? [];
  assert.ok(effect?.kind === "write" && effect.verb === "delete");
  assert.deepEqual(effect.ref, { namespace: "shop", name: "web-r1" });
  assert.equal(effect.uid, "r1-uid");
  assert.equal(effect.resourceVersion, "200");
});
