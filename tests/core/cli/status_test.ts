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

/** What users of kubectl write: all the same question. */
const HABITS = [
  "status web --watch=false",
  "status --watch=false web",
  "status web -w=false",
  "status -w=0 web",
  "status web --watch=F --timeout 5m",
  "status -t5m web -w=f",
  "status -t=5m --watch=False web",
  "status --timeout=5m0s -w=FALSE -- web",
  "-n=shop status web -w=false",
  "--namespace shop status web -w=false",
  "status -nshop -w=false web",
  "status -w=true web -w=false",
  "status web --watch=false --output=text -v=6",
];
for (const words of HABITS) {
  Deno.test(`flags are read as kubectl reads them: ${words}`, async () => {
    await using server = new VerbServer(heldRollout("web"));
    const ended = await server.run(words.split(" "));
    assert.deepEqual(ended, { code: 0, out: "Paused - CanaryPauseStep\n", err: "" });
    assert.deepEqual(server.requests, ["GET /namespaces/shop/rollouts/web"]);
  });
}

const WRONG_FLAGS: [words: string, error: string][] = [
  ["status web -w false", "the usage is: sluice status ROLLOUT"],
  ["status web --watch=no", 'invalid value "no" for --watch; use true or false'],
  ["status web --timeout 5", 'invalid duration "5"; write for example 90s, 1h30m or 500ms'],
  ["status web --timeout", "flag --timeout needs a value"],
  ["status web --timeuot 5m", "unknown flag --timeuot; did you mean --timeout?"],
  ["status web -x", "unknown flag -x"],
];
for (const [words, error] of WRONG_FLAGS) {
  Deno.test(`a wrong flag is one line: ${words}`, async () => {
    await using server = new VerbServer(heldRollout("web"));
    const { code, err } = await server.run(words.split(" "));
    assert.deepEqual([code, err], [1, `Error: ${error} (see sluice status --help)\n`]);
    assert.deepEqual(server.requests, []);
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
