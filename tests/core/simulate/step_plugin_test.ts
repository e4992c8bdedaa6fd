import assert from "node:assert/strict";
import { plugins } from "../../../plugins/mod.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { linesWith, play, shop } from "./shop.ts";

Deno.test("a step whose plugin is switched off is left out, and the status says so", async () => {
  const steps = "canary: {steps: [{setWeight: 50}, {plugin: {name: org/check}}]}";
  const outcome = await play(shop(steps), ["10s: set image shop main=registry.example/shop:2"], {
    plugins: { ...plugins, disabledStepPlugins: ["org/check"] },
  });
  assert.equal(outcome.result.phase, "Healthy");
  assert.deepEqual(fieldsOf(outcome.rollouts[0]?.status?.canary)["stepPluginStatuses"], [{
    index: 1,
    name: "org/check",
    operation: "Run",
    phase: "Successful",
    startedAt: "2030-01-01T00:00:11Z",
    updatedAt: "2030-01-01T00:00:11Z",
    finishedAt: "2030-01-01T00:00:11Z",
    disabled: true,
  }]);
  assert.equal(linesWith(outcome, "step plugin org/check is disabled").length, 1);
});
