/** The router of docs/examples, which knows the SDK alone, steers a Rollout through the engine. */
import assert from "node:assert/strict";
import { splitRouter } from "../../../docs/examples/split-router/split_router.ts";
import { parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { objectsOf } from "./shop.ts";
import { routedShop } from "./routed_world.ts";

const REGISTRY = { ...plugins, trafficRouters: [...plugins.trafficRouters, splitRouter] };

function split(stable: number, canary: number): string {
  return `
apiVersion: routing.example.com/v1
kind: Split
metadata: {name: shop}
spec:
  backends:
  - {service: shop-stable, weight: ${stable}}
  - {service: shop-canary, weight: ${canary}}
`;
}

async function play(commands: readonly string[], objects = split(100, 0)) {
  const routing = "{plugins: {example.com/split: {split: shop}}}";
  const outcome = await simulate({
    objects: objectsOf(`${routedShop(routing)}\n---\n${objects}`),
    script: [],
    timed: ["1m: set image shop main=registry.example/shop:2", ...commands].map(parseTimedCommand),
    files: new Map([["split.yaml", objectsOf(split(100, 0))]]),
    untilMs: 600_000,
    seed: 1,
  }, { plugins: REGISTRY });
  assert.deepEqual(outcome.result.violations, []);
  const weights = outcome.timeline.map(({ atSeconds, routes }) => {
    return [atSeconds, routes?.["Split/shop"]?.["shop-canary"] ?? 0] as const;
  });
  const changes = weights.filter(([, weight], index) => weight !== weights[index - 1]?.[1])
    .map(([at, weight]) => `${at}s ${weight}`);
  return { changes, last: outcome.timeline.at(-1) };
}

Deno.test("a stranger's router: an update with its weights, from start to end", async () => {
  const { changes, last } = await play(["2m: promote shop"]);
  assert.deepEqual(changes, ["0s 0", "61.2s 50", "121.2s 100", "121.2s 0"]);
  assert.deepEqual([last?.phase, last?.stable?.revision], ["Healthy", 2]);
});

Deno.test("a stranger's router: an abort takes the weight away at once", async () => {
  const { changes, last } = await play(["90s: abort shop"]);
  assert.deepEqual(changes, ["0s 0", "61.2s 50", "90s 0"]);
  assert.equal(last?.phase, "Degraded");
});

Deno.test("a stranger's router: what somebody applies in between is mended at once", async () => {
  const { changes, last } = await play(["90s: apply split.yaml", "2m: promote shop"]);
  assert.deepEqual(changes, ["0s 0", "61.2s 50", "90s 0", "90s 50", "121.2s 100", "121.2s 0"]);
  assert.equal(last?.phase, "Healthy");
});
