/**
 * Cases 01 and 03 on a real control plane: the same core, the same script, the same expectations.
 * They run beside each other: most of their time is waiting.
 */
import assert from "node:assert/strict";
import { playCase01 } from "../seeds/case_01.ts";
import { playCase03 } from "../seeds/case_03.ts";
import type { CaseWorld } from "../seeds/run_case.ts";
import { startControlPlane } from "./control_plane/boot.ts";
import { playOnPlane } from "./played_case.ts";
import { connect, serveRollouts } from "./real_cluster.ts";

/** What the verbs that only look say at the end: the update to revision 5 was aborted. */
async function checkStanding({ commandLine, namespace }: CaseWorld): Promise<void> {
  assert.ok(commandLine);
  const ask = (...args: string[]) => commandLine(args);
  const reason = "RolloutAborted: Rollout aborted update to revision 5";
  assert.deepEqual(await ask("status", "mock-server"), {
    code: 1,
    out: `Degraded - ${reason}\n`,
    err: `Error: The rollout is in a degraded state with message: ${reason}\n`,
  });
  const { out: list } = await ask("list", "rollouts");
  assert.match(list, /^NAME +STRATEGY +STATUS .*\nmock-server +Canary +Degraded +0\/\d /);
  const { out: why } = await ask("explain", "mock-server");
  assert.match(why, /^Waits for: +the update was aborted: waiting for retry or another template$/m);
  assert.deepEqual(await ask("get", "rollout", "mock-serve"), {
    code: 1,
    out: "",
    err: `Error: rollout "mock-serve" not found in namespace "${namespace}"; ` +
      'did you mean "mock-server"?\n',
  });
}

/** Pods get ready in bursts here, and each burst is worth a status; Argo Rollouts: 41 and 70. */
const CASES = [
  { name: "case 01", play: playCase01, writesMax: 41 },
  {
    name: "case 03, and the verbs tell its end",
    play: async (world: CaseWorld) => {
      await playCase03(world);
      await checkStanding(world);
    },
    writesMax: 65,
  },
];

Deno.test("a real control plane plays cases 01 and 03 as they were recorded", async (test) => {
  const plane = await startControlPlane();
  try {
    const user = connect(plane, "user");
    await serveRollouts(user);
    await user.close();
    const beside = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };
    await Promise.all(
      CASES.map(({ name, play, writesMax }) =>
        test.step({ name, fn: () => playOnPlane(plane, play, { writesMax }), ...beside })
      ),
    );
  } finally {
    await plane.stop();
  }
});
