import assert from "node:assert/strict";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { following } from "./followed_cluster.ts";
import { at, type Held, heldRollout, VerbServer } from "./verb_server.ts";

const HELD: Held = {
  ...heldRollout("web", { status: { readyReplicas: 2, replicas: 3, updatedReplicas: 1 } }),
  ...heldRollout("api", {
    spec: { strategy: { blueGreen: { activeService: "api" } } },
    status: { phase: "Healthy", availableReplicas: 2 },
  }),
  ...heldRollout("a-name-that-is-long", { namespace: "prod" }),
};

Deno.test("list rollouts lists those of the namespace by name, in one request", async () => {
  await using server = new VerbServer(HELD);
  const { code, out, err } = await server.run(["list", "rollouts"]);
  assert.deepEqual([code, err], [0, ""]);
  assert.equal(
    out,
    `NAME        STRATEGY   STATUS        STEP  SET-WEIGHT  READY  DESIRED  UP-TO-DATE  AVAILABLE
api         BlueGreen  Healthy       -     -           0/0    2        0           2${"        "}
web         Canary     Paused        1/2   50          2/3    2        1           0${"        "}
`,
  );
  assert.deepEqual(server.requests, ["GET /namespaces/shop/rollouts"]);
});

for (const flag of ["-A", "--all-namespaces"]) {
  Deno.test(`list ro ${flag} is one request for all namespaces`, async () => {
    await using server = new VerbServer(HELD);
    const { out } = await server.run(["list", "ro", flag]);
    assert.deepEqual(out.split("\n").map((line) => line.split(/ +/).slice(0, 2).join(" ")), [
      "NAMESPACE NAME",
      "prod a-name-that-is-long",
      "shop api",
      "shop web",
      "",
    ]);
    assert.deepEqual(server.requests, ["GET /rollouts"]);
  });
}

Deno.test("list rollouts --name asks for one, and --timestamps says when", async () => {
  await using server = new VerbServer(HELD);
  const clock = { ...systemClock, now: () => Date.parse("2030-01-01T00:00:00.5Z") };
  const args = ["list", "rollouts", "--name=web", "--timestamps"];
  const { out } = await server.run(args, { clock });
  assert.match(out, /^TIMESTAMP {13}NAME {8}STRATEGY .*\n2030-01-01T00:00:00Z {2}web {9}Canary/);
  assert.equal(server.seen[0]?.query["fieldSelector"], "metadata.name=web");
});

for (const what of ["rollouts", "experiments"]) {
  Deno.test(`list ${what}: when there are none, standard error says so, and it is no mistake`, async () => {
    await using server = new VerbServer();
    const ended = await server.run(["list", what]);
    assert.deepEqual(ended, { code: 0, out: "", err: "No resources found.\n" });
    const { out } = await server.run(["list", what, "-o", "json"]);
    assert.deepEqual(JSON.parse(out), { [what]: [] });
  });
}

Deno.test("list experiments tells how long each has run and is to run", async () => {
  const nowMs = Date.parse("2030-01-01T00:10:00Z");
  const experiment = (name: string, spec: unknown, status: unknown) => ({
    [at("experiments", name)]: {
      metadata: { name, namespace: "shop", creationTimestamp: "2030-01-01T00:00:00Z" },
      spec,
      status,
    },
  });
  await using server = new VerbServer({
    ...experiment("first", { duration: "15m" }, {
      phase: "Running",
      availableAt: "2030-01-01T00:01:00Z",
    }),
    ...experiment("second", {}, { phase: "Successful" }),
  });
  const clock = { ...systemClock, now: () => nowMs };
  const { out } = await server.run(["list", "exp"], { clock });
  assert.equal(
    out,
    `NAME        STATUS      DURATION  REMAINING  AGE
first       Running     15m       6m         10m
second      Successful  -         -          10m
`,
  );
});

Deno.test("list rollouts --watch prints a line for each that changed, and keeps the columns", async () => {
  const { code, out } = await following(
    ["list", "rollouts", "--watch"],
    async ({ setStatus, wrote, stop }) => {
      await wrote(1);
      await setStatus({ phase: "Paused" });
      await wrote(2);
      stop();
    },
  );
  assert.equal(code, 130);
  const lines = out.trimEnd().split("\n").map((line) => line.split(/ {2,}/).slice(0, 3));
  assert.deepEqual(lines, [
    ["NAME", "STRATEGY", "STATUS"],
    ["web", "Canary", "Progressing"],
    ["web", "Canary", "Paused"],
  ]);
});

Deno.test("list rollouts for programs", async () => {
  await using server = new VerbServer(HELD);
  const { out } = await server.run(["list", "rollouts", "-o", "json"]);
  const [first, ...more] = JSON.parse(out).rollouts;
  assert.deepEqual(first, {
    namespace: "shop",
    name: "api",
    strategy: "BlueGreen",
    status: "Healthy",
    step: "-",
    setWeight: "-",
    ready: "0/0",
    desired: 2,
    upToDate: 0,
    available: 2,
  });
  assert.equal(more.length, 1);
  const named = await server.run(["list", "rollouts", "-o", "name"]);
  assert.equal(named.out, "rollout.argoproj.io/api\nrollout.argoproj.io/web\n");
});
