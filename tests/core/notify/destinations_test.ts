import assert from "node:assert/strict";
import { subscribersOf } from "../../../core/notify/destinations.ts";
import { triggerOfReason } from "../../../core/notify/mod.ts";
import { configOf, rolloutOf } from "./config_world.ts";

const PREFIX = "notifications.argoproj.io";

function told(
  annotations: Readonly<Record<string, string>>,
  data: Readonly<Record<string, string>> = {},
  labels: Record<string, string> = {},
): string[] {
  const { metadata } = rolloutOf(annotations, { labels });
  return subscribersOf(metadata, configOf(data))
    .map(({ trigger, service, recipient }) => `${trigger} ${service}:${recipient}`);
}

Deno.test("annotations subscribe in all three forms", () => {
  const rows: [Record<string, string>, string[]][] = [
    [{ [`${PREFIX}/subscribe.on-done.slack`]: "a" }, ["on-done slack:a"]],
    [{ [`${PREFIX}/subscribe.on-done.slack`]: "a; b;;" }, ["on-done slack:a", "on-done slack:b"]],
    [{ [`${PREFIX}/subscribe.on-done.hook`]: "" }, ["on-done hook:"]],
    [{ [`${PREFIX}/subscribe.on-done.slack.more`]: "a" }, ["on-done slack:a"]],
    [{ [`${PREFIX}/subscribe.slack`]: "a" }, ["on-default slack:a"]],
    [{ [`${PREFIX}/subscribe.email`]: "a@b.c" }, ["on-mail email:a@b.c"]],
    [{
      [`${PREFIX}/subscriptions`]: "- trigger: [on-done, on-failed]\n" +
        "  destinations:\n  - service: slack\n    recipients: [a, b]\n  - service: hook\n",
    }, [
      "on-done slack:a",
      "on-done slack:b",
      "on-done hook:",
      "on-failed slack:a",
      "on-failed slack:b",
      "on-failed hook:",
    ]],
    [{
      [`${PREFIX}/subscriptions.of-ops`]: "- destinations: [{service: slack, recipients: [a]}]",
    }, ["on-default slack:a"]],
    [{ [`${PREFIX}/subscriptions`]: "{ no: [list" }, []],
    [{ [`${PREFIX}/subscribed.on-done.slack`]: "a", other: "b" }, []],
  ];
  const data = { "defaultTriggers": "[on-default]", "defaultTriggers.email": "- on-mail\n" };
  for (const [annotations, expected] of rows) {
    assert.deepEqual(told(annotations, data), expected, JSON.stringify(annotations));
  }
});

Deno.test("subscriptions of the ConfigMap are for Rollouts that their selector matches", () => {
  const data = {
    subscriptions: "- recipients: [slack:ops, 'hook']\n  triggers: [on-done]\n" +
      "  selector: app in (web, api), tier!=test\n- recipients: [slack:all]\n",
    defaultTriggers: "- on-default\n",
  };
  const rows: [Record<string, string>, string[]][] = [
    [{ app: "web" }, ["on-done slack:ops", "on-done hook:", "on-default slack:all"]],
    [{ app: "web", tier: "test" }, ["on-default slack:all"]],
    [{}, ["on-default slack:all"]],
  ];
  for (const [labels, expected] of rows) assert.deepEqual(told({}, data, labels), expected);
});

Deno.test("who subscribed twice is told once", () => {
  const annotations = { [`${PREFIX}/subscribe.on-done.slack`]: "a" };
  const data = { subscriptions: "- recipients: [slack:a]\n  triggers: [on-done]\n" };
  assert.deepEqual(told(annotations, data), ["on-done slack:a"]);
});

Deno.test("the trigger of an event is its reason in small words", () => {
  const rows: [string, string][] = [
    ["RolloutCompleted", "on-rollout-completed"],
    ["AnalysisRunFailed", "on-analysis-run-failed"],
    ["ScalingReplicaSet", "on-scaling-replica-set"],
    ["RolloutStepCompleted", "on-rollout-step-completed"],
  ];
  for (const [reason, trigger] of rows) assert.equal(triggerOfReason(reason), trigger);
});
