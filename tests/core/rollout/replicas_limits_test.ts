import assert from "node:assert/strict";
import type { IntOrString } from "../../../sdk/api/rollout.ts";
import {
  type CanarySizes,
  type Fenceposts,
  fenceposts,
  nextSizes,
  type SetSize,
  type Split,
  splitByWeight,
} from "../../../core/rollout/replicas.ts";

const textOf = ({ canary, stable }: Split) => `${canary}/${stable}`;

const full = (wanted: number): SetSize => ({ wanted, available: wanted });

/** A canary and a stable set on their way to a weight. */
function sizes(
  { replicas, weight, posts, canary, stable }: {
    replicas: number;
    weight: number;
    posts: Fenceposts;
    canary: SetSize;
    stable: SetSize;
  },
): CanarySizes {
  const desired = splitByWeight(replicas, weight, posts.surge);
  return { replicas, fenceposts: posts, canary, stable, past: [], desired };
}

const SURGES: readonly IntOrString[] = [0, 1, 2, "25%", "100%"];
const UNAVAILABLES: readonly IntOrString[] = [0, 1, 2, "25%", "100%"];
const WEIGHTS = [...Array.from({ length: 21 }, (_, index) => index * 5), 1, 33, 66, 99];

/** Safety rule S7, said once more in the plainest way: what a pass must not do. */
function breach(
  { replicas, fenceposts: { surge, unavailable }, canary, stable, past }: CanarySizes,
  next: { canary: number; stable: number; past: readonly number[] },
): string | undefined {
  const sets = [canary, stable, ...past].map((set) => set ?? { wanted: 0, available: 0 });
  const after = [next.canary, next.stable, ...next.past];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const serving = sum(sets.map(({ wanted, available }) => Math.min(wanted, available)));
  const stillServing = sum(sets.map(({ available }, index) => Math.min(after[index]!, available)));
  const wanted = sum(sets.map((set) => set.wanted));
  if (after.some((size) => size < 0 || !Number.isInteger(size))) return "a size that is none";
  if (sum(after) > Math.max(wanted, replicas + surge)) return "too many pods";
  if (stillServing < Math.min(serving, replicas - unavailable)) return "too few available pods";
  return undefined;
}

/** Drives both sets to a weight; pods are available one pass after they were wanted. */
function drive(start: CanarySizes): { passes: Split[]; end: CanarySizes } {
  const passes: Split[] = [];
  let now = start;
  for (let pass = 0; pass < 40; pass++) {
    const next = nextSizes(now);
    const found = breach(now, next);
    if (found !== undefined) assert.fail(`${found}: ${JSON.stringify({ now, next })}`);
    passes.push(next);
    const grown = (set: SetSize | undefined, size: number): SetSize => ({
      wanted: size,
      available: Math.min(size, set?.wanted ?? 0),
    });
    const after = {
      ...now,
      canary: grown(now.canary, next.canary),
      stable: grown(now.stable, next.stable),
    };
    if (JSON.stringify(after) === JSON.stringify(now)) return { passes, end: now };
    now = after;
  }
  return assert.fail(`no rest after 40 passes: ${JSON.stringify(start)}`);
}

/** True when a size goes down and up, or up and down. */
function turnsBack(values: readonly number[]): boolean {
  const directions = values.slice(1)
    .map((value, index) => Math.sign(value - values[index]!))
    .filter((direction) => direction !== 0);
  return new Set(directions).size > 1;
}

Deno.test("to any weight and back: inside the fenceposts, in few passes, not to and fro", () => {
  let drives = 0;
  for (let replicas = 1; replicas <= 8; replicas++) {
    for (const maxSurge of SURGES) {
      for (const maxUnavailable of UNAVAILABLES) {
        const posts = fenceposts(replicas, { maxSurge, maxUnavailable });
        for (const weight of WEIGHTS) {
          let [canary, stable] = [full(0), full(replicas)];
          for (const to of [weight, 100, 0]) {
            const start = sizes({ replicas, weight: to, posts, canary, stable });
            const { passes, end } = drive(start);
            const place = JSON.stringify({ replicas, maxSurge, maxUnavailable, weight, to });
            const canaries = [canary.wanted, ...passes.map((pass) => pass.canary)];
            const stables = [stable.wanted, ...passes.map((pass) => pass.stable)];
            assert.ok(!turnsBack(canaries), `${place}: canary ${canaries}`);
            assert.ok(!turnsBack(stables), `${place}: stable ${stables}`);
            [canary, stable] = [end.canary!, end.stable!];
            assert.equal(`${canary.wanted}/${stable.wanted}`, textOf(start.desired), place);
            drives++;
          }
        }
      }
    }
  }
  assert.equal(drives, 8 * SURGES.length * UNAVAILABLES.length * WEIGHTS.length * 3);
});

Deno.test("from any state of three sets no single pass leaves the fenceposts", () => {
  const sizesUpTo = (limit: number): SetSize[] => {
    const all: SetSize[] = [];
    for (let wanted = 0; wanted <= limit; wanted++) {
      // Also more pods than are wanted: those on their way out.
      for (let available = 0; available <= wanted + 1; available++) all.push({ wanted, available });
    }
    return all;
  };
  for (let replicas = 1; replicas <= 3; replicas++) {
    for (const [surge, unavailable] of [[0, 1], [1, 0], [1, 1], [2, 2]] as const) {
      const posts = fenceposts(replicas, { maxSurge: surge, maxUnavailable: unavailable });
      const all = sizesUpTo(replicas + surge);
      for (const weight of [0, 1, 50, 75, 100]) {
        const desired = splitByWeight(replicas, weight, posts.surge);
        for (const stable of [undefined, ...all]) {
          for (const canary of all) {
            for (const old of all) {
              const plain = { stableFloor: 0, isAborted: false };
              const aborted = { stableFloor: 0, isAborted: weight === 0 };
              for (const more of [plain, { ...plain, stableFloor: 1 }, aborted]) {
                const start: CanarySizes = {
                  replicas,
                  fenceposts: posts,
                  canary,
                  stable,
                  past: [old],
                  desired,
                  ...more,
                };
                const found = breach(start, nextSizes(start));
                if (found !== undefined) assert.fail(`${found}: ${JSON.stringify(start)}`);
              }
            }
          }
        }
      }
    }
  }
});
