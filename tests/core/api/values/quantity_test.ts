import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalQuantity, quantityMillis } from "../../../../core/api/values/quantity.ts";

Deno.test("amounts that are equal have one text in thousandths", () => {
  const groups: (string | number)[][] = [
    ["1000m", "1", 1, "1.0", "1e0", "+1", "1000000u"],
    ["0.5", 0.5, ".5", "500m", "5e-1"],
    ["1024Mi", "1Gi", 1073741824, "1048576Ki"],
    ["1k", "1e3", "1E3", 1000],
    ["0", "0m", "-0", "0.0", 0],
    ["1E", "1000P", "1e18"],
    ["1m", "0.0001", "1n"],
    ["-1", "-1000m"],
  ];
  const seen = new Set<string | undefined>();
  for (const group of groups) {
    const [first, ...rest] = group.map(quantityMillis);
    assert.ok(first !== undefined && !seen.has(first));
    seen.add(first);
    for (const each of rest) assert.equal(each, first, JSON.stringify(group));
  }
});

Deno.test("an amount is written as Kubernetes writes it", () => {
  const rows: [string | number, string][] = [
    ["1000m", "1"],
    ["0.5", "500m"],
    ["1.5Mi", "1536Ki"],
    ["1024Mi", "1Gi"],
    ["0.5Ki", "512"],
    ["1.0005Ki", "1024512m"],
    ["8Ei", "9223372036854775807"],
    ["8E", "8E"],
    ["1000000000", "1G"],
    ["123456789012", "123456789012"],
    ["5e8", "500e6"],
    ["1e9", "1e9"],
    ["0", "0"],
    ["-1", "-1"],
    [2, "2"],
  ];
  for (const [amount, text] of rows) assert.equal(canonicalQuantity(amount), text);
});

Deno.test("what is no amount has no text, and takes no time", () => {
  const rows = ["", " ", "a", "1 Gi", "1Gi1", "1KI", "1e", "--1", "1e99999999", "9".repeat(99)];
  for (const text of rows) {
    assert.equal(quantityMillis(text), undefined, text);
    assert.equal(canonicalQuantity(text), undefined, text);
  }
});

Deno.test("an amount without digits is 0, and blanks around one do not count", () => {
  for (const text of [".", "-", "Ki"]) assert.equal(canonicalQuantity(text), "0", text);
  for (const text of ["1 ", " 1"]) assert.equal(canonicalQuantity(text), "1", text);
});

Deno.test("the text of an amount is an equal amount", () => {
  const suffix = fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi", "e3");
  fc.assert(fc.property(fc.nat(1_000_000), suffix, (number, each) => {
    const amount = `${number}${each}`;
    assert.equal(quantityMillis(canonicalQuantity(amount) ?? ""), quantityMillis(amount));
  }));
});
