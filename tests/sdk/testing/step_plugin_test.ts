import assert from "node:assert/strict";
import { Broken } from "../../../sdk/testing/traffic_router.ts";
import { STEP_PLUGIN_LAWS, stepPluginLaws } from "../../../sdk/testing/step_plugin.ts";
import { ticketSubject } from "../../../docs/examples/change-ticket/subject.ts";
import { BROKEN_STEPS } from "./broken_steps.ts";

for (const { name, check } of stepPluginLaws(ticketSubject)) Deno.test(name, check);

for (const { wrong, law, make } of BROKEN_STEPS) {
  Deno.test(`a step plugin that ${wrong} breaks the law "${law}"`, async () => {
    const found = stepPluginLaws(make()).find(({ name }) => name.endsWith(`: ${law}`));
    assert.ok(found, law);
    await assert.rejects(() => found.check(), Broken);
  });
}

Deno.test("each law of step plugins catches one that breaks it", () => {
  const caught = new Set(BROKEN_STEPS.map(({ law }) => law));
  assert.deepEqual(STEP_PLUGIN_LAWS.filter((law) => !caught.has(law)), []);
});

Deno.test("a law of step plugins is skipped by its name and with a reason", () => {
  const [law = ""] = STEP_PLUGIN_LAWS;
  const skipped = stepPluginLaws({ ...ticketSubject, skips: { [law]: "it is a trial" } });
  assert.equal(skipped.length, STEP_PLUGIN_LAWS.length - 1);
  for (const skips of [{ [law]: "" }, { "no such law": "why not" }]) {
    assert.throws(() => stepPluginLaws({ ...ticketSubject, skips }), /^Error: Cannot skip/);
  }
});
