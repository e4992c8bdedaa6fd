import assert from "node:assert/strict";
import { revision } from "../../../../core/rollout/stages/revision.ts";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { checkStage } from "../verdict_text.ts";
import { deploymentOf, worldOf } from "../world.ts";

const GENERATION = "rollout.argoproj.io/workload-generation";
const STEPS = [{ setWeight: 20 }, { pause: {} }];

Deno.test("revision() notes the workload's generation with the number of the revision", () => {
  const world = worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 5 },
    templateHash: "bbb",
    workload: deploymentOf({ generation: 4 }),
    annotations: { [GENERATION]: "3" },
    status: { stableRS: "aaa", currentPodHash: "aaa" },
  });
  checkStage(revision, [{
    name: "one write of the Rollout says both",
    world,
    verdict: {
      effects: ["create web-bbb 1", "note web revision=2 workload-generation=4"],
      state: { currentHash: "bbb", duration: { rolloutStartedAt: "2026-03-01T12:00:00Z" } },
      closingEvents: [
        "Normal ScalingReplicaSet: Scaled up ReplicaSet web-bbb (revision 2) from 0 to 1",
      ],
      then: "settle",
    },
  }]);
  const [create] = revision(situationOf(world)).effects ?? [];
  assert.ok(create?.kind === "write" && create.verb === "create");
  assert.equal(create.object.metadata.annotations?.[GENERATION], "4");
});

Deno.test("revision() takes the note of a workload that there is no more with the next update", () => {
  const world = worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 5 },
    templateHash: "bbb",
    annotations: { [GENERATION]: "3" },
    status: { stableRS: "aaa", currentPodHash: "aaa" },
  });
  const [create, note] = revision(situationOf(world)).effects ?? [];
  assert.ok(create?.kind === "write" && create.verb === "create");
  assert.equal(create.object.metadata.annotations?.[GENERATION], undefined);
  assert.ok(note?.kind === "write" && note.verb === "patch");
  const { metadata } = note.patch.body as { metadata: { annotations: Record<string, unknown> } };
  assert.equal(metadata.annotations[GENERATION], null);
});

Deno.test("revision() notes another generation of the same template and holds up nothing", () => {
  const next = { hash: "bbb", size: 5, annotations: { [GENERATION]: "1" } };
  const workload = deploymentOf({ size: 2, generation: 2 });
  checkStage(revision, [
    {
      name: "the Deployment was scaled; the set keeps the generation that it is from",
      world: worldOf({ next, workload, annotations: { [GENERATION]: "1" } }),
      verdict: { effects: ["note web workload-generation=2"], told: [], then: "continue" },
    },
    {
      name: "noted already",
      world: worldOf({ next, workload, annotations: { [GENERATION]: "2" } }),
      verdict: { then: "continue" },
    },
    {
      name: "without a workload the note of an earlier one stays",
      world: worldOf({ next, annotations: { [GENERATION]: "1" } }),
      verdict: { then: "continue" },
    },
  ]);
});
