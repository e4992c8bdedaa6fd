/**
 * Two controllers on a real control plane, in processes of their own. One is stopped in the middle
 * of many updates; the other finishes them; the first wakes and must not write what it had decided.
 */
import assert from "node:assert/strict";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import { Fleet, written } from "./fleet.ts";
import { killProcess, startControllerProcess } from "./own_process.ts";
import { connect, serveRollouts, until } from "./real_cluster.ts";
import { playStepPlugin } from "./step_plugin_story.ts";

async function playFrozen(plane: ControlPlane): Promise<void> {
  const user = connect(plane, "user");
  await serveRollouts(user);
  const namespace = await makeNamespace(user);
  const started = systemClock.now();
  const processes = await Promise.all(
    ["first", "second"].map((userAgent) => startControllerProcess(plane, { userAgent, namespace })),
  );
  const fleet = new Fleet(user, namespace, 20);
  const areHealthy = () => fleet.isHealthy();
  try {
    await fleet.create();
    await until("all to be Healthy", areHealthy);
    for (const one of ["first", "second"]) {
      assert.ok((await written(plane, one, started)).length > 0, `${one} is at work`);
    }
    await fleet.update("registry/web:2");
    await sleep(systemClock, 1_500);
    processes[0]?.kill("SIGSTOP");
    await until("the second to finish", areHealthy);
    // Until the last former revision has given up its pods nothing is settled.
    await sleep(systemClock, 5_000);
    const wokenMs = systemClock.now();
    processes[0]?.kill("SIGCONT");
    await sleep(systemClock, 10_000);
    assert.deepEqual(
      await written(plane, "first", wokenMs),
      [],
      "what it had decided is not written",
    );

    // It is none the worse for it: alone it carries on.
    processes[1]?.kill("SIGKILL");
    await fleet.update("registry/web:3", ["web-1"]);
    await until("the first to serve", areHealthy);
    assert.ok((await written(plane, "first", wokenMs)).length > 0);
  } finally {
    await Promise.all(processes.map(killProcess));
    await user.close();
  }
}

Deno.test("a real control plane: controllers that are frozen or killed in the middle", async (test) => {
  const plane = await startControlPlane();
  try {
    await test.step("one that was frozen writes nothing of what it knew", () => playFrozen(plane));
    await test.step("one that is killed goes on with the run of a step plugin", () =>
      playStepPlugin(plane));
  } finally {
    await plane.stop();
  }
});
