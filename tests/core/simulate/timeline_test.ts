/** What the lines of the timeline say: the weight, the pods of a workload, and why. */
import assert from "node:assert/strict";
import { BAD, linesWith, play, service, shop, takeover } from "./shop.ts";
import { type Outcome, renderTimeline, type TimelineEntry } from "../../../core/simulate/mod.ts";

const SET_2 = "1m: set image shop main=registry.example/shop:2";

Deno.test("after the last step the weight is still the share of the pods", async () => {
  const strategy = "canary: {steps: [{setWeight: 50}, {pause: {duration: 30}}]}";
  const { timeline } = await play(shop(strategy, { replicas: 5 }), [SET_2]);
  const shares = timeline.filter(({ stable }) => (stable?.available ?? 0) > 0)
    .map(({ actualWeight, stable, canary, others }: TimelineEntry) => {
      const [newest, ...rest] = canary === null ? [stable, ...others] : [canary, stable, ...others];
      const all = [newest, ...rest].reduce((sum, set) => sum + (set?.available ?? 0), 0);
      return [actualWeight, Math.floor((100 * (newest?.available ?? 0)) / all)];
    });
  for (const [told, real] of shares) assert.equal(told, real);
  const isThrough = ({ step, steps }: TimelineEntry) => step === steps;
  const told = timeline.filter(isThrough).map(({ actualWeight }) => actualWeight);
  assert.ok(told.some((weight) => weight > 0 && weight < 100), String(told));
  assert.equal(told.at(-1), 100);
});

Deno.test("a superseded set that still has pods is seen beside the canary", async () => {
  const outcome = await play(shop(), [SET_2, `2m: set image shop main=${BAD}`], {
    untilMs: 130_000,
  });
  assert.ok(linesWith(outcome, "r3 0/1, r2 1/1").length > 0);
});

Deno.test("the pods of a workload count, and the rows say how it is scaled", async () => {
  const outcome = await play(takeover({ scaleDown: "onsuccess" }));
  assert.equal(outcome.result.peakPods, 8);
  const sizes = outcome.timeline.map(({ workload, pods }) =>
    `${workload?.kind} ${workload?.available}/${workload?.replicas} of ${pods}`
  );
  assert.deepEqual([sizes.at(-2), sizes.at(-1)], ["Deployment 4/0 of 8", "Deployment 0/0 of 4"]);
  assert.ok(linesWith(outcome, "WORKLOAD").length === 1);
});

Deno.test("with a quota that a takeover exceeds, the refusal is named where it begins, once", async () => {
  const quota = `
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: pods}
spec: {hard: {pods: "6"}}
`;
  const manifests = takeover({ scaleDown: "onsuccess" });
  const outcome = await play(quota + "---" + manifests, [], { untilMs: 300_000 });
  const [line, ...others] = linesWith(outcome, "FailedCreate");
  assert.match(line ?? "", / 0s .*exceeded quota: pods, requested: pods=1, used: pods=6/);
  assert.deepEqual(others, []);
});

Deno.test("a quota that a script sets is named where it begins, too, and with it the update that waits", async () => {
  const other = shop("canary: {}").replaceAll("shop", "other");
  const outcome = await play(`${other}---${takeover({ scaleDown: "onsuccess" })}`, [
    "1m: quota 6",
    "2m: set image other main=registry.example/other:2",
  ], { untilMs: 300_000 });
  const [line, ...others] = linesWith(outcome, "FailedCreate");
  assert.match(line ?? "", /2m0s .*default\/other.*exceeded quota: pods, requested: pods=1, /);
  assert.deepEqual(others, []);
});

Deno.test("of several Rollouts the end names the worst one, and of equals the last", async () => {
  const other = shop("canary: {}").replaceAll("shop", "other");
  const text = `${shop("canary: {}")}---\n${other}`;
  const healthy = await play(text, ["1m: set image shop main=registry.example/shop:2"]);
  const endOf = (outcome: Outcome) => linesWith(outcome, " simulated; ")[0] ?? "";
  const { rollout, atSeconds, peakPods } = healthy.result;
  assert.equal(rollout, "default/shop");
  assert.ok(atSeconds > 60 && peakPods === 3, `${atSeconds} ${peakPods}`);
  assert.match(endOf(healthy), /^default\/shop: ✔ Healthy since 62.4s of /);
  const failing = await play(text, [`1m: set image other main=${BAD}`], { untilMs: 1_200_000 });
  assert.match(endOf(failing), /^default\/other: ✖ Degraded /);
  const alone = await play(shop("canary: {}"), []);
  assert.match(endOf(alone), /^✔ Healthy since /);
});

Deno.test("a crash under an indefinite pause is named once, and nothing is said over and over", async () => {
  const outcome = await play(shop(), [SET_2, "2m: crash registry.example/shop:2 --after 1s"], {
    untilMs: 400_000,
  });
  const named = linesWith(outcome, "CrashLoopBackOff").filter((line) =>
    /^ +\d+m?[\d.]*s /.test(line)
  );
  assert.equal(named.length, 1);
  assert.match(named[0] ?? "", /2m1s .*revision 2: CrashLoopBackOff \(back-off 10s/);
  assert.ok(outcome.timeline.filter(({ atSeconds }) => atSeconds > 120).length > 8);
  assert.ok(linesWith(outcome, "CanaryPauseStep").length <= 2);
});

Deno.test("a pod without a place on a full node is named where it begins", async () => {
  const outcome = await play(shop() + service("shop"), ["30s: nodes full", SET_2], {
    untilMs: 90_000,
  });
  const [line, ...others] = linesWith(outcome, "Unschedulable");
  assert.match(line ?? "", /^ +60s .*revision 2: Unschedulable \(0\/1 nodes are available/);
  assert.deepEqual(others, []);
});

Deno.test("a cause is named again when a command was given since, and it had gone", async () => {
  const image = "registry.example/shop:2";
  const outcome = await play(shop(), [
    "30s: nodes full",
    `1m: set image shop main=${image}`,
    "2m: nodes free",
    "3m: nodes full",
    "3m: scale shop 6",
  ], { untilMs: 190_000 });
  const lines = linesWith(outcome, "revision 2: Unschedulable");
  assert.equal(lines.length, 2);
});

Deno.test("a cause that was there at a command is named when it comes again", async () => {
  const crashing = "1m: crash registry.example/shop:2 --after 30s";
  const outcome = await play(shop(), [crashing, SET_2, "100s: promote shop"]);
  const [before, after, ...others] = linesWith(outcome, "revision 2: CrashLoopBackOff");
  assert.match(before ?? "", /^ +91\.2s /);
  assert.match(after ?? "", /^ +2m11\.2s .*; ⚠ /);
  assert.deepEqual(others, []);
});

for (const autoPromotion of [true, false]) {
  Deno.test(`no line says the same twice, with autoPromotionEnabled ${autoPromotion}`, async () => {
    const strategy = "blueGreen: {activeService: active, previewService: preview, " +
      `autoPromotionEnabled: ${autoPromotion}}`;
    const manifests = shop(strategy) + service("active") + service("preview");
    const { timeline } = await play(manifests, [SET_2, "2m: promote shop --full"]);
    for (const { why } of timeline) {
      const parts = why.toLowerCase().split(/[;:] /);
      assert.deepEqual(parts, [...new Set(parts)]);
    }
  });
}

/** The last column of the rows of a Rollout from a time on, commands left out. */
function reasonsFrom(outcome: Outcome, time: string): string[] {
  const rows = renderTimeline(outcome).split("\n\n")[0]?.split("\n") ?? [];
  const column = rows[0]?.indexOf("WHY") ?? 0;
  return rows.slice(rows.findIndex((row) => row.trimStart().startsWith(time)))
    .filter((row) => !row.includes(" $ "))
    .map((row) => row.slice(column));
}

Deno.test("a row says only what the one before has not said of the same phase", async () => {
  const outcome = await play(shop(), [SET_2, "2m: abort shop", "3m: retry shop"]);
  assert.deepEqual(reasonsFrom(outcome, "2m0s $ abort").slice(0, 5), [
    "",
    "the update to revision 2 was aborted; aborted: scale revision 1 from 1 to 2",
    "",
    "aborted: scale revision 2 from 1 to 0",
    "",
  ]);
});

Deno.test("a row that would show nothing new is left out of the text, and stays in the data", async () => {
  const bad = shop().replace("registry.example/shop:1", BAD);
  const outcome = await play(bad, [], { untilMs: 30_000 });
  const { message, pods } = outcome.timeline.at(-1) ?? {};
  assert.deepEqual([message, pods], ["updated replicas are still becoming available", 2]);
  assert.deepEqual(reasonsFrom(outcome, "0s"), [
    "revision 1 starts with 2 pods",
    "updated replicas are still becoming available",
    `revision 1: ImagePullBackOff (Back-off pulling image "${BAD}")`,
  ]);
  assert.equal(outcome.timeline.length, 4);
  // Nor are other words for pods of an update that have yet to come.
  const slow = shop("blueGreen: {activeService: active}") + service("active");
  const probed = "{readinessProbe: {httpGet: {port: 80}, initialDelaySeconds: 20}, name: main";
  assert.deepEqual(reasonsFrom(await play(slow.replace("{name: main", probed)), "0s").slice(1), [
    "waiting for the newest revision: 0 of 2 pods available",
    "all pods are available: active selects revision 1",
  ]);
});
