import assert from "node:assert/strict";
import { NOTIFICATION_RULES } from "../../../../core/lint/rules/notifications.ts";
import { type Fields, fieldsOf } from "../../../../sdk/wire/json.ts";
import { lintObjects, rollout } from "../manifests.ts";
import { type RuleRow, testRules } from "./check_rules.ts";

const GOOD = {
  "service.slack": "token: $slack-token",
  "template.done": "message: '{{.rollout.metadata.name}} is done'",
  "trigger.on-done": "- when: rollout.status.phase == 'Healthy'\n  send: [done]\n",
};

function configMap(data: Fields, name = "argo-rollouts-notification-configmap"): Fields {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { ...GOOD, ...data } };
}

function subscribed(key: string, value = "ops"): Fields {
  const made = rollout({ canary: { steps: [{ pause: {} }] } });
  const annotations = { [`notifications.argoproj.io/${key}`]: value };
  return { ...made, metadata: { ...fieldsOf(made["metadata"]), annotations } };
}

const ANNOTATIONS = "metadata.annotations";
const ROWS: readonly RuleRow[] = [
  ["a configuration that is right", [configMap({})], []],
  [
    "a condition with an unknown name",
    [configMap({ "trigger.bad": "- when: rolout.x == 1\n  send: [done]" })],
    ['wrong-notification data["trigger.bad"]'],
  ],
  [
    "a template with an unknown function",
    [configMap({ "template.bad": "message: '{{ nope }}'" })],
    ['wrong-notification data["template.bad"]'],
  ],
  [
    "a trigger that sends a template that there is not",
    [configMap({ "trigger.bad": "- send: [don]" })],
    ['wrong-notification data["trigger.bad"]'],
  ],
  [
    "a service of an unknown type",
    [configMap({ "service.fax": "number: 1" })],
    ['wrong-notification data["service.fax"]'],
  ],
  [
    "a subscription of an unknown trigger and service",
    [configMap({ subscriptions: "- recipients: [fax:1]\n  triggers: [on-don]" })],
    ["unknown-notification data.subscriptions", "unknown-notification data.subscriptions"],
  ],
  [
    "Rollouts beside their configuration",
    [configMap({}), subscribed("subscribe.on-don.slack")],
    [`unknown-notification ${ANNOTATIONS}["notifications.argoproj.io/subscribe.on-don.slack"]`],
  ],
  [
    "a Rollout that names what there is",
    [configMap({}), subscribed("subscribe.on-done.slack")],
    [],
  ],
  ["a Rollout whose configuration is elsewhere", [subscribed("subscribe.on-don.slack")], []],
  ["another ConfigMap", [configMap({ "trigger.bad": "- when: (" }, "other")], []],
];

testRules(NOTIFICATION_RULES, ROWS);

Deno.test("what is wrong with a key is told with its line and column", () => {
  const [finding] = lintObjects(
    configMap({ "trigger.bad": "- send: [done]\n  when: |\n    true and\n    rolout.x == 1\n" }),
  );
  assert.equal(finding?.text, "line 4, column 5: unknown name rolout");
});
