/** A full promotion ends though stable's pods are dead and a superseded revision serves. */
import assert from "node:assert/strict";
import { type Node, runToEnd, setIn, wanted } from "./node_model.ts";
import { edited, type Health } from "./cluster_model.ts";
import { worldOf } from "./world.ts";

const FIRST_IS_DEAD: Health = (hash) => hash !== "bad";

/** Another template, until nothing moves any more. */
function updated(node: Node, templateHash: string): Node {
  const next = { ...node, world: edited(node.world, { templateHash }) };
  return runToEnd(next, { health: FIRST_IS_DEAD }).node;
}

Deno.test("a full promotion ends at every limit though stable is dead and a superseded revision serves", () => {
  for (let replicas = 1; replicas <= 6; replicas++) {
    for (const maxSurge of [0, 1, "25%", "100%"]) {
      for (const maxUnavailable of [0, 1, "50%"]) {
        for (const weight of [1, 50, 100]) {
          const place = JSON.stringify({ replicas, maxSurge, maxUnavailable, weight });
          const world = worldOf({
            templateHash: "bad",
            generation: 1,
            replicas,
            steps: [{ setWeight: weight }, { pause: {} }],
            canary: { maxSurge, maxUnavailable },
            status: {
              observedGeneration: "0",
              stableRS: "",
              currentPodHash: "",
              currentStepHash: "",
            },
          });
          const start: Node = { world, placed: {}, places: 1000 };
          const first = runToEnd(start, { health: FIRST_IS_DEAD }).node;
          const third = updated(updated(first, "second"), "third");
          const full = edited(third.world, { status: { promoteFull: true } });
          const { world: end } =
            runToEnd({ ...third, world: full }, { health: FIRST_IS_DEAD }).node;
          const sizes = ["bad", "second", "third"].map((hash) => wanted(setIn(end, hash)));
          assert.deepEqual(sizes, [0, 0, replicas], place);
          assert.equal(end.rollout.status?.phase, "Healthy", place);
        }
      }
    }
  }
});
