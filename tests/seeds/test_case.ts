/** What every recorded case must show on the embedded cluster. */
import assert from "node:assert/strict";
import type { PluginRegistry } from "../../sdk/registry.ts";
import { statusPatch } from "../../core/engine/mod.ts";
import { type EmbeddedCase, embeddedCase } from "./embedded_case.ts";

/** Plays a case and compares it; `writesMax` is what the controller may write in it. */
export function testCase(
  name: string,
  { play, writesMax, metricProviders }: {
    play: (world: EmbeddedCase) => Promise<unknown>;
    writesMax: number;
    /** Who measures, made anew for each play; default: who is built in. */
    metricProviders?: () => PluginRegistry["metricProviders"];
  },
): void {
  async function played(): Promise<EmbeddedCase> {
    const world = embeddedCase(metricProviders?.());
    await play(world);
    return world;
  }

  Deno.test(`${name} on the embedded cluster: states, screens and events as recorded`, async () => {
    await played();
  });

  Deno.test(`${name} takes at most ${writesMax} writes, each of them with an effect`, async () => {
    const { writes } = await played();
    assert.ok(writes.length > 20, "the writes are counted at all");
    assert.ok(writes.length <= writesMax, `${writes.length} writes`);
    assert.deepEqual(writes.filter(({ changed }) => !changed), []);
  });

  Deno.test(`${name}: no status patch changes only the times of conditions`, async () => {
    const { writes } = await played();
    for (const { subresource, before, after } of writes) {
      if (subresource !== "status") continue;
      const patch = statusPatch(statusOf(before), statusOf(after));
      assert.notEqual(patch, undefined);
    }
  });

  Deno.test(`${name}: no object, and no status, is written twice in one pass`, async () => {
    const { writes } = await played();
    const seen = new Set<string>();
    for (const { pass, type, subresource, namespace, name } of writes) {
      const write = `pass ${pass}: ${type.plural}/${subresource ?? ""} ${namespace}/${name}`;
      assert.ok(!seen.has(write), write);
      seen.add(write);
    }
  });

  Deno.test(`${name}: once settled, nothing is written any more`, async () => {
    const world = await played();
    const before = world.writes.length;
    for (let round = 0; round < 100; round++) await world.rest();
    assert.equal(world.writes.length, before);
  });
}

function statusOf(object: unknown): Record<string, unknown> {
  return ((object as { status?: Record<string, unknown> } | undefined)?.status) ?? {};
}
