import assert from "node:assert/strict";
import type { Service } from "../../core/rollout/mod.ts";
import { selectedHash } from "../../core/rollout/service.ts";
import { playCase01, playDocument01 } from "./case_01.ts";
import { embeddedCase } from "./embedded_case.ts";
import { testCase } from "./test_case.ts";

testCase("case 01", { play: playCase01, writesMax: 27 });

Deno.test("case 01 at the pace of its document: the screens that it prints", async () => {
  await playDocument01(embeddedCase());
});

Deno.test("case 01: the selector of no Service goes to and fro", async () => {
  const seen = new Map<string, string[]>();
  const world = embeddedCase();
  await playCase01(world);
  for (const { type, name, after } of world.writes) {
    if (type.kind !== "Service") continue;
    const hashes = seen.get(name) ?? [];
    seen.set(name, [...hashes, selectedHash(after as Service)]);
  }
  assert.deepEqual([...seen].map(([name, hashes]) => [name, hashes.length]), [
    ["mock-server-preview", 3],
    ["mock-server-active", 2],
  ]);
  for (const [name, hashes] of seen) assert.equal(new Set(hashes).size, hashes.length, name);
});
