/** A recorded case on a real control plane, with the bundled controller as its own process. */
import assert from "node:assert/strict";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import type { SeenEvent } from "../seeds/compare.ts";
import type { CaseWorld } from "../seeds/run_case.ts";
import type { ControlPlane } from "./control_plane/boot.ts";
import { auditedWrites } from "./audit_log.ts";
import { commandLineOf } from "./command_line.ts";
import { killProcess, startControllerProcess } from "./own_process.ts";
import { connect, until } from "./real_cluster.ts";

/** Plays a case in a namespace of its own; fails when the controller writes more than this. */
export async function playOnPlane(
  plane: ControlPlane,
  play: (world: CaseWorld) => Promise<unknown>,
  { writesMax }: { writesMax: number },
): Promise<void> {
  const user = connect(plane, "user");
  const namespace = await makeNamespace(user);
  const events: SeenEvent[] = [];
  const userAgent = `controller-${namespace}`;
  const controller = await startControllerProcess(plane, {
    userAgent,
    namespace,
    isBundled: true,
    onEvent: (event) => events.push(event),
  });
  try {
    await play({
      user,
      namespace,
      events,
      commandLine: commandLineOf(plane, namespace),
      nowMs: () => systemClock.now(),
      until: (what, probe) => until(what, probe, 120_000),
      rest: () => sleep(systemClock, 3_000),
      wait: (durationMs) => sleep(systemClock, durationMs),
    });
    const writes = await auditedWrites(plane, userAgent);
    assert.ok(writes.length > 0);
    const told = writes.map(({ verb, resource, name }) => `${verb} ${resource} ${name}`);
    assert.ok(writes.length <= writesMax, `${writes.length} writes: ${told.join(", ")}`);
  } finally {
    await killProcess(controller);
    await user.close();
  }
}
