import assert from "node:assert/strict";
import { following } from "./followed_cluster.ts";
import { heldRollout, VerbServer } from "./verb_server.ts";

/** How it ends without waiting. */
const LOOKS: [status: Record<string, unknown>, code: number, out: string, err: string][] = [
  [{ phase: "Healthy", message: null }, 0, "Healthy\n", ""],
  [{}, 0, "Paused - CanaryPauseStep\n", ""],
  [
    { phase: "Degraded", message: "RolloutAborted: no" },
    1,
    "Degraded\n",
    "Error: The rollout is in a degraded state with message: RolloutAborted: no\n",
  ],
];
for (const [status, code, out, err] of LOOKS) {
  Deno.test(`status --watch=false of ${JSON.stringify(status)} is ${code} and ${out.trim()}`, async () => {
    await using server = new VerbServer(heldRollout("web", { status }));
    const ended = await server.run(["status", "web", "--watch=false"]);
    assert.deepEqual(ended, { code, out, err });
    assert.equal(server.seen.length, 1);
  });
}

Deno.test("status prints each change, and ends when the Rollout is Healthy", async () => {
  const { code, out, err } = await following(["status", "web"], async ({ setStatus, wrote }) => {
    await wrote(1);
    await setStatus({ phase: "Paused", message: "CanaryPauseStep" });
    await wrote(2);
    await setStatus({ phase: "Healthy", message: null });
  });
  assert.deepEqual([code, err], [0, ""]);
  assert.equal(
    out,
    "Progressing - more replicas need to be updated\n" +
      "Paused - CanaryPauseStep\nHealthy\n",
  );
});

Deno.test("status ends with 1 when the Rollout gets Degraded", async () => {
  const { code, out, err } = await following(["status", "web"], async ({ setStatus, wrote }) => {
    await wrote(1);
    await setStatus({ phase: "Degraded", message: "RolloutAborted: no" });
  });
  assert.equal(code, 1);
  assert.match(out, /\nDegraded - RolloutAborted: no\n$/);
  assert.equal(err, "Error: The rollout is in a degraded state with message: RolloutAborted: no\n");
});

Deno.test("status ends with 1 when its time is up, whatever else is said in JSON", async () => {
  const args = ["status", "web", "--timeout", "300ms", "-o", "json"];
  const { code, out, err } = await following(args, () => new Promise(() => {}));
  assert.deepEqual([code, err], [1, "Error: Rollout status watch exceeded timeout\n"]);
  assert.deepEqual(JSON.parse(out), {
    name: "web",
    namespace: "default",
    status: "Progressing",
    message: "more replicas need to be updated",
    outcome: "TimedOut",
  });
});

Deno.test("status is interrupted by Ctrl-C with 130", async () => {
  const { code } = await following(["status", "web"], async ({ wrote, stop }) => {
    await wrote(1);
    stop();
  });
  assert.equal(code, 130);
});

Deno.test("status of what is not there says so", async () => {
  await using server = new VerbServer();
  const { code, err } = await server.run(["status", "web"]);
  assert.deepEqual([code, err], [1, 'Error: rollout "web" not found in namespace "shop"\n']);
});
