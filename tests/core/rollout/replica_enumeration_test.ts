/**
 * Every small canary there is: up to twelve pods, every weight, nine forms of surge and nine of
 * unavailability, driven from rest, out of the middle of another update, and through a change of
 * the number of pods. The scale decision is the real one; the pods are a model of three lines.
 */
import assert from "node:assert/strict";
import type { IntOrString } from "../../../sdk/api/rollout.ts";
import {
  type CanarySizes,
  type Fenceposts,
  fenceposts,
  nextSizes,
  type SetSize,
  splitByWeight,
} from "../../../core/rollout/replicas.ts";

const REPLICAS_MAX = 12;
const WEIGHTS = Array.from({ length: 101 }, (_, weight) => weight);
/** `all` stands for the number of pods itself. */
const FORMS: readonly (IntOrString | "all")[] = [
  0,
  1,
  2,
  3,
  "all",
  "10%",
  "25%",
  "50%",
  "100%",
];
/** How many passes a way may take: one pod more, one pod less, and one to wait, for each pod. */
const passesMax = (replicas: number): number => 3 * (replicas + 1);

/** How pods become available: all of a pass in the next one, one in each pass, or none any more. */
type Pace = "at once" | "one by one" | "never";

const COMING_MAX = { "at once": Infinity, "one by one": 1, never: 0 };

/** What the pods do between two passes: those too many go, the missing ones come at their pace. */
function podsAfter({ wanted, available }: SetSize, size: number, pace: Pace): SetSize {
  const coming = Math.min(Math.max(0, wanted - available), COMING_MAX[pace]);
  return { wanted: size, available: Math.min(size, available + coming) };
}

const NO_SET: SetSize = { wanted: 0, available: 0 };
const full = (pods: number): SetSize => ({ wanted: pods, available: pods });

/** A canary, stable, and sets of other revisions, on the way to a weight. */
interface State {
  readonly replicas: number;
  readonly posts: Fenceposts;
  readonly weight: number;
  readonly canary: SetSize;
  readonly stable: SetSize;
  readonly past: readonly SetSize[];
  /** Whether the stable Service still selects the stable set. */
  readonly isSelected: boolean;
}

function sizesOf(state: State): CanarySizes {
  const { replicas, posts, weight, canary, stable, past, isSelected } = state;
  const othersServe = canary.available > 0 || past.some(({ available }) => available > 0);
  return {
    replicas,
    fenceposts: posts,
    canary,
    stable,
    past,
    desired: splitByWeight(replicas, weight, posts.surge),
    stableFloor: isSelected && othersServe && stable.wanted > 0 ? 1 : 0,
  };
}

/** What is wrong with a pass, by the rules S6 and S7 said in the plainest way. */
function breach(
  { replicas, fenceposts: { surge, unavailable }, canary, stable, past, stableFloor }: CanarySizes,
  next: { canary: number; stable: number; past: readonly number[] },
): string | undefined {
  const sets = [canary ?? NO_SET, stable ?? NO_SET, ...past];
  const after = [next.canary, next.stable, ...next.past];
  let [serving, stillServing, wanted, wantedAfter] = [0, 0, 0, 0];
  for (const [index, set] of sets.entries()) {
    const size = after[index] ?? -1;
    if (size < 0 || !Number.isInteger(size)) return "a size that is none";
    serving += Math.min(set.wanted, set.available);
    stillServing += Math.min(size, set.available);
    wanted += set.wanted;
    wantedAfter += size;
  }
  if (wantedAfter > Math.max(wanted, replicas + surge)) return "S7: too many pods";
  if (stillServing < Math.min(serving, replicas - unavailable)) return "S7: too few pods serve";
  return next.stable < (stableFloor ?? 0) ? "S6: the selected set is emptied" : undefined;
}

/** All states from this one to rest, which is the last of them. */
function drive(start: State, pace: Pace): State[] {
  const states = [start];
  const most = passesMax(start.replicas);
  for (let now = start; states.length <= most + 1;) {
    const sizes = sizesOf(now);
    const next = nextSizes(sizes);
    const found = breach(sizes, next);
    if (found !== undefined) assert.fail(`${found}: ${JSON.stringify({ now, next })}`);
    const after: State = {
      ...now,
      canary: podsAfter(now.canary, next.canary, pace),
      stable: podsAfter(now.stable, next.stable, pace),
      past: now.past.map((set, index) => podsAfter(set, next.past[index] ?? 0, pace)),
      // The Service leaves a set that is about to have no pods once the canary has some.
      isSelected: now.isSelected && !(sizes.desired.stable === 0 && now.canary.available > 0),
    };
    if (isSame(now, after)) return states;
    states.push(after);
    now = after;
  }
  return assert.fail(`no rest after ${most} passes: ${JSON.stringify(start)}`);
}

function isSame(one: State, other: State): boolean {
  const isSameSet = (a: SetSize, b: SetSize | undefined) =>
    a.wanted === b?.wanted && a.available === b.available;
  return isSameSet(one.canary, other.canary) && isSameSet(one.stable, other.stable) &&
    one.isSelected === other.isSelected &&
    one.past.every((set, index) => isSameSet(set, other.past[index]));
}

/** The first size that a set comes back to after it had another one. */
function comesBack(states: readonly State[]): string | undefined {
  const sizesOfSet = [
    ["canary", (state: State) => state.canary.wanted],
    ["stable", (state: State) => state.stable.wanted],
    ...(states[0]?.past ?? []).map((_, index) =>
      [`past ${index}`, (state: State) => state.past[index]?.wanted ?? 0] as const
    ),
  ] as const;
  for (const [name, sizeOf] of sizesOfSet) {
    const left = new Set<number>();
    let present: number | undefined;
    for (const state of states) {
      const size = sizeOf(state);
      if (size === present) continue;
      if (left.has(size)) return `${name} comes back to ${size}`;
      if (present !== undefined) left.add(present);
      present = size;
    }
  }
  return undefined;
}

/** Drives to rest; checks that nothing went to and fro, and that it is the right rest. */
function driveAndCheck(start: State, pace: Pace): State[] {
  const states = drive(start, pace);
  const turn = comesBack(states);
  if (turn !== undefined) assert.fail(`${turn}: ${JSON.stringify(states)}`);
  const { canary, stable, past } = states.at(-1) ?? start;
  const isHoarding = past.some(({ wanted, available }) => wanted > available);
  if (isHoarding) assert.fail(`waits for pods of an old revision: ${JSON.stringify(states)}`);
  // Without new pods nobody gets to the end: it is enough to keep to the limits, and to rest.
  if (pace === "never") return states;
  const desired = splitByWeight(start.replicas, start.weight, start.posts.surge);
  const isRight = canary.wanted === desired.canary && stable.wanted === desired.stable &&
    past.every(({ wanted }) => wanted === 0);
  if (!isRight) assert.fail(`rests elsewhere: ${JSON.stringify({ states, desired })}`);
  return states;
}

/** All canaries at rest before their update: N, weight, surge and unavailability of every form. */
function* allUpdates(): Generator<{ start: State; postsFor(replicas: number): Fenceposts }> {
  const form = (value: IntOrString | "all", replicas: number) => value === "all" ? replicas : value;
  for (const surge of FORMS) {
    for (const unavailable of FORMS) {
      const postsFor = (replicas: number) =>
        fenceposts(replicas, {
          maxSurge: form(surge, replicas),
          maxUnavailable: form(unavailable, replicas),
        });
      for (let replicas = 1; replicas <= REPLICAS_MAX; replicas++) {
        const [posts, stable] = [postsFor(replicas), full(replicas)];
        for (const weight of WEIGHTS) {
          const start = { replicas, posts, weight, canary: NO_SET, stable, past: [] };
          yield { start: { ...start, isSelected: true }, postsFor };
        }
      }
    }
  }
}

/** A state that an update goes through; half way by default. */
function middleOf(states: readonly State[]): State {
  return states[states.length >> 1] as State;
}

const UPDATES = REPLICAS_MAX * WEIGHTS.length * FORMS.length ** 2;

for (const pace of ["at once", "one by one"] as const) {
  Deno.test(`pods ${pace}: from rest to every weight, on to all and back to nothing`, () => {
    let updates = 0;
    for (const { start } of allUpdates()) {
      const end = driveAndCheck(start, pace).at(-1) ?? start;
      driveAndCheck({ ...end, weight: 100 }, pace);
      driveAndCheck({ ...end, weight: 0 }, pace);
      updates++;
    }
    assert.equal(updates, UPDATES);
  });

  Deno.test(`pods ${pace}: out of the middle of an update into an abort or a newer one`, () => {
    for (const { start } of allUpdates()) {
      const middle = middleOf(drive(start, pace));
      driveAndCheck({ ...middle, weight: 0 }, pace);
      const superseded = { ...middle, canary: NO_SET, past: [middle.canary] };
      const again = driveAndCheck(superseded, pace);
      driveAndCheck({ ...superseded, weight: 100 }, pace);
      const twice = middleOf(again);
      driveAndCheck({ ...twice, canary: NO_SET, past: [twice.canary, ...twice.past] }, pace);
    }
  });

  Deno.test(`pods ${pace}: another number of pods in the middle of an update`, () => {
    for (const { start, postsFor } of allUpdates()) {
      const middle = middleOf(drive(start, pace));
      for (const replicas of [1, start.replicas - 1, start.replicas + 1, 2 * start.replicas]) {
        if (replicas === 0) continue;
        driveAndCheck({ ...middle, replicas, posts: postsFor(replicas) }, pace);
      }
    }
  });
}

Deno.test("pods that never come: inside the limits, and at rest", () => {
  for (const { start } of allUpdates()) {
    const end = driveAndCheck(start, "never").at(-1) ?? start;
    driveAndCheck({ ...end, canary: NO_SET, past: [end.canary] }, "never");
    // An abort gives all to stable, which is there.
    driveAndCheck({ ...end, weight: 0 }, "never");
  }
});
