import assert from "node:assert/strict";
import type { LabelSelector } from "../../../../sdk/api/rollout.ts";
import {
  isEmptySelector,
  selectorMatches,
} from "../../../../core/api/validation/validate_selector.ts";

Deno.test("a selector matches labels that meet all of it", () => {
  const labels = { app: "web", tier: "front" };
  const expression = (key: string, operator: string, ...values: string[]) => ({
    matchExpressions: [{ key, operator, values }],
  });
  const rows: [LabelSelector | undefined, boolean][] = [
    [undefined, false],
    [{}, true],
    [{ matchLabels: { app: "web" } }, true],
    [{ matchLabels: { app: "web", tier: "back" } }, false],
    [{ matchLabels: { toString: "x" } }, false],
    [expression("app", "In", "api", "web"), true],
    [expression("app", "In", "api"), false],
    [expression("app", "NotIn", "api"), true],
    [expression("app", "NotIn", "web"), false],
    [expression("zone", "NotIn", "a"), true],
    [expression("app", "Exists"), true],
    [expression("zone", "Exists"), false],
    [expression("zone", "DoesNotExist"), true],
    [expression("app", "DoesNotExist"), false],
    [expression("app", "Like", "web"), false],
  ];
  for (const [selector, matches] of rows) {
    assert.equal(selectorMatches(selector, labels), matches, JSON.stringify(selector));
  }
  assert.equal(selectorMatches({ matchLabels: { app: "web" } }, undefined), false);
});

Deno.test("a selector without labels and expressions is empty", () => {
  assert.ok(isEmptySelector({}));
  assert.ok(isEmptySelector({ matchLabels: {}, matchExpressions: [] }));
  assert.ok(!isEmptySelector({ matchLabels: { app: "web" } }));
});
