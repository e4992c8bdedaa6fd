import assert from "node:assert/strict";
import type { LabelSelector } from "../../../sdk/api/rollout.ts";
import { selectorText } from "../../../core/sets/selector_text.ts";

Deno.test("selectorText() writes a selector as the API does, sorted by key", () => {
  const rows: { selector: LabelSelector | undefined; text: string }[] = [
    { selector: undefined, text: "" },
    { selector: {}, text: "" },
    { selector: { matchLabels: { tier: "web", app: "shop" } }, text: "app=shop,tier=web" },
    { selector: { matchLabels: { app: "" } }, text: "app=" },
    {
      selector: {
        matchLabels: { app: "shop" },
        matchExpressions: [
          { key: "zone", operator: "NotIn", values: ["b", "a"] },
          { key: "env", operator: "In", values: ["test"] },
          { key: "canary", operator: "Exists" },
          { key: "banned", operator: "DoesNotExist" },
        ],
      },
      text: "app=shop,!banned,canary,env in (test),zone notin (a,b)",
    },
  ];
  for (const { selector, text } of rows) assert.equal(selectorText(selector), text);
});
