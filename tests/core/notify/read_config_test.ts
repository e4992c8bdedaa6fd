import assert from "node:assert/strict";
import { problemLine } from "../../../core/notify/mod.ts";
import { isBroken } from "../../../core/notify/config.ts";
import { conditionKey } from "../../../core/notify/read_trigger.ts";
import { configOf } from "./config_world.ts";

Deno.test("each key that is wrong is told with its place, and leaves the others working", () => {
  const rows: [string, string, string][] = [
    [
      "trigger.bad",
      "- when: rollout.status.phase ==\n  send: [x]\n",
      "trigger.bad:1:31: unexpected token EOF",
    ],
    [
      "trigger.bad",
      "- when: |\n    rollout.spec.replicas > 1 and\n    rolout.status.phase == 'Paused'\n",
      "trigger.bad:3:5: unknown name rolout",
    ],
    [
      "trigger.bad",
      "send: x\n",
      "trigger.bad:1:1: must be a list of conditions: {when, send, oncePer}",
    ],
    ["trigger.bad", "- send: x\n", "trigger.bad:1:9: must be a list of names of templates"],
    ["template.bad", "message: '{{if}}'\n", "template.bad:1:15: a value is missing in if"],
    [
      "template.bad",
      "message: |\n  Rollout\n  {{ .a }} {{ nope }}\n",
      'template.bad:3:15: function "nope" is not defined',
    ],
    [
      "template.bad",
      'slack:\n  attachments: |\n    [{"title": "{{nope}}"}]\n',
      'template.bad:3:19: function "nope" is not defined',
    ],
    [
      "template.bad",
      "- a\n",
      "template.bad:1:1: must be an object with a message, and fields for services",
    ],
    ["service.fax", "number: 1\n", "service.fax:1:1: service type 'fax' is not supported"],
    [
      "service.slack.a.b",
      "token: x\n",
      "service.slack.a.b:1:1: invalid service key; expected 'service.<type>(.<name>)' but got " +
      "'service.slack.a.b'",
    ],
    [
      "service.slack",
      "token: $absent\n",
      'service.slack:1:1: the Secret has no key "absent": "$absent" stays as it is',
    ],
    [
      "subscriptions",
      "- recipients: [slack:a]\n  selector: 'app in'\n",
      "subscriptions:2:13: is no label selector: unable to parse requirement: found '' expected: '('",
    ],
    ["defaultTriggers", "on-done: 1\n", "defaultTriggers:1:1: must be a list of names of triggers"],
  ];
  for (const [key, text, expected] of rows) {
    const config = configOf({
      "trigger.good": "- when: rollout.status.phase == 'Healthy'\n  send: [good]\n",
      "template.good": "message: done\n",
      "service.webhook.hook": "url: https://example.test\n",
      [key]: text,
    });
    assert.deepEqual(config.problems.map(problemLine), [expected], key);
    for (const part of [config.triggers.get("good"), config.templates.get("good")]) {
      assert.ok(part !== undefined && !isBroken(part), expected);
    }
    assert.equal(config.services.get("hook") !== undefined, true);
  }
});

Deno.test("malformed YAML is told with its place", () => {
  const [problem] = configOf({ "service.slack": "token: [a\nicon: b\n" }).problems;
  assert.match(problemLine(problem!), /^service\.slack:\d+:\d+: is no YAML: /);
});

Deno.test("a service has the values of the Secret wherever it names them", () => {
  const service = configOf(
    { "service.webhook.hook": "url: https://$host/x\nheaders:\n- {name: a, value: Bearer $t-1}\n" },
    { "host": "example.test", "t-1": "of the test" },
  ).services.get("hook");
  assert.ok(service !== undefined && !isBroken(service));
  assert.deepEqual(service.config, {
    url: "https://example.test/x",
    headers: [{ name: "a", value: "Bearer of the test" }],
  });
});

Deno.test("conditions are known by the hash that Argo's own annotations show", () => {
  const when =
    "app.status.operationState.phase in ['Succeeded'] and app.status.health.status == 'Healthy'";
  assert.equal(conditionKey(0, when), "[0].y7b5sbwa2Q329JYH755peeq-fBs");
});
