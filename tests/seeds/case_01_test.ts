import assert from "node:assert/strict";
import { statusPatch } from "../../core/engine/mod.ts";
import type { Service } from "../../core/rollout/mod.ts";
import { selectedHash } from "../../core/rollout/service.ts";
import { playCase01, playDocument01 } from "./case_01.ts";
import { type EmbeddedCase, embeddedCase } from "./embedded_case.ts";

/** What the controller may write in this case; Argo Rollouts writes 41 times. */
const WRITES_MAX = 33;

async function played(): Promise<EmbeddedCase> {
  const world = embeddedCase();
  await playCase01(world);
  return world;
}

Deno.test("case 01 on the embedded cluster: states, screens and events as recorded", async () => {
  await played();
});

Deno.test("case 01 at the pace of its document: the screens that it prints", async () => {
  await playDocument01(embeddedCase());
});

Deno.test(`case 01 takes at most ${WRITES_MAX} writes, each of them with an effect`, async () => {
  const { writes } = await played();
  assert.ok(writes.length > 20, "the writes are counted at all");
  assert.ok(writes.length <= WRITES_MAX, `${writes.length} writes`);
  assert.deepEqual(writes.filter(({ changed }) => !changed), []);
});

Deno.test("case 01: no status patch changes only the times of conditions", async () => {
  const statusOf = (object: unknown) =>
    (object as { status?: Record<string, unknown> } | undefined)?.status ?? {};
  for (const { subresource, before, after } of (await played()).writes) {
    if (subresource !== "status") continue;
    assert.notEqual(statusPatch(statusOf(before), statusOf(after)), undefined);
  }
});

Deno.test("case 01: the selector of no Service goes to and fro", async () => {
  const seen = new Map<string, string[]>();
  for (const { type, name, after } of (await played()).writes) {
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

Deno.test("case 01: once settled, nothing is written any more", async () => {
  const world = await played();
  const before = world.writes.length;
  for (let round = 0; round < 100; round++) await world.rest();
  assert.equal(world.writes.length, before);
});
