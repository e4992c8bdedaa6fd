/** Case 02 on a real control plane: the same core, the same script, the same expectations. */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../../core/api/names/resources.ts";
import { KINDS } from "../../core/api/schema/kinds.ts";
import { apply } from "../../core/command/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { playCase02 } from "../seeds/case_02.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import { playOnPlane } from "./played_case.ts";
import { BUNDLE_START, bundled } from "./bundled.ts";
import { kubeconfig } from "./control_plane/settings.ts";
import { controllerToken } from "./service_account.ts";
import { connect, serveKind, serveRollouts, until, webRollout } from "./real_cluster.ts";

/** Pods get ready in bursts here, and each burst is worth a status; Argo Rollouts: 63. */
const WRITES_MAX = 58;

/** The program as it is released, with its own rights, started and stopped as a cluster does. */
async function playProgram(plane: ControlPlane): Promise<void> {
  const user = connect(plane, "user");
  const namespace = await makeNamespace(user);
  const main = await bundled(plane, new URL("../../main.ts", import.meta.url).pathname);
  const token = await controllerToken(plane);
  const file = `${plane.directory}/controller.kubeconfig`;
  await Deno.writeTextFile(file, kubeconfig({ ...plane, token }));
  const args = [...BUNDLE_START, main, "controller", "--kubeconfig", file];
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args, "-n", namespace, "--healthzPort=0", "--metricsPort=0"],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  try {
    await apply(
      user,
      ROLLOUTS,
      webRollout(namespace, {
        replicas: 2,
        canary: { steps: [{ setWeight: 50 }, { pause: {} }] },
      }),
    );
    await until("a Healthy Rollout", async () => {
      const rollout = (await user.get(ROLLOUTS, { namespace, name: "web" })) as Rollout;
      return rollout.status?.phase === "Healthy";
    });
  } finally {
    child.kill("SIGTERM");
    await user.close();
  }
  const { code, stderr } = await output;
  const log = new TextDecoder().decode(stderr);
  assert.equal(code, 0, log);
  assert.match(log, /controller stopped/);
  assert.doesNotMatch(log, /ERROR|WARNING|\n\s+at /);
}

Deno.test("a real control plane", async (test) => {
  const plane = await startControlPlane();
  try {
    const user = connect(plane, "user");
    await serveRollouts(user);
    for (const kind of KINDS.filter(({ type }) => type !== ROLLOUTS)) await serveKind(user, kind);
    await user.close();
    await test.step("plays case 02 with the states, screens and events of the recording", () =>
      playOnPlane(plane, playCase02, { writesMax: WRITES_MAX }));
    await test.step("is served by the program, which stops in good order", () =>
      playProgram(plane));
  } finally {
    await plane.stop();
  }
});
