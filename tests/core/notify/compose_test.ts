import assert from "node:assert/strict";
import { compose } from "../../../core/notify/compose.ts";
import { configOf, facts, rolloutOf } from "./config_world.ts";

const PORTS = { nowMs: () => Date.parse("2030-01-01T00:00:00Z"), random: () => 0 };
const TO = { service: "ops-slack", recipient: "ops", type: "slack" };

function composed(templates: readonly string[], data: Readonly<Record<string, string>>) {
  return compose(templates, TO, {
    config: configOf(data),
    facts: facts(rolloutOf()),
    ports: PORTS,
  });
}

Deno.test("several templates are one message: what a later one says counts", () => {
  const data = {
    "template.one": "message: one\nslack: {username: a, attachments: '[1]', deep: {x: '1'}}\n",
    "template.two": "slack: {username: b, attachments: '', deep: {z: '2'}}\nemail: {subject: s}\n",
  };
  assert.deepEqual(composed(["one", "two"], data), {
    message: "one",
    content: { username: "b", attachments: "[1]", deep: { x: "1", z: "2" } },
  });
});

Deno.test("templates see the Rollout, the service, the recipient, secrets and the time", () => {
  const text = "{{.rollout.metadata.name}} {{.rollout.spec.replicas}} {{.serviceType}} " +
    '{{.recipient}} {{(call .time.Now).Format "2006-01-02"}} {{if .analysisRuns}}runs{{end}}';
  const { message } = composed(["all"], { "template.all": `message: '${text}'\n` });
  assert.equal(message, "web 3 ops-slack ops 2030-01-01 ");
});

Deno.test("a template that there is not, is broken or fails is an error that names it", () => {
  const data = {
    "template.broken": "message: '{{nope}}'\n",
    "template.failing": "message: '{{ index .rollout.spec.list 3 }}'\n",
  };
  const rows: [string, RegExp][] = [
    ["absent", /^Error: template 'absent' is not supported$/],
    ["broken", /^Error: template\.broken:1:13: function "nope" is not defined$/],
    ["failing", /^Error: Cannot render template 'failing': template\.failing message:1:/],
  ];
  for (const [name, message] of rows) assert.throws(() => composed([name], data), message);
});

Deno.test("all texts of a message share what it may do", () => {
  const text = "{{range until 20000}}{{end}}";
  const data = (count: number) => ({
    "template.long": `message: done\nslack: {blocks: [${
      Array(count).fill(`'${text}'`).join(", ")
    }]}\n`,
  });
  assert.equal(composed(["long"], data(2)).message, "done");
  assert.throws(() => composed(["long"], data(20)), /the template takes too many steps$/);
});
