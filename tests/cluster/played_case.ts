/** A recorded case on a real control plane, with the thin controller on it. */
import assert from "node:assert/strict";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { startController } from "../../core/controller/mod.ts";
import { silentLog, sleep } from "../../core/ports/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import type { SeenEvent } from "../seeds/compare.ts";
import { type CaseWorld, seenEvent } from "../seeds/run_case.ts";
import type { ControlPlane } from "./control_plane/boot.ts";
import { connect, until } from "./real_cluster.ts";
import { plugins } from "../../plugins/mod.ts";

/** Plays a case in a namespace of its own; fails when the controller writes more than this. */
export async function playOnPlane(
  plane: ControlPlane,
  play: (world: CaseWorld) => Promise<unknown>,
  { writesMax }: { writesMax: number },
): Promise<void> {
  const user = connect(plane, "user");
  const own = connect(plane, "sluice");
  const namespace = await makeNamespace(user);
  const events: SeenEvent[] = [];
  const controller = startController({
    plugins,
    cluster: own,
    clock: systemClock,
    log: silentLog,
    namespace,
    onEvent: (event) => events.push(seenEvent(event)),
  });
  try {
    await until("the controller", () => Promise.resolve(controller.isReady));
    await play({
      user,
      namespace,
      events,
      nowMs: () => systemClock.now(),
      until: (what, probe) => until(what, probe, 120_000),
      rest: () => sleep(systemClock, 3_000),
      wait: (durationMs) => sleep(systemClock, durationMs),
    });
    const writes = [...own.requests()]
      .filter(([name]) => !/^(get|list|watch) | events/.test(name));
    const total = writes.reduce((sum, [, count]) => sum + count, 0);
    assert.ok(total > 0);
    assert.ok(total <= writesMax, `${total} writes: ${JSON.stringify(writes)}`);
  } finally {
    await controller.stop();
    await own.close();
    await user.close();
  }
}
