/** S8: an abort always ends. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { BlueGreenStrategy, CanaryStrategy, IntOrString } from "../../../sdk/api/rollout.ts";
import { hashOf } from "../../../core/sets/mod.ts";
import { edited, type Health, later, runPass } from "./cluster_model.ts";
import {
  afterNodePass,
  assertSafe,
  available,
  lose,
  type Node,
  runToEnd,
  setIn,
  wanted,
} from "./node_model.ts";
import { worldOf, type WorldShape } from "./world.ts";

/** Another number can be given after `--`. */
const CASES = Number(Deno.args[0] ?? 150);

/** Pods of this template never serve. */
const BAD_IS_DEAD: Health = (hash) => hash !== "bad";
const PLENTY = 1000;

/** A first revision, as far as it comes. */
function deployed(shape: WorldShape, health: Health): Node {
  const world = worldOf({
    templateHash: "aaa",
    generation: 1,
    ...shape,
    status: { observedGeneration: "0", stableRS: "", currentPodHash: "", currentStepHash: "" },
  });
  return runToEnd({ world, placed: {}, places: PLENTY }, { health }).node;
}

const change = (node: Node, by: Parameters<typeof edited>[1]): Node => ({
  ...node,
  world: edited(node.world, by),
});

const ended = (node: Node, health: Health): Node => runToEnd(node, { health }).node;

/** Quirk(abort-delay-zero). */
const isKeptForEver = ({ world }: Node) =>
  world.rollout.spec.strategy?.blueGreen?.abortScaleDownDelaySeconds === 0;

/** All pods are stable's; others have none, or keep them because their delay is 0. */
function assertEnded(
  node: Node,
  { place, isDead = false }: { place: string; isDead?: boolean },
) {
  const { world } = node;
  const { spec, status } = world.rollout;
  const { replicas = 1 } = spec;
  const keepsForEver = isKeptForEver(node);
  assert.match(status?.message ?? "", /^RolloutAborted: /, place);
  const stable = setIn(world, status?.stableRS);
  assert.equal(wanted(stable), replicas, `${place}: stable's size`);
  if (!isDead) assert.equal(available(stable), replicas, `${place}: stable's available pods`);
  for (const set of world.replicaSets) {
    if (set === stable || (keepsForEver && set === world.nextSet)) continue;
    assert.equal(wanted(set), 0, `${place}: pods of ${hashOf(set)}`);
  }
}

interface Limits {
  replicas: number;
  weight: number;
  maxSurge: IntOrString;
  maxUnavailable: IntOrString;
}

function* allLimits(): Generator<Limits> {
  for (let replicas = 1; replicas <= 8; replicas++) {
    for (const maxSurge of [0, 1, "25%", "100%"]) {
      for (const maxUnavailable of [0, 1, "25%", "50%"]) {
        for (const weight of [1, 20, 50, 66, 75, 100]) {
          yield { replicas, weight, maxSurge, maxUnavailable };
        }
      }
    }
  }
}

const canaryOf = ({ replicas, weight, ...limits }: Limits): WorldShape => ({
  replicas,
  steps: [{ setWeight: weight }, { pause: {} }],
  canary: limits,
});

Deno.test("an abort ends at every limit though a superseded revision serves and the newest is dead", () => {
  let count = 0;
  for (const limits of allLimits()) {
    const place = JSON.stringify(limits);
    const first = deployed(canaryOf(limits), BAD_IS_DEAD);
    const paused = ended(change(first, { templateHash: "bbb" }), BAD_IS_DEAD);
    const dead = ended(change(paused, { templateHash: "bad" }), BAD_IS_DEAD);
    assertEnded(ended(change(dead, { status: { abort: true } }), BAD_IS_DEAD), { place });
    count++;
  }
  assert.equal(count, 768);
});

Deno.test("an abort ends at every limit though the node has no place but for stable's pods", () => {
  for (const limits of allLimits()) {
    const place = JSON.stringify(limits);
    const first = deployed(canaryOf(limits), BAD_IS_DEAD);
    const paused = ended(change(first, { templateHash: "bbb" }), BAD_IS_DEAD);
    const full = { ...paused, places: limits.replicas };
    assertEnded(ended(change(full, { status: { abort: true } }), BAD_IS_DEAD), { place });
    const poorer = lose(paused, { hash: "aaa", count: 2 });
    const stuck = ended({ ...poorer, places: limits.replicas }, BAD_IS_DEAD);
    assertEnded(ended(change(stuck, { status: { abort: true } }), BAD_IS_DEAD), { place });
  }
});

Deno.test("an abort ends though stable never had a pod: no other set keeps a dead one", () => {
  for (const limits of allLimits()) {
    const place = JSON.stringify(limits);
    const dead: Health = () => false;
    const first = deployed(canaryOf(limits), dead);
    const next = ended(change(first, { templateHash: "bbb" }), dead);
    const aborted = ended(change(next, { status: { abort: true } }), dead);
    assertEnded(aborted, { place, isDead: true });
  }
});

type Command =
  | { do: "template"; hash: string }
  | { do: "promote" | "promoteFull" | "skip" | "abort" | "retry" | "pause" | "unpause" }
  | { do: "scale"; replicas: number }
  | { do: "lose"; hash: string; count: number }
  | { do: "places"; count: number }
  | { do: "wait"; seconds: number };

/** A command, and the passes before the next one; so many that nothing moves, if undefined. */
type Entry = Command & { passes: number | undefined };

const PATCHES = {
  promote: { spec: { paused: false }, status: { pauseConditions: undefined } },
  promoteFull: { spec: { paused: false }, status: { promoteFull: true } },
  abort: { status: { abort: true } },
  retry: { status: { abort: undefined } },
  pause: { spec: { paused: true } },
  unpause: { spec: { paused: false } },
};

function carryOut(node: Node, command: Command): Node {
  const { status = {}, spec } = node.world.rollout;
  switch (command.do) {
    case "template":
      return change(node, { templateHash: command.hash });
    case "scale":
      return change(node, { spec: { replicas: command.replicas } });
    case "lose":
      return lose(node, command);
    case "places":
      return { ...node, places: command.count };
    case "wait":
      return { ...node, world: later(node.world, command.seconds) };
    case "skip": {
      const { length } = spec.strategy?.canary?.steps ?? [];
      const index = status.currentStepIndex ?? length;
      return index >= length ? node : change(node, { status: { currentStepIndex: index + 1 } });
    }
    case "promoteFull":
      // Nobody can ask for it when nothing is under way.
      if (status.currentPodHash === status.stableRS) return node;
      return change(node, PATCHES.promoteFull);
    default:
      return change(node, PATCHES[command.do]);
  }
}

function play(start: Node, entry: Entry): Node {
  let node = carryOut(start, entry);
  if (entry.passes === undefined) return ended(node, BAD_IS_DEAD);
  for (let count = 0; count < entry.passes; count++) {
    const pass = runPass(node.world);
    assertSafe(pass);
    node = afterNodePass(node, pass, BAD_IS_DEAD);
  }
  return node;
}

const POSTS = fc.constantFrom<IntOrString>(0, 1, 2, "25%", "50%", "100%");
const SECONDS = fc.constantFrom(0, 10, 100);

const CANARY: fc.Arbitrary<CanaryStrategy> = fc.record({
  maxSurge: POSTS,
  maxUnavailable: POSTS,
  stableService: fc.constant("web"),
  canaryService: fc.constant("next"),
  steps: fc.array(
    fc.oneof(
      fc.record({ setWeight: fc.constantFrom(0, 1, 20, 50, 75, 100) }),
      fc.constant({ pause: {} }),
    ),
    { minLength: 1, maxLength: 4 },
  ),
}, { requiredKeys: ["steps"] });

const BLUE_GREEN: fc.Arbitrary<BlueGreenStrategy> = fc.record({
  activeService: fc.constant("web"),
  previewService: fc.constant("next"),
  autoPromotionEnabled: fc.boolean(),
  previewReplicaCount: fc.constantFrom(0, 1, 3),
  scaleDownDelaySeconds: SECONDS,
  abortScaleDownDelaySeconds: SECONDS,
}, { requiredKeys: ["activeService"] });

const SHAPE: fc.Arbitrary<WorldShape> = fc.tuple(
  fc.oneof(
    CANARY.map(({ steps, ...canary }): WorldShape => ({ canary, steps: steps ?? [] })),
    BLUE_GREEN.map((blueGreen): WorldShape => ({ blueGreen })),
  ),
  fc.record({
    replicas: fc.integer({ min: 1, max: 8 }),
    templateHash: fc.constantFrom("aaa", "bad"),
    spec: fc.constantFrom({}, { progressDeadlineAbort: true }, { progressDeadlineSeconds: 30 }),
  }),
).map(([strategy, rest]) => {
  const named = Object.values(strategy.canary ?? strategy.blueGreen ?? {})
    .filter((value) => value === "web" || value === "next") as string[];
  const services = Object.fromEntries(named.map((name) => [name, { isManaged: false }]));
  return { ...strategy, ...rest, services };
});

const TEMPLATE = fc.record({
  do: fc.constant("template" as const),
  hash: fc.constantFrom("aaa", "bbb", "ccc", "bad"),
});

const COMMAND: fc.Arbitrary<Command> = fc.oneof(
  TEMPLATE,
  fc.record({
    do: fc.constantFrom("promote", "promoteFull", "skip", "abort", "retry", "pause", "unpause"),
  }) as fc.Arbitrary<Command>,
  fc.record({ do: fc.constant("scale" as const), replicas: fc.constantFrom(0, 1, 2, 4, 6) }),
  fc.record({
    do: fc.constant("lose" as const),
    hash: fc.constantFrom("aaa", "bbb", "ccc"),
    count: fc.constantFrom(1, 2, 9),
  }),
  fc.record({ do: fc.constant("places" as const), count: fc.constantFrom(0, 3, 6, PLENTY) }),
  fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 20, 700) }),
);

const PASSES = fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined });
const SCRIPT: fc.Arbitrary<Entry[]> = fc.array(
  fc.tuple(COMMAND, PASSES).map(([command, passes]) => ({ ...command, passes })),
  { maxLength: 10 },
);

Deno.test("scaled to 0 in mid-update, users' Service does not move to a set that goes as well", () => {
  const shape: WorldShape = {
    replicas: 1,
    templateHash: "aaa",
    steps: [{ setWeight: 50 }],
    canary: { stableService: "web" },
    services: { web: { isManaged: false } },
  };
  const script: Entry[] = [
    { do: "template", hash: "bad", passes: undefined },
    { do: "scale", replicas: 4, passes: undefined },
    { do: "template", hash: "bbb", passes: 1 },
    { do: "scale", replicas: 0, passes: undefined },
  ];
  const { world } = script.reduce(play, deployed(shape, BAD_IS_DEAD));
  assert.deepEqual(world.replicaSets.map((set) => set.spec.replicas), [0, 0, 0]);
});

Deno.test("an abort ends from wherever a Rollout was brought, safely, and then nothing wakes it", () => {
  let count = 0;
  fc.assert(
    fc.property(SHAPE, SCRIPT, fc.nat(3), (shape, script, spare) => {
      const played = script.reduce(play, deployed(shape, BAD_IS_DEAD));
      // A template that no pass has seen yet begins an update, aborted before or not.
      const seen = play(played, { do: "wait", seconds: 0, passes: 1 });
      const { currentPodHash, stableRS } = seen.world.rollout.status ?? {};
      const node = currentPodHash === stableRS
        ? play(seen, { do: "template", hash: "ddd", passes: 1 + spare })
        : seen;
      const { replicas = 1 } = node.world.rollout.spec;
      // Without further faults: whatever is dead stays so, and stable has places.
      const kept = isKeptForEver(node) ? wanted(node.world.nextSet) : 0;
      const places = Math.max(replicas, Math.min(node.places, replicas + spare)) + kept;
      const enough = { ...node, places };
      const aborted = ended(change(enough, { status: { abort: true } }), BAD_IS_DEAD);
      const { status } = aborted.world.rollout;
      if (status?.currentPodHash === status?.stableRS) return;
      count++;
      if (status?.stableRS === "bad") return;
      assertEnded(aborted, { place: "" });
    }),
    { numRuns: CASES },
  );
  assert.ok(count > CASES / 2, `${count} aborts`);
});
