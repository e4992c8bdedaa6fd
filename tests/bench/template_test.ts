/** What one message may cost: no template of a stranger holds up the controller. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseTemplate } from "../../core/notify/template/mod.ts";
import { RandomTemplate } from "../core/notify/template/random_template.ts";
import { CPU_MS, isLittle, leastCost } from "./cost.ts";
import { DATA, HEAVY_TEMPLATES } from "./heavy_templates.ts";
import { KNOTTED_TEMPLATES } from "./knotted_templates.ts";

/** `-- SEED` draws other templates than last time's. */
const [SEED] = Deno.args;
const RUNS = 20_000;
const OPTIONS = {
  ports: { nowMs: () => Date.UTC(2026, 10, 29), random: () => 0.25 },
  wholeNumbers: "int64",
} as const;

/** Reads and renders it; throws whatever is not an error of the template. */
function render(text: string): void {
  const parsed = parseTemplate({ name: "t", text });
  const outcome = parsed.error === undefined ? parsed.template.render(DATA, OPTIONS) : parsed;
  if (outcome.error !== undefined) assert.match(outcome.error.message, /^t:\d+:\d+: \S.*$/);
}

Deno.test(`a template that does as much as it may takes less than ${CPU_MS} ms and 16 MiB`, () => {
  const costs = HEAVY_TEMPLATES.map((text) => ({
    text: text.slice(0, 160),
    ...leastCost(() => render(text)),
  }));
  assert.deepEqual(costs.filter((cost) => !isLittle(cost)), []);
});

Deno.test(`values that hold themselves cost every function less than ${CPU_MS} ms and 16 MiB`, () => {
  const costs = KNOTTED_TEMPLATES.map((text) => ({ text, ...leastCost(() => render(text)) }));
  assert.deepEqual(costs.filter((cost) => !isLittle(cost)), []);
});

Deno.test(`${RUNS} templates: nothing but an error of the template, under ${CPU_MS} ms and 16 MiB each`, () => {
  const numbers = fc.array(fc.nat({ max: 9_999 }), { minLength: 5, maxLength: 120 });
  const property = fc.property(numbers, (drawn) => {
    const text = new RandomTemplate(drawn).text();
    const cost = leastCost(() => render(text));
    assert.ok(isLittle(cost), JSON.stringify({ ...cost, text }));
  });
  fc.assert(property, { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) });
});
