import assert from "node:assert/strict";
import {
  labelSelectorOf,
  mapSelectorOf,
  matchesLabels,
  parseLabelSelector,
  selectorText,
} from "../../../../core/api/values/label_selector.ts";

const labels = { app: "web", tier: "front", empty: "", "example.test/hash": "7f", n: "5" };

Deno.test("parseLabelSelector() reads every form of requirement", () => {
  const rows: Record<string, boolean> = {
    "": true,
    "app=web": true,
    "app==web": true,
    "app = web , tier=front": true,
    "app=api": false,
    "app!=api": true,
    "app!=web": false,
    "absent!=web": true,
    "app in (web, api)": true,
    "app in (api)": false,
    "app notin (api,db)": true,
    "app notin (web)": false,
    "absent notin (web)": true,
    "absent in (web)": false,
    app: true,
    absent: false,
    "!absent": true,
    "! app": false,
    "example.test/hash=7f,!absent": true,
    "empty=": true,
    "app=": false,
    "empty in (,a)": true,
    "empty in ()": true,
    "app in (b,)": false,
    "n>4": true,
    "n>5": false,
    "n<6": true,
    "absent<6": false,
  };
  for (const [text, isMatching] of Object.entries(rows)) {
    assert.equal(matchesLabels(parseLabelSelector(text), labels), isMatching, text);
  }
});

Deno.test("parseLabelSelector() refuses what it cannot understand", () => {
  const rows: Record<string, string | RegExp> = {
    "foo  bar in":
      "unable to parse requirement: found 'bar', expected: in, notin, =, ==, !=, gt, lt",
    "a===b": "unable to parse requirement: found '=', expected: identifier",
    "a=b c": "found 'c', expected: ',' or 'end of string'",
    "-a=b": /^unable to parse requirement: <nil>: Invalid value: "-a": name part must consist/,
    "a in b": "unable to parse requirement: found 'b' expected: '('",
    "a in (b": "unable to parse requirement: found '', expected: ',' or ')'",
    "a=b,": "found '', expected: identifier after ','",
    "a>b": /values\[0\]: Invalid value: "b": for 'Gt', 'Lt' operators/,
    ",a": "found ',', expected: !, identifier, or 'end of string'",
  };
  for (const [text, message] of Object.entries(rows)) {
    assert.throws(
      () => parseLabelSelector(text),
      { name: "SelectorError", message },
      text,
    );
  }
});

Deno.test("matchesLabels() takes an object without labels as one with none", () => {
  assert.equal(matchesLabels(parseLabelSelector("!a"), undefined), true);
  assert.equal(matchesLabels(parseLabelSelector("a"), undefined), false);
});

Deno.test("labelSelectorOf() joins matchLabels and matchExpressions", () => {
  const selector = labelSelectorOf({
    matchLabels: { app: "web" },
    matchExpressions: [
      { key: "tier", operator: "In", values: ["front", "back"] },
      { key: "absent", operator: "DoesNotExist" },
    ],
  });
  assert.equal(matchesLabels(selector, labels), true);
  assert.equal(matchesLabels(selector, { ...labels, absent: "" }), false);
  assert.equal(matchesLabels(selector, { ...labels, tier: "middle" }), false);
  assert.equal(selectorText(selector), "!absent,app=web,tier in (back,front)");
});

Deno.test("mapSelectorOf() demands each of its labels", () => {
  const selector = mapSelectorOf({ app: "web", tier: "front" });
  assert.equal(matchesLabels(selector, labels), true);
  assert.equal(matchesLabels(selector, { app: "web" }), false);
});
