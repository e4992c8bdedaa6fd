import assert from "node:assert/strict";
import { TRAFFIC_ROUTER_LAWS } from "../../sdk/testing/traffic_router.ts";
import guide from "../../docs/plugins.md" with { type: "text" };
import router from "../../docs/examples/split-router/split_router.ts" with { type: "text" };

Deno.test("docs/plugins.md lists the laws of traffic routers as they are", () => {
  const [, list = ""] = /as they are printed:\n\n([^]*?)\n\n/.exec(guide) ?? [];
  const laws = list.replaceAll(/\n {2}/g, " ").split("\n").map((line) => line.replace(/^- /, ""));
  assert.deepEqual(laws, TRAFFIC_ROUTER_LAWS);
});

Deno.test("the router of the guide has under 100 lines", () => {
  assert.ok(router.trimEnd().split("\n").length < 100);
});
