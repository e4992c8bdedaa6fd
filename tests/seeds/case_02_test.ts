import assert from "node:assert/strict";
import { statusPatch } from "../../core/engine/mod.ts";
import { playCase02 } from "./case_02.ts";
import { embeddedCase } from "./embedded_case.ts";

/** What the controller may write in this case; Argo Rollouts writes 63 times. */
const WRITES_MAX = 44;

Deno.test("case 02 on the embedded cluster: states, screens and events as recorded", async () => {
  await playCase02(embeddedCase());
});

Deno.test(`case 02 takes at most ${WRITES_MAX} writes, each of them with an effect`, async () => {
  const world = embeddedCase();
  await playCase02(world);
  assert.ok(world.writes.length > 20, "the writes are counted at all");
  assert.ok(world.writes.length <= WRITES_MAX, `${world.writes.length} writes`);
  assert.deepEqual(world.writes.filter(({ changed }) => !changed), []);
});

Deno.test("case 02: no status patch changes only the times of conditions", async () => {
  const world = embeddedCase();
  await playCase02(world);
  for (const { subresource, before, after } of world.writes) {
    if (subresource !== "status") continue;
    const patch = statusPatch(statusOf(before), statusOf(after));
    assert.notEqual(patch, undefined);
  }
});

Deno.test("case 02: no object, and no status, is written twice in one pass", async () => {
  const world = embeddedCase();
  await playCase02(world);
  const seen = new Set<string>();
  for (const { pass, type, subresource, namespace, name } of world.writes) {
    const write = `pass ${pass}: ${type.plural}/${subresource ?? ""} ${namespace}/${name}`;
    assert.ok(!seen.has(write), write);
    seen.add(write);
  }
});

Deno.test("case 02: once settled, nothing is written any more", async () => {
  const world = embeddedCase();
  await playCase02(world);
  const before = world.writes.length;
  for (let round = 0; round < 100; round++) await world.rest();
  assert.equal(world.writes.length, before);
});

function statusOf(object: unknown): Record<string, unknown> {
  return ((object as { status?: Record<string, unknown> } | undefined)?.status) ?? {};
}
