import assert from "node:assert/strict";
import { safeHash } from "../../../../core/api/hash/safe_hash.ts";

Deno.test("a hash is FNV-1a of the bytes in safe letters, with the collision count behind them", () => {
  assert.equal(safeHash("null"), "5ffbfbbd64");
  assert.equal(safeHash('[{"setWeight":10},{"pause":{}}]'), "849b756fd4");
  assert.equal(safeHash("null", 0), "5688488768");
  assert.equal(safeHash("null", 1), "6d54c4bc9c");
  assert.equal(safeHash("null", 70000), "7649b6fdb6");
});
