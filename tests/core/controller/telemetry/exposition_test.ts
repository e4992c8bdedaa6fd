import assert from "node:assert/strict";
import { familyPieces, familyText } from "../../../../core/controller/telemetry/exposition.ts";
import { Counter, Histogram } from "../../../../core/controller/telemetry/instruments.ts";
import { parseStrictly } from "./strict_parser.ts";

Deno.test("a family as text: help, type, and a line for each series, with all that needs an escape", () => {
  const text = familyText({
    name: "rollout_info",
    help: "Two\nlines and a \\.",
    type: "gauge",
    samples: [
      { labels: { name: 'a"b\\c\nd' }, value: 1 },
      { labels: {}, value: Infinity },
      { labels: { name: "z" }, value: 0.25 },
    ],
  });
  assert.equal(
    text,
    "# HELP rollout_info Two\\nlines and a \\\\.\n# TYPE rollout_info gauge\n" +
      'rollout_info{name="a\\"b\\\\c\\nd"} 1\nrollout_info +Inf\nrollout_info{name="z"} 0.25\n',
  );
  assert.equal(parseStrictly(text).size, 3);
  assert.equal(familyText({ name: "none", help: "none", type: "gauge", samples: [] }), "");
});

Deno.test("a counter counts by labels, and forgets the series of what is gone", () => {
  const counter = new Counter({ name: "a_total", help: "a", labels: ["namespace", "name"] });
  counter.add({ namespace: "x", name: "web" });
  counter.add({ namespace: "x", name: "web" }, 2);
  counter.add({ namespace: "y", name: "web" });
  assert.deepEqual([...parseStrictly(familyText(counter.family()))], [
    ['a_total{namespace="x",name="web"}', 3],
    ['a_total{namespace="y",name="web"}', 1],
  ]);
  counter.keep(({ namespace }) => namespace === "y");
  assert.equal(parseStrictly(familyText(counter.family())).size, 1);
});

Deno.test("a histogram's buckets hold all up to their bound, the bound too", () => {
  const histogram = new Histogram({ name: "h", help: "h", labels: ["a"], bounds: [0, 1, 5] });
  for (const value of [0, 0.5, 1, 7]) histogram.observe({ a: "x" }, value);
  assert.deepEqual([...parseStrictly(familyText(histogram.family()))], [
    ['h_bucket{a="x",le="0"}', 1],
    ['h_bucket{a="x",le="1"}', 3],
    ['h_bucket{a="x",le="5"}', 3],
    ['h_bucket{a="x",le="+Inf"}', 4],
    ['h_sum{a="x"}', 8.5],
    ['h_count{a="x"}', 4],
  ]);
});

Deno.test("a big family comes in pieces, made as they are sent", () => {
  let made = 0;
  function* samples() {
    while (made < 5_000) yield { labels: { name: `web-${++made}` }, value: 1 };
  }
  const pieces = familyPieces({ name: "a", help: "a", type: "gauge", samples: samples() });
  const [first = ""] = [pieces.next().value ?? ""];
  assert.equal(made, 2_000);
  const rest = [...pieces];
  assert.equal(rest.length, 2);
  assert.equal(parseStrictly(first + rest.join("")).size, 5_000);
});
