/** Services that a deleted Rollout leaves behind: what they select then. */
import assert from "node:assert/strict";
import { createWorld, settleInstant } from "../../../core/simulate/simulated_world.ts";
import { MANAGED_BY_ANNOTATION } from "../../../core/api/names/names.ts";
import { REPLICA_SETS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { linesWith, objectsOf, play, service, shop, summaryOf } from "./shop.ts";

const CANARY = "canary: {stableService: live, canaryService: next, steps: " +
  "[{setWeight: 50}, {pause: {}}]}";
const BLUE_GREEN = "blueGreen: {activeService: live, previewService: next, " +
  "autoPromotionEnabled: false}";
const HASH = "rollouts-pod-template-hash";

/** The Services' selectors, and whose they are. */
interface Selected {
  readonly hash: string | undefined;
  readonly app: string | undefined;
  readonly manager: string | undefined;
}

/** A small world under a user's hands. */
async function shopWorld(strategy: string, others: readonly KubeObject[] = []) {
  const world = createWorld(1);
  const { clock, cluster, engine } = world;
  const user = cluster.client("user");
  const typeOf = ({ kind }: KubeObject): ResourceType =>
    kind === "Rollout" ? ROLLOUTS : kind === "Service" ? SERVICES : REPLICA_SETS;
  const create = async (object: KubeObject) => {
    const metadata = { namespace: "default", ...object.metadata };
    await user.create(typeOf(object), { ...object, metadata });
  };
  const objects = objectsOf(shop(strategy) + service("live") + service("next"));
  for (const object of [...objects, ...others]) await create(object);
  engine.start();
  const advance = async (ms: number) => {
    const endMs = clock.now() + ms;
    for (;;) {
      await settleInstant(world);
      const nextMs = clock.nextDueMs();
      if (nextMs === undefined || nextMs > endMs) break;
      clock.advanceTo(nextMs);
    }
    clock.advanceTo(endMs);
  };
  const selected = (): Record<string, Selected> =>
    Object.fromEntries(
      cluster.objects(SERVICES).map(({ metadata, spec }) => {
        const { [HASH]: hash, app } = (spec as { selector: Record<string, string> }).selector;
        const manager = metadata.annotations?.[MANAGED_BY_ANNOTATION];
        return [metadata.name, { hash, app, manager }];
      }),
    );
  const remove = async (propagationPolicy: "Background" | "Foreground" | "Orphan") =>
    await user.delete(ROLLOUTS, { namespace: "default", name: "shop" }, { propagationPolicy });
  await advance(60_000);
  return { advance, cluster, create, remove, selected, user };
}

const ALL: Selected = { hash: undefined, app: "shop", manager: undefined };

for (const [kind, strategy] of [["canary", CANARY], ["blue-green", BLUE_GREEN]] as const) {
  for (const policy of ["Background", "Foreground"] as const) {
    Deno.test(`a deleted ${kind} gives its Services back (${policy})`, async () => {
      const { advance, remove, selected } = await shopWorld(strategy);
      assert.equal(selected()["live"]?.manager, "shop");
      await remove(policy);
      await advance(60_000);
      assert.deepEqual(selected(), { live: ALL, next: ALL });
    });
  }
}

Deno.test("a Rollout that is applied again narrows them anew", async () => {
  const { advance, create, remove, selected } = await shopWorld(CANARY);
  const { live: before } = selected();
  await remove("Background");
  await advance(60_000);
  await create(objectsOf(shop(CANARY))[0] as KubeObject);
  await advance(60_000);
  assert.notEqual(before?.hash, undefined);
  assert.deepEqual(selected(), { live: before, next: before });
});

Deno.test("while the pods are left to be taken in again, the Services tell who was stable", async () => {
  const { advance, remove, selected } = await shopWorld(CANARY);
  const before = selected();
  await remove("Orphan");
  await advance(60_000);
  assert.deepEqual(selected(), before);
});

Deno.test("once such pods go, or somebody else controls them, the Services select all pods", async () => {
  for (const end of ["scaled to nothing", "deleted", "controlled"] as const) {
    const { advance, cluster, remove, selected, user } = await shopWorld(CANARY);
    await remove("Orphan");
    await advance(60_000);
    const [set] = cluster.objects(REPLICA_SETS);
    const ref = { namespace: "default", name: set?.metadata.name ?? "" };
    const body = end === "controlled"
      ? {
        metadata: {
          ownerReferences: [{
            apiVersion: "example.com/v1",
            kind: "Thing",
            name: "theirs",
            uid: "1",
            controller: true,
          }],
        },
      }
      : { spec: { replicas: 0 } };
    if (end === "deleted") await user.delete(REPLICA_SETS, ref, {});
    else await user.patch(REPLICA_SETS, ref, { type: "merge", body });
    await advance(60_000);
    assert.deepEqual(selected(), { live: ALL, next: ALL }, end);
  }
});

Deno.test("a Service that selects no hash, or that no Rollout managed, is left alone", async () => {
  const [named, bare] = objectsOf(service("named") + service("bare", `app: shop, ${HASH}: abc`));
  assert.ok(named !== undefined && bare !== undefined);
  const annotations = { [MANAGED_BY_ANNOTATION]: "nobody" };
  const others = [{ ...named, metadata: { ...named.metadata, annotations } }, bare];
  const { selected } = await shopWorld(CANARY, others);
  assert.deepEqual(selected()["named"], { ...ALL, manager: "nobody" });
  assert.deepEqual(selected()["bare"], { ...ALL, hash: "abc" });
});

Deno.test("simulate: deleted and applied again, users have their pods as soon as they are ready", async () => {
  const again = shop(CANARY).replace("shop:1", "shop:2");
  const outcome = await play(shop(CANARY) + service("live") + service("next"), [
    "1m: delete rollout/shop",
    "2m: apply again.yaml",
  ], { files: { "again.yaml": again } });
  assert.deepEqual(outcome.result.violations, []);
  assert.equal(outcome.result.phase, "Healthy");
  assert.equal(linesWith(outcome, "Warning").length, 0);
  assert.equal(summaryOf(outcome).some((line) => line.includes("live")), true);
});
