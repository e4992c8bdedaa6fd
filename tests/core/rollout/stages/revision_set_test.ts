import assert from "node:assert/strict";
import { revision } from "../../../../core/rollout/stages/revision.ts";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { worldOf, type WorldShape } from "../world.ts";

const STEPS = [{ setWeight: 20 }, { pause: {} }];

Deno.test("revision() copies what people annotate to the set, and waits for the write", () => {
  const next = { hash: "bbb", size: 5, annotations: { team: "old", kept: "yes" } };
  const settled: Row = {
    name: "nothing differs",
    world: worldOf({ next, annotations: { team: "old" } }),
    verdict: { then: "continue" },
  };
  checkStage(revision, [
    settled,
    {
      name: "added and changed, never removed",
      world: worldOf({ next, annotations: { team: "new", owner: "me" } }),
      verdict: { effects: ["note web-bbb owner=me team=new"], then: "settle" },
    },
    {
      name: "not what belongs to kubectl, to revisions or to notifications",
      world: worldOf({
        next,
        annotations: {
          "kubectl.kubernetes.io/last-applied-configuration": "{}",
          "rollout.argoproj.io/revision-history": "7",
          "rollout.argoproj.io/desired-replicas": "7",
          "notified.notifications.argoproj.io": "{}",
        },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "minReadySeconds too",
      world: worldOf({ next, spec: { minReadySeconds: 10 } }),
      verdict: { effects: ["note web-bbb minReadySeconds=10"], then: "settle" },
    },
    {
      name: "minReadySeconds taken back",
      world: worldOf({ next: { ...next, minReadySeconds: 10 } }),
      verdict: { effects: ["note web-bbb minReadySeconds=0"], then: "settle" },
    },
    {
      name: "the Rollout's own number alone does not hold up the pass",
      world: worldOf({ next, annotations: { "rollout.argoproj.io/revision": "0" } }),
      verdict: { effects: ["note web revision=1"], then: "continue" },
    },
  ]);
});

Deno.test("a new set is named, labelled, owned and annotated as Argo's", () => {
  const world = worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 5 },
    templateHash: "bbb",
    status: { stableRS: "aaa", currentPodHash: "aaa" },
    annotations: {
      team: "shop",
      "kubectl.kubernetes.io/last-applied-configuration": "{}",
      "rollout.argoproj.io/revision": "1",
    },
    spec: { minReadySeconds: 7 },
  });
  const [create, note] = revision(situationOf(world)).effects ?? [];
  assert.ok(create?.kind === "write" && create.verb === "create");
  const labels = { app: "web", "rollouts-pod-template-hash": "bbb" };
  assert.deepEqual(create.object, {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: "web-bbb",
      namespace: "shop",
      labels,
      annotations: {
        team: "shop",
        "rollout.argoproj.io/desired-replicas": "5",
        "rollout.argoproj.io/revision": "2",
      },
      ownerReferences: [{
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Rollout",
        name: "web",
        uid: "rollout-uid",
        controller: true,
        blockOwnerDeletion: true,
      }],
    },
    spec: {
      replicas: 1,
      minReadySeconds: 7,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: "web:bbb" }] },
      },
    },
  });
  assert.deepEqual(note?.events?.map(({ reason, message }) => `${reason}: ${message}`), [
    "RolloutUpdated: Rollout updated to revision 2",
    "NewReplicaSetCreated: Created ReplicaSet web-bbb (revision 2)",
  ]);
  assert.deepEqual(create.events, []);
});

Deno.test("an existing set's new number is told once, with the Rollout's", () => {
  const world = worldOf({
    steps: STEPS,
    stable: { hash: "aaa", size: 4, revision: 1 },
    next: { hash: "bbb", size: 0, revision: 2 },
    past: [{ hash: "ccc", size: 1, revision: 3 }],
    status: { currentPodHash: "ccc", currentStepIndex: 1 },
  });
  const effects = revision(situationOf(world)).effects ?? [];
  const events = effects.flatMap((effect) => effect.events ?? []).map(({ message }) => message);
  assert.deepEqual(events, ["Rollout updated to revision 4"]);
  const [onSet] = effects;
  assert.ok(onSet?.kind === "write" && onSet.verb === "patch");
  assert.equal(onSet.decidedOn, world.nextSet?.metadata.resourceVersion);
});

Deno.test("the newest set keeps away from the stable one's nodes as long as there is another", () => {
  const canary = { antiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } };
  const affinityIn = (shape: WorldShape) => {
    const { effects = [] } = revision(situationOf(worldOf({ ...shape, canary })));
    return effects.map((effect) => {
      assert.ok(effect.kind === "write" && effect.verb === "patch");
      const { spec } = effect.patch.body as {
        spec: { template: { spec: { affinity: unknown } } };
      };
      assert.ok(effect.decidedOn);
      return JSON.stringify(spec.template.spec.affinity);
    });
  };
  const [term] = affinityIn({ stable: { hash: "aaa", size: 4 }, next: { hash: "bbb", size: 1 } });
  assert.match(term ?? "", /^{"podAntiAffinity":{"required.*"operator":"In","values":\["aaa"\]/);
  assert.deepEqual(affinityIn({ next: { hash: "bbb", size: 5 } }), []);
});

Deno.test("a new update counts as restarted when its restart is due, and not when it is to come", () => {
  const restartedAt = (restartAt: string) => {
    const world = worldOf({
      stable: { hash: "aaa", size: 5 },
      templateHash: "bbb",
      status: { currentPodHash: "aaa" },
      spec: { restartAt },
    });
    return revision(situationOf(world)).state?.restartedAt;
  };
  assert.equal(restartedAt("2026-03-01T11:59:59Z"), "2026-03-01T11:59:59Z");
  assert.equal(restartedAt("2026-03-01T12:00:01Z"), undefined);
});

Deno.test("a revision that is no number is somebody else's: set and Rollout keep what they have", () => {
  checkStage(revision, [{
    name: "r7",
    world: worldOf({
      next: { hash: "bbb", size: 5, annotations: { "rollout.argoproj.io/revision": "r7" } },
      past: [{ hash: "aaa", size: 0, revision: 3 }],
      annotations: { "rollout.argoproj.io/revision": "r7" },
    }),
    verdict: { then: "continue" },
  }]);
});
