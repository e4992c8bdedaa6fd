/** Pods carry the metadata of the stable revision before the status says that theirs is it. */
import assert from "node:assert/strict";
import { POD_TEMPLATE_HASH_LABEL } from "../../../core/api/names/names.ts";
import { PODS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { parseTimedCommand, START_MS } from "../../../core/simulate/mod.ts";
import {
  createWorld,
  settleInstant,
  type SimulatedWorld,
} from "../../../core/simulate/simulated_world.ts";
import { User } from "../../../core/simulate/user.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { objectsOf, service, shop } from "./shop.ts";

const END_MS = START_MS + 300_000;
const CANARY = "canaryMetadata: {labels: {role: canary, lane: new}}, " +
  "stableMetadata: {labels: {role: stable}, annotations: {tier: gold}}";
const BLUE_GREEN = "previewMetadata: {labels: {role: preview}}, " +
  "activeMetadata: {labels: {role: stable}, annotations: {tier: gold}}, " +
  "activeService: shop-active, previewService: shop-preview";
const image = (at: string, version: number) =>
  `${at}: set image shop main=registry.example/shop:${version}`;

/** Each status that names another stable revision, with what its pods carry at that moment. */
function followStatuses({ cluster }: SimulatedWorld): string[] {
  const told: string[] = [];
  let stable: string | undefined;
  cluster.onWrite(({ type, subresource }) => {
    if (type.plural !== ROLLOUTS.plural || subresource !== "status") return;
    const { status } = cluster.objects(ROLLOUTS)[0] as Rollout;
    const { stableRS } = status ?? {};
    if (stableRS === undefined || stableRS === stable) return;
    stable = stableRS;
    const carried = cluster.objects(PODS)
      .filter(({ metadata }) =>
        metadata.deletionTimestamp === undefined &&
        metadata.labels?.[POD_TEMPLATE_HASH_LABEL] === stableRS
      )
      .map(({ metadata: { labels, annotations } }) =>
        [labels?.["role"], labels?.["lane"], annotations?.["tier"]].filter(Boolean).join("+")
      );
    told.push(`${status?.phase}: ${carried.join(" ") || "no pods"}`);
  });
  return told;
}

/** What the statuses of a script told. */
async function statusesOf(objects: string, script: readonly string[]): Promise<string[]> {
  const world = createWorld(1);
  const { clock, cluster, engine } = world;
  const user = new User(cluster);
  const told = followStatuses(world);
  async function advanceTo(ms: number): Promise<void> {
    await settleInstant(world);
    for (let due = clock.nextDueMs(); due !== undefined && due <= ms; due = clock.nextDueMs()) {
      clock.advanceTo(due);
      await settleInstant(world);
    }
    clock.advanceTo(ms);
  }
  await user.applyAll(objectsOf(objects));
  engine.start();
  for (const text of script) {
    const { command, trigger } = parseTimedCommand(text);
    assert.ok(trigger.kind === "at");
    await advanceTo(START_MS + trigger.atMs);
    await user.carryOut(command, { nowMs: clock.now(), files: new Map() });
  }
  await advanceTo(END_MS);
  engine.stop();
  assert.equal((cluster.objects(ROLLOUTS)[0] as Rollout).status?.phase, "Healthy");
  return told;
}

/** The first revision is stable with its set, before it has pods. */
const FIRST = "Progressing: no pods";
const HEALTHY = "Healthy: stable+gold stable+gold";

Deno.test("pods carry the stable metadata before a status says that their revision is stable", async () => {
  const rows: [string, string, string[], string[]][] = [
    ["no steps", `canary: {${CANARY}}`, [image("1m", 2)], [FIRST, HEALTHY]],
    [
      "promoted",
      `canary: {${CANARY}, steps: [{setWeight: 50}, {pause: {}}]}`,
      [image("1m", 2), "2m: promote shop"],
      [FIRST, HEALTHY],
    ],
    [
      "promoted in full",
      `canary: {${CANARY}, steps: [{setWeight: 50}, {pause: {}}, {pause: {}}]}`,
      [image("1m", 2), "2m: promote shop --full"],
      [FIRST, HEALTHY],
    ],
    [
      "there and back",
      `canary: {${CANARY}}`,
      [image("1m", 2), image("2m", 1)],
      [FIRST, HEALTHY, HEALTHY],
    ],
    ["blue-green", `blueGreen: {${BLUE_GREEN}}`, [image("1m", 2)], [FIRST, HEALTHY]],
    [
      "blue-green, promoted",
      `blueGreen: {${BLUE_GREEN}, autoPromotionEnabled: false}`,
      [image("1m", 2), "2m: promote shop", image("140s", 1)],
      [FIRST, HEALTHY, HEALTHY],
    ],
  ];
  for (const [name, strategy, script, expected] of rows) {
    const objects = shop(strategy) + service("shop-active") + service("shop-preview");
    assert.deepEqual(await statusesOf(objects, script), expected, name);
  }
});
