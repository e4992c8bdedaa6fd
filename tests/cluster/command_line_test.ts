/** Case 03 on a real control plane, by the program alone: `sluice controller`, and its verbs. */
import assert from "node:assert/strict";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { CASE_03 } from "../seeds/case_03.ts";
import { playUnheard } from "../seeds/recorded_case.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import { commandLineOf } from "./command_line.ts";
import { connect, serveRollouts, until } from "./real_cluster.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

async function playByCommandLine(plane: ControlPlane): Promise<void> {
  const user = connect(plane, "user");
  const namespace = await makeNamespace(user);
  const args = ["run", "-q", "-A", MAIN, "controller", "--kubeconfig", plane.kubeconfigPath];
  const controller = new Deno.Command(Deno.execPath(), {
    args: [...args, "-n", namespace, "--healthzPort=0", "--metricsPort=0"],
    // Its Lease is kept there.
    env: { POD_NAMESPACE: namespace },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = controller.output();
  try {
    await playUnheard({
      user,
      namespace,
      // The controller is a process of its own.
      events: [],
      commandLine: commandLineOf(plane, namespace),
      nowMs: () => systemClock.now(),
      until: (what, probe) => until(what, probe, 120_000),
      rest: () => sleep(systemClock, 3_000),
      wait: (durationMs) => sleep(systemClock, durationMs),
    }, CASE_03);
    await checkStanding(plane, namespace);
  } finally {
    controller.kill("SIGTERM");
    await user.close();
  }
  const { code, stderr } = await output;
  assert.equal(code, 0, new TextDecoder().decode(stderr));
}

/** What the verbs that only look say at the end: the update to revision 5 was aborted. */
async function checkStanding(plane: ControlPlane, namespace: string): Promise<void> {
  const commandLine = commandLineOf(plane, namespace);
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

Deno.test("case 03 is played by the command line alone, with the screens of the recording", async () => {
  const plane = await startControlPlane();
  try {
    const user = connect(plane, "user");
    await serveRollouts(user);
    await user.close();
    await playByCommandLine(plane);
  } finally {
    await plane.stop();
  }
});
