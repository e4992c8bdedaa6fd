import assert from "node:assert/strict";
import fc from "fast-check";
import { compareTexts, encodeUtf8 } from "../../../../core/notify/template/go_text.ts";

/** Units that meet at the edges: of ASCII, of stray bytes, of pairs, of what comes after them. */
const UNITS = ["a", "b", "\x7f", "é", "\ud83d", "\ude00", "\udcff", "\udcc3", "\udca9", "\uffee"];

function order(left: string, right: string): number {
  const [a, b] = [encodeUtf8(left), encodeUtf8(right)];
  const at = a.findIndex((byte, index) => byte !== b[index]);
  if (at < 0) return a.length - b.length;
  return at >= b.length ? 1 : (a[at] ?? 0) - (b[at] ?? 0);
}

Deno.test("texts are in the order of their bytes, also those that are no UTF-8", () => {
  const text = fc.array(fc.constantFrom(...UNITS), { maxLength: 5 }).map((units) => units.join(""));
  fc.assert(
    fc.property(text, text, (left, right) => {
      assert.equal(Math.sign(compareTexts(left, right)), Math.sign(order(left, right)));
    }),
    { numRuns: 3_000 },
  );
});
