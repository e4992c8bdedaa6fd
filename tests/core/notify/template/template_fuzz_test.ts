import assert from "node:assert/strict";
import fc from "fast-check";
import { parseTemplate } from "../../../../core/notify/template/mod.ts";
import { GoTime } from "../../../../core/analysis/condition/go_time.ts";
import { RandomTemplate } from "./random_template.ts";

const RUNS = Number(Deno.args[0] ?? 2_000);

const DATA = {
  s: "hello, world",
  u: "héllo ✓",
  list: ["a", 1, null, { b: [1.5] }],
  map: { deep: { x: 1 }, none: null, z: "é" },
  n: null,
  i: 3,
  f: 2.5,
  big: "x".repeat(20_000),
  now: new GoTime(0n),
};

Deno.test("whatever is written, only an error of the template comes of it", () => {
  let rendered = 0;
  const property = fc.property(
    fc.array(fc.nat({ max: 9_999 }), { minLength: 5, maxLength: 120 }),
    (numbers) => {
      const text = new RandomTemplate(numbers).text();
      const parsed = parseTemplate({ name: "t", text });
      if (parsed.error !== undefined) {
        return assert.match(parsed.error.message, /^t:\d+:\d+: \S.*$/);
      }
      const outcome = parsed.template.render(DATA, {
        ports: { nowMs: () => 0, random: () => 0.25 },
        wholeNumbers: "int64",
      });
      if (outcome.error !== undefined) {
        return assert.match(outcome.error.message, /^t:\d+:\d+: \S.*$/);
      }
      rendered++;
      assert.ok(outcome.text.isWellFormed() && outcome.text.length <= 1_000_000);
    },
  );
  fc.assert(property, { numRuns: RUNS });
  assert.ok(rendered > RUNS / 20, `only ${rendered} were rendered`);
});
