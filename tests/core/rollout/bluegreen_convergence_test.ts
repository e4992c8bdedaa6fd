import assert from "node:assert/strict";
import fc from "fast-check";
import type { BlueGreenStrategy } from "../../../sdk/api/rollout.ts";
import type { RolloutWorld } from "../../../core/rollout/mod.ts";
import { hashOf, type ReplicaSet } from "../../../core/sets/mod.ts";
import { selectedHash } from "../../../core/rollout/service.ts";
import {
  afterPass,
  edited,
  type Health,
  later,
  type Pass,
  runPass,
  runUntilSettled,
  withPods,
} from "./cluster_model.ts";
import { assertVersioned, writesIn } from "./verdict_text.ts";
import { deepFreeze, worldOf } from "./world.ts";

const TEMPLATES = ["aaa", "bbb", "ccc", "bad"] as const;
/** Pods of one template never serve. */
const HEALTH: Health = (hash) => hash !== "bad";

/** Another number can be given after `--`. */
const CASES = Number(Deno.args[0] ?? 500);

type Command =
  | { do: "template"; hash: string }
  | { do: "promote" | "promoteFull" | "abort" | "retry" | "pause" | "unpause" }
  /** Somebody makes the active Service anew. */
  | { do: "replaceService" }
  | { do: "scale"; replicas: number }
  | { do: "wait"; seconds: number };

/** A command, and the passes before the next one; so many that all settles, if undefined. */
type Entry = Command & { passes?: number };

const wanted = (set: ReplicaSet | undefined) => set === undefined ? 0 : set.spec.replicas ?? 1;
const available = (set: ReplicaSet | undefined) => set?.status?.availableReplicas ?? 0;
const active = (world: RolloutWorld) => selectedHash(world.services.get("web"));
const setIn = (world: RolloutWorld, hash: string) =>
  world.replicaSets.find((set) => hashOf(set) === hash);

/** The safety rules for a blue-green, said once more from their text. */
function judge(pass: Pass): void {
  const before = pass.world;
  const after = afterPass(pass);
  assertVersioned(before, pass.decision.effects);
  const touched = writesIn(pass.decision).map(({ type, ref }) => `${type.kind} ${ref.name}`);
  assert.deepEqual(touched, [...new Set(touched)], "an object is written twice in one pass");
  const { replicas = 1 } = before.rollout.spec;
  const users = setIn(before, active(before));
  const left = Math.min(wanted(setIn(after, active(before))), available(users));
  assert.ok(left >= Math.min(wanted(users), available(users), replicas), "users lose pods");
  const isWhole = (set: ReplicaSet | undefined) => available(set) >= replicas;
  const isMoved = active(after) !== active(before);
  if (isMoved && users !== undefined && isWhole(users)) {
    assert.ok(isWhole(setIn(before, active(after))), "users are moved to fewer pods");
  }
  const isEmptied = wanted(users) > 0 && wanted(setIn(after, active(before))) === 0;
  if (isEmptied && !isMoved) {
    const others = before.replicaSets.filter((set) => set !== users && available(set) > 0);
    assert.deepEqual(others.map(hashOf), [], "users are left without pods");
  }
  for (const set of after.replicaSets) {
    const former = setIn(before, hashOf(set));
    if (wanted(set) <= wanted(former)) continue;
    const grows = [before.rollout.status?.stableRS, before.templateHash].includes(hashOf(set));
    assert.ok(grows, `${hashOf(set)} grows, and is neither stable nor the newest`);
    assert.ok(wanted(set) <= replicas, "more pods than wanted");
  }
}

/** After a command no Service goes to and fro, and no size unless stable is to have another. */
function assertOneWay(passes: readonly Pass[], { isScaled }: { isScaled: boolean }): void {
  const worlds = passes.length === 0 ? [] : [passes[0]!.world, ...passes.map(afterPass)];
  const trail = worlds.map(active).filter((hash, index, all) => hash !== all[index - 1]);
  assert.equal(new Set(trail).size, trail.length, `active Service: ${trail}`);
  if (isScaled) return;
  for (const hash of TEMPLATES) {
    const sizes = worlds.map((world) => wanted(setIn(world, hash)));
    const ways = sizes.slice(1).map((size, index) => Math.sign(size - sizes[index]!));
    assert.ok(new Set(ways.filter((way) => way !== 0)).size <= 1, `${hash}: ${sizes}`);
  }
}

function carryOut(world: RolloutWorld, command: Command): RolloutWorld {
  const { status = {} } = world.rollout;
  switch (command.do) {
    case "template":
      return edited(world, { templateHash: command.hash });
    case "promote":
      return edited(world, { spec: { paused: false }, status: { pauseConditions: undefined } });
    case "promoteFull": {
      const isDone = status.currentPodHash === status.stableRS;
      return edited(world, {
        spec: { paused: false },
        status: isDone ? {} : { promoteFull: true },
      });
    }
    case "abort":
      return edited(world, { status: { abort: true } });
    case "retry":
      return edited(world, { status: { abort: undefined } });
    case "pause":
      return edited(world, { spec: { paused: true } });
    case "unpause":
      return edited(world, { spec: { paused: false } });
    case "scale":
      return edited(world, { spec: { replicas: command.replicas } });
    case "replaceService": {
      const services = new Map(world.services);
      services.set("web", {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "web", namespace: "shop", resourceVersion: "1" },
        spec: { selector: { app: "web" } },
      });
      return deepFreeze({ ...world, services });
    }
    case "wait":
      return later(world, command.seconds);
  }
}

/** The world, and what the controller may not forget of what happened before. */
interface State {
  readonly world: RolloutWorld;
  /** The revision that a person has let through. */
  readonly approved?: string | undefined;
  /** Users were once with the stable revision. */
  readonly hasServed?: boolean;
}

function command(state: State, done: Command): State {
  const { status = {} } = state.world.rollout;
  const isAnswer = done.do === "promoteFull" ||
    (done.do === "promote" && status.controllerPause === true);
  const approved = isAnswer ? status.currentPodHash : state.approved;
  return { ...state, world: carryOut(state.world, done), approved };
}

/** A pass that sees another template, or an abort, takes an approval back. */
function remember({ hasServed = false, approved, ...state }: State, pass: Pass): State {
  const after = afterPass(pass);
  const { currentPodHash, abortedAt, stableRS } = after.rollout.status ?? {};
  const isStill = currentPodHash === approved && abortedAt === undefined;
  return {
    ...state,
    approved: isStill ? approved : undefined,
    hasServed: hasServed || active(after) === stableRS,
  };
}

/** Where a person decides, nothing else brings users to another revision than the stable one. */
function assertApproved({ hasServed = false, approved }: State, pass: Pass): void {
  const before = pass.world;
  const { status = {}, spec } = before.rollout;
  if (spec.strategy?.blueGreen?.autoPromotionEnabled !== false || !hasServed) return;
  const after = afterPass(pass);
  const { stableRS = "" } = after.rollout.status ?? {};
  if (stableRS !== status.stableRS) assert.equal(stableRS, active(before), "stable without users");
  const now = active(after);
  if (now === active(before) || now === status.stableRS) return;
  const isBackInDelay = setIn(before, now)?.metadata.annotations?.["scale-down-deadline"];
  if (isBackInDelay !== undefined) return;
  assert.equal(now, approved, `users are moved to ${now}, and nobody approved it`);
}

function play(start: State, { passes: count, ...done }: Entry): State {
  const begun = command(start, done);
  const passes: Pass[] = [];
  let world = begun.world;
  if (count === undefined) {
    const run = runUntilSettled(world, { health: HEALTH });
    passes.push(...run.passes);
    world = run.world;
  }
  for (let index = 0; index < (count ?? 0); index++) {
    const pass = runPass(world);
    passes.push(pass);
    world = withPods(afterPass(pass), HEALTH);
  }
  let state = begun;
  for (const pass of passes) {
    judge(pass);
    assertApproved(state, pass);
    state = remember(state, pass);
  }
  const { spec, status } = begun.world.rollout;
  const isScaled = wanted(setIn(begun.world, status?.stableRS ?? "")) !== spec.replicas;
  assertOneWay(passes, { isScaled });
  return { ...state, world };
}

const settled = (state: State, ...commands: Command[]) =>
  commands.reduce((before, command) => play(before, command), state);

const STRATEGY: fc.Arbitrary<Partial<BlueGreenStrategy>> = fc.record({
  previewService: fc.constant("next"),
  autoPromotionEnabled: fc.boolean(),
  autoPromotionSeconds: fc.constantFrom(0, 20),
  previewReplicaCount: fc.constantFrom(0, 1, 3, 9),
  scaleDownDelaySeconds: fc.constantFrom(0, 30, 100),
  scaleDownDelayRevisionLimit: fc.constantFrom(0, 1, 5),
  abortScaleDownDelaySeconds: fc.constantFrom(0, 10, 100),
}, { requiredKeys: [] });

const COMMAND: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constant("template" as const), hash: fc.constantFrom(...TEMPLATES) }),
  fc.record({
    do: fc.constantFrom("promote", "promoteFull", "abort", "retry") as fc.Arbitrary<"promote">,
  }),
  fc.record({ do: fc.constantFrom("pause", "unpause") as fc.Arbitrary<"pause"> }),
  fc.record({ do: fc.constant("replaceService" as const) }),
  fc.record({ do: fc.constant("scale" as const), replicas: fc.constantFrom(0, 1, 2, 4, 6) }),
  fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 15, 40, 120) }),
);

const SCRIPT: fc.Arbitrary<Entry[]> = fc.array(
  fc.tuple(COMMAND, fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined })).map(
    ([command, passes]) => passes === undefined ? command : { ...command, passes },
  ),
  { maxLength: 12 },
);

/** A first revision: whole, or one that never gets a pod. */
function deployed(strategy: Partial<BlueGreenStrategy>, templateHash = "aaa"): State {
  const fresh = { isManaged: false };
  const start = worldOf({
    replicas: 4,
    blueGreen: { activeService: "web", ...strategy },
    services: { web: fresh, ...(strategy.previewService === undefined ? {} : { next: fresh }) },
    templateHash,
    generation: 1,
    status: { observedGeneration: "0", stableRS: "", currentPodHash: "" },
  });
  return settled({ world: start }, { do: "wait", seconds: 0 });
}

function assertHealthy(world: RolloutWorld, hash: string): void {
  const { status } = world.rollout;
  assert.equal(status?.phase, "Healthy", status?.message ?? "");
  assert.equal(status?.stableRS, hash);
  assert.equal(active(world), hash);
  const preview = world.services.get("next");
  if (preview !== undefined) assert.equal(selectedHash(preview), hash);
  for (const set of world.replicaSets) {
    assert.equal(wanted(set), hashOf(set) === hash ? 4 : 0, hashOf(set));
  }
}

Deno.test("whatever is done to a blue-green: users keep their pods, all settles, nothing goes to and fro", () => {
  fc.assert(
    fc.property(STRATEGY, fc.constantFrom("aaa", "bad"), SCRIPT, (strategy, first, script) => {
      const state = script.reduce(play, deployed(strategy, first));
      // However it stands: a good template, promoted, comes to be all there is.
      const finished = settled(
        state,
        { do: "unpause" },
        { do: "scale", replicas: 4 },
        { do: "template", hash: "ddd" },
        { do: "promoteFull" },
        { do: "wait", seconds: 200 },
      );
      assertHealthy(finished.world, "ddd");
    }),
    { numRuns: CASES },
  );
});

/** The active Service is made anew while stable, which users were with, has no pods. */
const DEAD_STABLE: Entry[] = [
  { do: "template", hash: "bad" },
  { do: "promote" },
  { do: "scale", replicas: 0 },
  { do: "scale", replicas: 6 },
  { do: "replaceService" },
];

Deno.test("a revision that nobody approved does not take over from a stable one without pods", () => {
  const strategy = { autoPromotionEnabled: false, previewReplicaCount: 0 };
  const state = DEAD_STABLE.reduce(play, deployed(strategy));
  const waiting = settled(state, { do: "scale", replicas: 4 }, { do: "template", hash: "ddd" });
  assert.equal(waiting.world.rollout.status?.phase, "Paused");
  assert.equal(waiting.world.rollout.status?.stableRS, state.world.rollout.status?.stableRS);
  assertHealthy(settled(waiting, { do: "promote" }, { do: "wait", seconds: 200 }).world, "ddd");
});

Deno.test("a set in its delay that is aborted and tried again does not grow before it shrinks", () => {
  const strategy = { autoPromotionEnabled: false, previewReplicaCount: 0 };
  const script: Entry[] = [
    { do: "template", hash: "aaa" },
    { do: "template", hash: "bad" },
    { do: "abort" },
    { do: "scale", replicas: 6 },
    { do: "retry" },
  ];
  const { world } = script.reduce(play, deployed(strategy, "bad"));
  assert.equal(wanted(setIn(world, "bad")), 0);
  assert.equal(world.rollout.status?.stableRS, "aaa");
});
