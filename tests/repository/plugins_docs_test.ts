import assert from "node:assert/strict";
import { TRAFFIC_ROUTER_LAWS } from "../../sdk/testing/traffic_router.ts";
import { METRIC_PROVIDER_LAWS } from "../../sdk/testing/metric_provider.ts";
import { STEP_PLUGIN_LAWS } from "../../sdk/testing/step_plugin.ts";
import guide from "../../docs/plugins.md" with { type: "text" };
import ticket from "../../docs/examples/change-ticket/change_ticket.ts" with { type: "text" };
import provider from "../../docs/examples/stats-provider/stats_provider.ts" with { type: "text" };
import router from "../../docs/examples/split-router/split_router.ts" with { type: "text" };

/** The list that comes after these words. */
function listAfter(words: string): readonly string[] {
  const flat = guide.replaceAll(/\n {2}/g, " ").replaceAll(/(\w)\n(\w)/g, "$1 $2");
  const [, list = ""] = new RegExp(`${words}:\n\n([^]*?)\n\n`).exec(flat) ?? [];
  return list.split("\n").map((line) => line.replace(/^- /, ""));
}

Deno.test("docs/plugins.md lists the laws of each kind of plugin as they are", () => {
  assert.deepEqual(listAfter("as they are printed"), TRAFFIC_ROUTER_LAWS);
  assert.deepEqual(listAfter("The laws of providers, one by one"), METRIC_PROVIDER_LAWS);
  assert.deepEqual(listAfter("The laws of step plugins, one by one"), STEP_PLUGIN_LAWS);
});

Deno.test("the plugins of the guide have under 100 and under 60 lines", () => {
  assert.ok(router.trimEnd().split("\n").length < 100);
  assert.ok(ticket.trimEnd().split("\n").length < 60);
  assert.ok(provider.trimEnd().split("\n").length < 60);
});
