import assert from "node:assert/strict";
import type { RolloutStatus } from "../../../sdk/api/rollout.ts";
import { findCondition } from "../../../core/api/values/conditions.ts";
import { conditionsOf } from "../../../core/rollout/conditions.ts";
import { countPods } from "../../../core/rollout/counts.ts";
import { withState } from "../../../core/rollout/situation.ts";
import { situationOf } from "../../../core/rollout/situation_of.ts";
import type { UpdateState } from "../../../core/rollout/update_state.ts";
import {
  AT_PAUSE,
  check,
  EARLIER,
  LONG_AGO,
  NEXT,
  settled,
  STABLE,
  updating,
  was,
} from "./condition_table.ts";
import { NOON, worldOf, type WorldShape } from "./world.ts";

const DONE = 'True NewReplicaSetAvailable: ReplicaSet "web-aaa" has successfully progressed.';
const UPDATED = 'True ReplicaSetUpdated: ReplicaSet "web-bbb" is progressing.';
const PAUSED = "Unknown RolloutPaused: Rollout is paused";
const ABORTED = "False RolloutAborted: Rollout aborted update to revision 2";
const TIMED_OUT = 'False ProgressDeadlineExceeded: ReplicaSet "web-bbb" has timed out progressing.';

const at = (text: string, time = EARLIER) => ({ conditions: [was("Progressing", text, time)] });

Deno.test("Progressing says what is going on: the first of these that is true", () => {
  check("Progressing", [
    {
      name: "aborted",
      world: updating({ ...at(UPDATED), abort: true }),
      is: `${ABORTED} [now now]`,
    },
    {
      name: "still aborted, whatever pods do",
      world: updating({ ...at(ABORTED), abort: true, abortedAt: EARLIER, updatedReplicas: 3 }),
      is: `${ABORTED} [kept kept]`,
    },
    { name: "healthy", world: settled(at(UPDATED)), is: `${DONE} [now kept]` },
    { name: "still healthy", world: settled(at(DONE)), is: `${DONE} [kept kept]` },
    {
      name: "in a pause",
      world: updating({ ...at(UPDATED), ...AT_PAUSE }),
      is: `${PAUSED} [now now]`,
    },
    {
      name: "still in it",
      world: updating({ ...at(PAUSED), ...AT_PAUSE }),
      is: `${PAUSED} [kept kept]`,
    },
    {
      name: "paused when all was done: that stays said",
      world: settled(at(DONE), { spec: { paused: true } }),
      is: `${DONE} [kept kept]`,
    },
    {
      name: "paused, and back to stable after an abort: what was aborted is gone",
      world: settled(at(ABORTED), { spec: { paused: true } }),
      is: "Unknown RolloutRetry: Retrying Rollout after abort [now now]",
    },
    {
      name: "tried again",
      world: updating(at(ABORTED)),
      is: "Unknown RolloutRetry: Retrying Rollout after abort [now now]",
    },
    {
      name: "no longer paused",
      world: updating(at(PAUSED)),
      is: "Unknown RolloutResumed: Rollout is resumed [now kept]",
    },
    {
      name: "what was healthy has lost a pod",
      world: settled(
        { conditions: [was("Progressing", DONE), was("Healthy", "True RolloutHealthy")] },
        { next: { hash: "aaa", size: 5, available: 4 } },
      ),
      is: "True ReplicaSetNotAvailable: Rollout does not have minimum availability [now kept]",
    },
  ]);
});

Deno.test("Progressing counts the time without progress, where progress is to be expected", () => {
  const waiting: WorldShape = { next: { ...NEXT, available: 0 } };
  const fewer = { availableReplicas: 4, readyReplicas: 4 };
  check("Progressing", [
    { name: "nothing was said yet", world: updating(), is: `${UPDATED} [now now]` },
    {
      name: "there is no set yet",
      world: worldOf({ templateHash: "bbb", stable: STABLE, status: { currentPodHash: "aaa" } }),
      is: 'True ReplicaSetUpdated: Rollout "web" is progressing. [now now]',
    },
    { name: "nothing new", world: updating(at(UPDATED)), is: `${UPDATED} [kept kept]` },
    {
      name: "nothing new, long after the deadline",
      world: updating({ ...at(UPDATED, LONG_AGO), ...fewer }, waiting),
      is: `${TIMED_OUT} [now now]`,
    },
    {
      name: "it stays so",
      world: updating({ ...at(TIMED_OUT, LONG_AGO), ...fewer }, waiting),
      is: `${TIMED_OUT} [kept kept]`,
    },
    {
      name: "until something moves",
      world: updating({ ...at(TIMED_OUT, LONG_AGO), ...fewer }),
      is: `${UPDATED} [now now]`,
    },
    {
      name: "a pause has no deadline",
      world: updating({ ...at(PAUSED, LONG_AGO), ...AT_PAUSE }),
      is: `${PAUSED} [kept kept]`,
    },
    {
      name: "nor has entering one",
      world: updating({ ...at(UPDATED, LONG_AGO), currentStepIndex: 1 }),
      is: `${UPDATED} [kept kept]`,
    },
  ]);
});

Deno.test("Progressing's time is refreshed by every progress, and by nothing else", () => {
  const conditions = [was("Progressing", UPDATED)];
  const moved = (name: string, status: RolloutStatus) => ({
    name,
    world: updating({ conditions, ...status }),
    is: `${UPDATED} [now kept]`,
  });
  const unmoved = (name: string, status: RolloutStatus) => ({
    name,
    world: updating({ conditions, ...status }),
    is: `${UPDATED} [kept kept]`,
  });
  check("Progressing", [
    moved("more pods of the new template", { updatedReplicas: 0, replicas: 4 }),
    moved("fewer of it", { updatedReplicas: 2, replicas: 6 }),
    moved("fewer old ones", { replicas: 6 }),
    moved("more ready", { readyReplicas: 4 }),
    moved("more available", { availableReplicas: 4 }),
    unmoved("the same", {}),
    unmoved("more old ones", { replicas: 4 }),
    unmoved("fewer ready", { readyReplicas: 6 }),
    unmoved("fewer available", { availableReplicas: 6 }),
  ]);
});

Deno.test("what a stage decides about the update is progress too", () => {
  const situation = situationOf(updating({ conditions: [was("Progressing", UPDATED)] }));
  const rows: Partial<UpdateState>[] = [
    { stepIndex: 2 },
    { stepHash: "other" },
    { stableHash: "other" },
    { currentHash: "other" },
  ];
  for (const decided of rows) {
    const after = conditionsOf(withState(situation, decided), countPods(situation));
    assert.equal(
      findCondition(after, "Progressing")?.lastUpdateTime,
      NOON,
      JSON.stringify(decided),
    );
  }
});
