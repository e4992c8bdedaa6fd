import assert from "node:assert/strict";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { metadata } from "../../../../core/rollout/stages/metadata.ts";
import type { RolloutWorld } from "../../../../core/rollout/mod.ts";
import { podOf, type SetShape, worldOf, type WorldShape } from "../world.ts";

const NOTE = "rollout.argoproj.io/ephemeral-metadata";
const CANARY = { labels: { role: "canary" } };
const STABLE = { labels: { role: "stable" }, annotations: { tier: "gold" } };
const PLAIN = { hash: "aaa", size: 0 };
const noted = (metadata: unknown) => ({ [NOTE]: JSON.stringify(metadata) });

/** An update in its middle; sets carry what `injected` says, pods what they are given. */
function updating(shape: WorldShape = {}): RolloutWorld {
  return worldOf({
    stable: { hash: "aaa", size: 4 },
    next: { hash: "bbb", size: 1 },
    ...shape,
    canary: { canaryMetadata: CANARY, stableMetadata: STABLE, ...shape.canary },
  });
}

/** The patches that a pass makes, by object. */
function patchesIn(world: RolloutWorld): Record<string, unknown> {
  const { effects = [] } = metadata(situationOf(world));
  return Object.fromEntries(effects.map((effect) => {
    assert.ok(effect.kind === "write" && effect.verb === "patch");
    const { metadata, spec } = effect.patch.body as {
      metadata?: Record<string, unknown>;
      spec?: { template: { metadata: unknown } };
    };
    const set = world.replicaSets.find((one) => one.metadata.name === effect.ref.name);
    assert.equal(effect.decidedOn, set?.metadata.resourceVersion, effect.ref.name);
    return [effect.ref.name, {
      ...metadata,
      ...(spec === undefined ? {} : { template: spec.template.metadata }),
    }];
  }));
}

/** A set whose template carries more labels; its annotation says what was put in. */
function carrying(
  set: SetShape,
  labels: Record<string, string>,
  note?: unknown,
): { shape: SetShape; mend: (world: RolloutWorld) => RolloutWorld } {
  const shape = { ...set, ...(note === undefined ? {} : { annotations: noted(note) }) };
  const mend = (world: RolloutWorld) => {
    const change = (one: RolloutWorld["replicaSets"][number]) => {
      if (one.metadata.name !== `web-${set.hash}`) return one;
      const { template } = one.spec;
      const own = { ...template.metadata?.labels, ...labels };
      const changed = { ...template, metadata: { ...template.metadata, labels: own } };
      return { ...one, spec: { ...one.spec, template: changed } };
    };
    const replicaSets = world.replicaSets.map(change);
    const nextSet = replicaSets.find((one) => one.metadata.name === world.nextSet?.metadata.name);
    return { ...world, replicaSets, nextSet };
  };
  return { shape, mend };
}

Deno.test("metadata() writes into templates first, so that new pods are born with it", () => {
  const { then } = metadata(situationOf(updating({ pods: [] })));
  assert.equal(then, "settle");
  assert.deepEqual(patchesIn(updating({ pods: [podOf("aaa", "a"), podOf("bbb", "b")] })), {
    "web-aaa": { template: { labels: { role: "stable" }, annotations: { tier: "gold" } } },
    "web-bbb": { template: { labels: { role: "canary" } } },
  });
});

Deno.test("metadata() then patches pods, and last notes what was done", () => {
  const { shape, mend } = carrying({ hash: "bbb", size: 2 }, { role: "canary" });
  const world = mend(updating({
    canary: { stableMetadata: {} },
    next: shape,
    pods: [
      podOf("aaa", "a"),
      podOf("bbb", "b"),
      podOf("bbb", "c", { labels: { app: "web", role: "canary" } }),
      podOf("bbb", "d", { isLeaving: true }),
    ],
  }));
  const patches = patchesIn(world);
  assert.deepEqual(patches, {
    b: { labels: { role: "canary" } },
    "web-bbb": { annotations: noted(CANARY) },
  });
  assert.deepEqual(Object.keys(patches), ["b", "web-bbb"]);
});

Deno.test("metadata() waits for the set's controller to have seen the template", () => {
  const { shape, mend } = carrying({
    hash: "bbb",
    size: 1,
    metadata: { generation: 2 },
  }, { role: "canary" });
  const world = mend(updating({
    canary: { stableMetadata: {} },
    next: shape,
    pods: [podOf("bbb", "b")],
  }));
  assert.deepEqual(metadata(situationOf(world)), { then: "continue" });
});

Deno.test("metadata() does a set without pods in one write", () => {
  const world = updating({
    stable: { hash: "aaa", size: 4, annotations: noted(STABLE) },
    next: { hash: "bbb", size: 0 },
  });
  assert.deepEqual(patchesIn(world), {
    "web-bbb": { annotations: noted(CANARY), template: { labels: { role: "canary" } } },
  });
});

Deno.test("metadata() of the stable revision replaces that of the canary once it is stable", () => {
  const { shape, mend } = carrying({ hash: "bbb", size: 5 }, { role: "canary", team: "x" }, {
    labels: { role: "canary", extra: "1" },
  });
  const world = mend(updating({
    stable: undefined as never,
    past: [{ hash: "aaa", size: 0, annotations: noted(STABLE) }],
    next: shape,
    status: { stableRS: "bbb" },
    pods: [],
  }));
  assert.deepEqual(patchesIn(world), {
    "web-aaa": { annotations: { [NOTE]: null } },
    "web-bbb": { template: { labels: { role: "stable" }, annotations: { tier: "gold" } } },
  });
});

/** An update at its end; the new set carries what the canary carries. */
function finished(next: Partial<SetShape> = {}, shape: WorldShape = {}): RolloutWorld {
  return updating({
    stable: { hash: "aaa", size: 0, annotations: noted(STABLE) },
    next: { hash: "bbb", size: 5, annotations: noted(CANARY), labels: CANARY.labels, ...next },
    ...shape,
  });
}

const AS_STABLE = { labels: { role: "stable" }, annotations: { tier: "gold" } };

Deno.test("metadata() makes the newest set's pods stable ones as soon as its update is complete", () => {
  assert.deepEqual(patchesIn(finished()), { "web-bbb": { template: AS_STABLE } });
  assert.deepEqual(patchesIn(finished({ available: 4 })), {});
  assert.deepEqual(patchesIn(finished({}, { spec: { paused: true } })), {});
  assert.deepEqual(patchesIn(finished({}, { status: { abort: true } })), {});
  assert.deepEqual(
    patchesIn(finished({}, { steps: [{ setWeight: 20 }], status: { currentStepIndex: 0 } })),
    {},
  );
});

Deno.test("metadata() of a blue-green makes pods active ones once users reach them", () => {
  const reached = (selects: string) =>
    worldOf({
      blueGreen: {
        activeService: "web",
        previewMetadata: CANARY,
        activeMetadata: { labels: { role: "active" } },
      },
      stable: { hash: "aaa", size: 5, annotations: noted({ labels: { role: "active" } }) },
      next: { hash: "bbb", size: 5, annotations: noted(CANARY), labels: CANARY.labels },
      services: { web: { selects } },
    });
  assert.deepEqual(patchesIn(reached("aaa")), {});
  assert.deepEqual(patchesIn(reached("bbb")), {
    "web-bbb": { template: { labels: { role: "active" } } },
  });
});

/** The template has changed already, its pods and the annotation have not. */
function halfWay(next: Partial<SetShape> = {}, shape: WorldShape = {}): RolloutWorld {
  const canary = { stableMetadata: { labels: { role: "stable" } } };
  return finished({ labels: { role: "stable" }, ...next }, {
    stable: { hash: "aaa", size: 0, annotations: noted({ labels: { role: "stable" } }) },
    canary,
    ...shape,
  });
}

Deno.test("metadata() lets an update end only when pods were asked for, and told", () => {
  const why = "waiting for the labels and annotations of the pods that become stable";
  const lagging = { metadata: { generation: 2 } };
  const pods = [podOf("bbb", "b", { labels: { app: "web", role: "canary" } })];
  assert.deepEqual(metadata(situationOf(halfWay({}, { arePodsPending: true }))), {
    then: "settle",
    why,
  });
  assert.deepEqual(metadata(situationOf(halfWay(lagging, { pods }))), { then: "settle", why });
  assert.deepEqual(patchesIn(halfWay({}, { pods })), {
    b: { labels: { role: "stable" } },
    "web-bbb": { annotations: noted({ labels: { role: "stable" } }) },
  });
  const unlisted = halfWay();
  assert.deepEqual(metadata(situationOf(unlisted)), {
    then: "continue",
    retryAtMs: unlisted.nowMs + 30_000,
  });
});

Deno.test("metadata() ends what it began before pods of a failing set are canaries again", () => {
  const pods = [podOf("bbb", "b"), podOf("bbb", "c", { labels: { app: "web", role: "stable" } })];
  assert.deepEqual(patchesIn(halfWay({ available: 4 }, { pods })), {
    b: { labels: { role: "stable" } },
    "web-bbb": { annotations: noted({ labels: { role: "stable" } }) },
  });
  const told = { available: 4, annotations: noted({ labels: { role: "stable" } }) };
  assert.deepEqual(patchesIn(halfWay(told, { pods })), {
    "web-bbb": { template: { labels: { role: "canary" } } },
  });
});

Deno.test("metadata() that the template has by itself does not go round in circles", () => {
  const template = { metadata: { labels: { app: "web", role: "canary" } }, spec: {} };
  const pods = [podOf("bbb", "b", { labels: { app: "web", role: "canary" } })];
  const own = (next: Partial<SetShape>) =>
    finished(next, { canary: { stableMetadata: {} }, spec: { template }, pods, stable: PLAIN });
  assert.deepEqual(patchesIn(own({ available: 4 })), {});
  assert.deepEqual(patchesIn(own({})), { "web-bbb": { annotations: { [NOTE]: null } } });
});

Deno.test("metadata() takes out only what was put in, and gives the Rollout's value back", () => {
  const { shape, mend } = carrying(
    { hash: "bbb", size: 0 },
    { app: "web", role: "canary", team: "canary-team", foreign: "kept" },
    { labels: { app: "web", role: "canary", team: "canary-team" } },
  );
  const template = { metadata: { labels: { app: "web", team: "own" } }, spec: {} };
  const world = mend(updating({
    canary: { canaryMetadata: {}, stableMetadata: {} },
    next: shape,
    spec: { template },
  }));
  assert.deepEqual(patchesIn(world), {
    "web-bbb": {
      annotations: { [NOTE]: null },
      template: { labels: { role: null, team: "own" } },
    },
  });
});

Deno.test("metadata() is done when each set carries what its part asks for", () => {
  const world = updating({
    stable: { hash: "aaa", size: 4, annotations: noted(STABLE) },
    next: { hash: "bbb", size: 1, annotations: noted({ annotations: {}, ...CANARY }) },
    past: [{ hash: "ccc", size: 0 }],
  });
  assert.deepEqual(metadata(situationOf(world)), { then: "continue" });
});

Deno.test("metadata() asks again when the pods could not be listed", () => {
  const { shape, mend } = carrying({ hash: "bbb", size: 1 }, { role: "canary" });
  const world = mend(updating({ canary: { stableMetadata: {} }, next: shape }));
  const { retryAtMs, effects } = metadata(situationOf(world));
  assert.equal(retryAtMs, world.nowMs + 30_000);
  assert.equal(effects, undefined);
});

Deno.test("metadata() takes an annotation that nobody can read for empty", () => {
  const world = updating({
    canary: { canaryMetadata: {}, stableMetadata: {} },
    next: { hash: "bbb", size: 1, annotations: { [NOTE]: "{" } },
  });
  assert.deepEqual(metadata(situationOf(world)), { then: "continue" });
});

Deno.test("metadata() leaves the labels alone by which a set finds its pods", () => {
  const selecting = { app: "other", tier: "other", "rollouts-pod-template-hash": "other" };
  const shaped = updating({
    canary: { canaryMetadata: { labels: { ...selecting, role: "canary" } }, stableMetadata: {} },
  });
  const byTier = { key: "tier", operator: "Exists" as const };
  const [stable, next] = shaped.replicaSets;
  assert.ok(stable !== undefined && next !== undefined);
  const selector = { ...next.spec.selector, matchExpressions: [byTier] };
  const nextSet = { ...next, spec: { ...next.spec, selector } };
  const world = { ...shaped, replicaSets: [stable, nextSet], nextSet };
  assert.deepEqual(patchesIn(world), { "web-bbb": { template: { labels: { role: "canary" } } } });
});

Deno.test("metadata() leaves the hash alone where the set's own selector does not ask for it", () => {
  const shaped = updating({
    canary: {
      canaryMetadata: { labels: { "rollouts-pod-template-hash": "other", role: "canary" } },
      stableMetadata: {},
    },
  });
  const [stable, next] = shaped.replicaSets;
  assert.ok(stable !== undefined && next !== undefined);
  const nextSet = { ...next, spec: { ...next.spec, selector: { matchLabels: { app: "web" } } } };
  const world = { ...shaped, replicaSets: [stable, nextSet], nextSet };
  assert.deepEqual(patchesIn(world), { "web-bbb": { template: { labels: { role: "canary" } } } });
});
