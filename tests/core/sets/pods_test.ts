import assert from "node:assert/strict";
import { isReady, livingPods } from "../../../core/sets/mod.ts";
import { podOf, worldOf } from "../rollout/world.ts";

Deno.test("livingPods() are those that the set controls, without those on their way out", () => {
  const { replicaSets } = worldOf({ next: { hash: "aaa", size: 2 } });
  const pods = [
    podOf("aaa", "a"),
    podOf("aaa", "b", { isLeaving: true }),
    podOf("bbb", "c"),
    { ...podOf("aaa", "d"), metadata: { name: "d" } },
  ];
  const names = livingPods(pods, replicaSets[0]!).map(({ metadata }) => metadata.name);
  assert.deepEqual(names, ["a"]);
});

Deno.test("isReady() is what the pod's condition says", () => {
  assert.equal(isReady(podOf("aaa", "a")), true);
  assert.equal(isReady(podOf("aaa", "a", { isReady: false })), false);
  assert.equal(isReady({ ...podOf("aaa", "a"), status: {} }), false);
});
