/** What users got is told: in the last lines, in the row where it happens, in the data. */
import assert from "node:assert/strict";
import { exitCodeOf } from "../../../core/simulate/mod.ts";
import { BAD, linesWith, play, service, shop, summaryOf, takeover } from "./shop.ts";

const SET_2 = "1m: set image shop main=registry.example/shop:2";
const CALM = "No safety rule was broken.";
const MISSED =
  "No safety rule was broken: commands, manifests or failing pods caused what users missed.";

Deno.test("an update that keeps its pods says so in two lines", async () => {
  const outcome = await play(shop("canary: {}", { replicas: 4 }) + service("shop"), [SET_2]);
  assert.deepEqual(summaryOf(outcome), [
    "Pods of shop: at least 3 of 4 available (fewest at 60s).",
    "Services: shop had a ready pod all the time.",
    CALM,
  ]);
  const { rollouts, services, podsLeft, podsGone } = outcome.users;
  assert.deepEqual(rollouts, [{
    namespace: "default",
    rollout: "shop",
    fewestAvailable: { pods: 3, of: 4, atSeconds: 60 },
    longestBelow: null,
  }]);
  assert.deepEqual(services, [{
    namespace: "default",
    service: "shop",
    emptySeconds: 0,
    longestEmpty: null,
    isEmptyAtEnd: false,
    deletedAtSeconds: null,
    isPreview: false,
  }]);
  assert.deepEqual([podsLeft, podsGone], [[], []]);
});

Deno.test("a label that template and Services gain at once empties the stable Service, and is told", async () => {
  const strategy = "canary: {stableService: shop-stable, canaryService: shop-canary, " +
    "steps: [{setWeight: 50}, {pause: {duration: 60}}]}";
  const of = (labels: string) =>
    shop(strategy, { labels }) + service("shop-stable", labels) + service("shop-canary", labels);
  const outcome = await play(of("app: shop"), ["1m: apply new"], {
    files: { new: of("app: shop, tier: web") },
  });
  assert.deepEqual(summaryOf(outcome), [
    "Pods of shop: always all available.",
    "Service shop-canary (preview) had no ready pod for 1.2s from 60s.",
    "Service shop-stable had no ready pod for 63.2s from 60s.",
    MISSED,
  ]);
  const [row, ...others] = linesWith(outcome, "⚠ Service shop-stable has no ready pod");
  // In the row where it happens, not in one of its own.
  assert.match(row ?? "", /^ +60s .*0 of 1 pods available; ⚠ Service shop-canary .*; ⚠ /);
  assert.deepEqual(others, []);
  assert.equal(exitCodeOf(outcome), 0);
});

Deno.test("a restart of a single pod leaves its Service empty, and is told", async () => {
  const outcome = await play(shop(undefined, { replicas: 1 }) + service("shop"), [
    "1m: restart shop",
  ]);
  assert.deepEqual(summaryOf(outcome), [
    "Pods of shop: at least 0 of 1 available (fewest at 60s); " +
    "fewer than the required 1 for 1.2s from 60s.",
    "Service shop had no ready pod for 1.2s from 60s.",
    MISSED,
  ]);
  assert.equal(linesWith(outcome, "⚠ 0 available pods, fewer than 1").length, 1);
  assert.deepEqual(outcome.result.violations, []);
});

Deno.test("what is to have no pods misses none: scaled to nothing and back, and deleted", async () => {
  const outcome = await play(shop() + service("shop"), [
    "1m: scale shop 0",
    "2m: scale shop 3",
    "3m: delete rollout/shop",
  ]);
  assert.deepEqual(summaryOf(outcome), [
    "Pods of shop: always all available.",
    "Services: shop had a ready pod all the time.",
    CALM,
  ]);
});

Deno.test("a Service that somebody deletes is said to be gone, until it is there again", async () => {
  const outcome = await play(shop() + service("shop"), ["1m: delete svc/shop"]);
  assert.deepEqual(summaryOf(outcome), [
    "Pods of shop: always all available.",
    "Service shop was deleted at 60s.",
    CALM,
  ]);
  assert.equal(outcome.users.services[0]?.deletedAtSeconds, 60);
  const again = await play(shop() + service("shop"), ["1m: delete svc/shop", "2m: apply new"], {
    files: { new: service("shop") },
  });
  assert.equal(again.users.services[0]?.deletedAtSeconds, null);
  assert.equal(summaryOf(again)[1], "Service shop had no ready pod for 60s from 60s.");
});

Deno.test("pods that are lost in the last moment are missed, too", async () => {
  const outcome = await play(shop("canary: {}") + service("shop"), [
    "1m: crash registry.example/shop:1 --after 1s",
  ], { untilMs: 61_000 });
  assert.equal(summaryOf(outcome)[1], "Service shop had no ready pod at the end.");
});

Deno.test("pods that are lost to a crash are missed, and no rule is broken", async () => {
  const outcome = await play(shop("canary: {}") + service("shop"), [
    "1m: crash registry.example/shop:1 --after 1s",
    "90s: heal registry.example/shop:1",
  ]);
  const [pods, services, verdict] = summaryOf(outcome);
  assert.match(
    pods ?? "",
    /^Pods of shop: at least 0 of 2 available \(fewest at 61s\); fewer than/,
  );
  assert.match(services ?? "", /^Service shop had no ready pod for \d/);
  assert.equal(verdict, MISSED);
});

Deno.test("pods of sets that are let go of are left behind, and named", async () => {
  const outcome = await play(shop(), ["1m: delete rollout/shop --cascade=orphan"]);
  const left = summaryOf(outcome).filter((line) => line.startsWith("Left behind: "));
  assert.equal(left.length, 2);
  assert.match(left[0] ?? "", /^Left behind: pod shop-\w+-\w+: nobody owns ReplicaSet shop-\w+\.$/);
});

for (const scaleDown of ["onsuccess", "progressively"]) {
  Deno.test(`sets are not left to a Deployment that would empty them: ${scaleDown}`, async () => {
    const commands = ["2m: delete rollout shop --cascade=orphan", "3m: apply again.yaml"];
    await assert.rejects(
      play(takeover({ scaleDown }), commands, { files: { "again.yaml": takeover({ scaleDown }) } }),
      {
        message: 'at 120s "delete rollout shop --cascade=orphan" was refused: Deployment "shop" ' +
          'would adopt the ReplicaSets of Rollout "shop" and scale them from 4 pods to 0; set ' +
          "scaleDown: never in the Rollout and replicas: 4 in the Deployment first",
      },
    );
  });
}

Deno.test("a Deployment that has as many pods may take the sets of its Rollout, and users miss none", async () => {
  const files = {
    "back.yaml": takeover({ scaleDown: "never" }),
    "again.yaml": takeover({ scaleDown: "onsuccess" }).split("---")[1] ?? "",
  };
  const commands = ["1m: apply back.yaml", "2m: delete rollout/shop --cascade=orphan"];
  const back = await play(takeover({ scaleDown: "onsuccess" }) + service("shop"), commands, {
    files,
  });
  assert.deepEqual(back.users.services.map(({ longestEmpty }) => longestEmpty), [null]);
  const again = await play(takeover({ scaleDown: "onsuccess" }) + service("shop"), [
    ...commands,
    "3m: apply again.yaml",
  ], { files });
  assert.deepEqual(again.users.services.map(({ longestEmpty }) => longestEmpty), [null]);
  assert.deepEqual(again.users.rollouts.map(({ fewestAvailable }) => fewestAvailable?.pods), [4]);
});

Deno.test("the pod that delete-pod takes is named; one that nobody owns is gone for good", async () => {
  const bare = `
---
apiVersion: v1
kind: Pod
metadata: {name: alone, labels: {app: alone}}
spec: {containers: [{name: main, image: "registry.example/shop:1"}]}
`;
  const outcome = await play(shop() + bare, ["1m: delete-pod shop/oldest", "2m: delete-pod alone"]);
  assert.equal(linesWith(outcome, '  pod "shop-').length, 1);
  assert.deepEqual(outcome.users.podsGone, [{
    atSeconds: 120,
    namespace: "default",
    pod: "alone",
  }]);
  assert.ok(
    summaryOf(outcome).includes("Gone for good at 2m0s: pod alone, which nobody owned."),
  );
});

Deno.test("of many Rollouts those are told that had too few pods, else the one with the fewest", async () => {
  const three = ["shop", "cafe", "bank"].map((name) =>
    shop("canary: {}", { replicas: 4 }).replaceAll(/\bshop\b/g, name)
  ).join("---");
  const calm = await play(three, ["1m: set image cafe main=registry.example/cafe:2"]);
  assert.equal(
    summaryOf(calm)[0],
    "Pods: all 3 Rollouts kept as many available as they need; " +
      "the fewest had cafe: at least 3 of 4 available (fewest at 60s).",
  );
  const still = await play(three, []);
  assert.equal(summaryOf(still)[0], "Pods of all 3 Rollouts: always all available.");
  const hurt = await play(three, ["1m: delete-pod bank/oldest", "1m: delete-pod bank/oldest"]);
  assert.match(summaryOf(hurt)[0] ?? "", /^Pods of bank: at least 2 of 4 available/);
  assert.equal(summaryOf(hurt).length, 2);
});

Deno.test("pods that never came are told, alone and beside others; where none are asked for, that", async () => {
  const bad = shop().replace("registry.example/shop:1", BAD);
  const other = shop("canary: {}", { replicas: 0 }).replaceAll(/\bshop\b/g, "cafe");
  assert.equal(summaryOf(await play(bad, []))[0], "Pods of shop: never all available.");
  assert.equal(summaryOf(await play(other, []))[0], "Pods of cafe: none are asked for.");
  const both = summaryOf(await play(`${bad}---${other}`, []));
  assert.equal(both[0], "Pods of shop: never all available.");
});
