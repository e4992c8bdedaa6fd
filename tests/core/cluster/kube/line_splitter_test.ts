import assert from "node:assert/strict";
import fc from "fast-check";
import { LineSplitter } from "../../../../core/cluster/kube/line_splitter.ts";

Deno.test("LineSplitter gives the same lines wherever the bytes are cut", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", ""));
  fc.assert(fc.property(fc.array(line), fc.array(fc.nat(40)), (lines, cuts) => {
    const bytes = new TextEncoder().encode(lines.map((text) => text + "\n").join(""));
    const splitter = new LineSplitter();
    const seen: string[] = [];
    let at = 0;
    for (const size of [...cuts, bytes.length]) {
      seen.push(...splitter.push(bytes.subarray(at, at + size)));
      at += size;
    }
    assert.deepEqual(seen, lines.filter((text) => text.trim() !== ""));
    assert.equal(splitter.isMidLine, false);
  }));
});

Deno.test("LineSplitter keeps what has no end yet, and says so", () => {
  const splitter = new LineSplitter();
  const encoder = new TextEncoder();
  assert.deepEqual(splitter.push(encoder.encode("a\r\n\nb")), ["a\r"]);
  assert.equal(splitter.isMidLine, true);
  assert.deepEqual(splitter.push(encoder.encode("c")), []);
  assert.deepEqual(splitter.push(encoder.encode("\n \n ")), ["bc"]);
  assert.equal(splitter.isMidLine, false);
});
