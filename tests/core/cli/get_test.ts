import assert from "node:assert/strict";
import canary from "../../fixtures/view/02-canary-success.json" with { type: "json" };
import undoAbort from "../../fixtures/view/03-canary-undo-abort.json" with { type: "json" };
import experiment from "../../fixtures/view/06-canary-istio-vs-analysis-experiment.json" with {
  type: "json",
};
import type { KubeObject } from "../../../sdk/api/object.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { type Recorded, recordedObjects } from "../view/recorded_objects.ts";
import { refusal } from "../cluster/kube/fake_server.ts";
import { run } from "./fake_terminal.ts";
import { at, type Held, heldRollout, VerbServer } from "./verb_server.ts";

const CASES: Readonly<Record<string, unknown[]>> = {
  "02-canary-success": canary,
  "03-canary-undo-abort": undoAbort,
  "06-canary-istio-vs-analysis-experiment": experiment,
};

/** A server with the objects of a recorded screen, and those of neighbours. */
function heldOf(recorded: Recorded): { held: Held; nowMs: number; args: string[] } {
  const { rollout, nowMs, ...kinds } = recordedObjects(recorded);
  const namespace = rollout.metadata.namespace ?? "";
  const places: Record<string, (name: string) => string> = {
    replicaSets: (name) => `/apis/apps/v1/namespaces/${namespace}/replicasets/${name}`,
    pods: (name) => `/api/v1/namespaces/${namespace}/pods/${name}`,
    experiments: (name) => at("experiments", name, namespace),
    analysisRuns: (name) => at("analysisruns", name, namespace),
  };
  const { name } = rollout.metadata;
  const held: Record<string, unknown> = { [at("rollouts", name, namespace)]: rollout };
  for (const [kind, items] of Object.entries(kinds)) {
    for (const object of items as KubeObject[]) {
      const path = places[kind]?.(object.metadata.name) ?? "";
      // Neighbours have names of their own in a cluster.
      held[path in held ? `${path}-neighbour` : path] = object;
    }
  }
  return { held, nowMs, args: [name, "-n", namespace] };
}

for (const [story, recorded] of Object.entries(CASES)) {
  for (const moment of recorded as Recorded[]) {
    Deno.test(`get rollout shows screen ${moment.number} of ${story} as recorded`, async () => {
      const { held, nowMs, args } = heldOf(moment);
      await using server = new VerbServer(held);
      const clock = { ...systemClock, now: () => nowMs };
      const { code, out, err } = await server.run(["get", "rollout", ...args], { clock });
      assert.deepEqual([code, err], [0, ""]);
      assert.equal(out, `${moment.screen.join("\n")}\n`);
    });
  }
}

Deno.test("get rollout asks for pods of its own sets alone, in two rounds", async () => {
  const moment = (experiment as Recorded[]).find(({ experiments }) => experiments?.length);
  const { held, args } = heldOf(moment as Recorded);
  await using server = new VerbServer(held);
  await server.run(["get", "ro", ...args]);
  const [pods, ...more] = server.seen.filter(({ path }) => path.endsWith("/pods"));
  assert.match(
    pods?.query["labelSelector"] ?? "",
    /^rollouts-pod-template-hash in \((\w+,)*\w+\)$/,
  );
  assert.deepEqual(more, []);
  assert.equal(server.seen.length, 5);
});

const EXPERIMENT_SCREEN = `
Name:            mock-server-77f87799cf-2-0
Namespace:
Status:          ◌ Running
Images:          ghcr.io/ssup2/mock-go-server:1.0.0 (Σ:stable)
                 ghcr.io/ssup2/mock-go-server:2.0.0 (Σ:canary)

NAME                                                      KIND         STATUS     AGE  INFO
Σ mock-server-77f87799cf-2-0                              Experiment   ◌ Running  7s
├──⧉ mock-server-77f87799cf-2-0-canary                    ReplicaSet   ✔ Healthy  7s
│  └──□ mock-server-77f87799cf-2-0-canary-pswc7           Pod          ✔ Running  6s   ready:1/1
├──⧉ mock-server-77f87799cf-2-0-stable                    ReplicaSet   ✔ Healthy  7s
│  └──□ mock-server-77f87799cf-2-0-stable-rm2ls           Pod          ✔ Running  6s   ready:1/1
└──α mock-server-77f87799cf-2-0-stable-canary-comparison  AnalysisRun  ◌ Running  2s   ✖ 2
`;

Deno.test("get experiment shows the sets, pods and analyses of one experiment", async () => {
  const moment = (experiment as Recorded[]).find(({ experiments }) => experiments?.length);
  const { held, nowMs, args: [, ...args] } = heldOf(moment as Recorded);
  await using server = new VerbServer(held);
  const clock = { ...systemClock, now: () => nowMs };
  const words = ["get", "exp", "mock-server-77f87799cf-2-0", ...args];
  const { code, out } = await server.run(words, { clock });
  assert.equal(code, 0);
  assert.equal(`\n${out.replaceAll(/ +$/gm, "")}`, EXPERIMENT_SCREEN);
});

Deno.test("what may not be listed is left out, and said", async () => {
  await using server = new VerbServer({
    ...heldRollout("web"),
    "/apis/apps/v1/namespaces/shop/replicasets": refusal(403, "Forbidden"),
    "/apis/argoproj.io/v1alpha1/namespaces/shop/experiments": refusal(404, "NotFound"),
  });
  const { code, out, err } = await server.run(["get", "rollout", "web"]);
  assert.equal(code, 0);
  assert.match(out, /^Name: +web\n/);
  assert.equal(err, "Warning: replicasets are not shown: told: Forbidden\n");
});

Deno.test("get rollout for programs: its data as JSON and YAML, its name", async () => {
  await using server = new VerbServer(heldRollout("web"));
  const { out } = await server.run(["get", "rollout", "web", "-o", "json"]);
  const { name, status, message, canary: progress } = JSON.parse(out);
  assert.deepEqual({ name, status, message, progress }, {
    name: "web",
    status: "Paused",
    message: "CanaryPauseStep",
    progress: { step: "1/2", setWeight: 50, actualWeight: 0 },
  });
  assert.match((await server.run(["get", "rollout", "web", "-oyaml"])).out, /^name: web\n/);
  const named = await server.run(["get", "rollout", "web", "-o=name"]);
  assert.equal(named.out, "rollout.argoproj.io/web\n");
});

Deno.test("get rollout has colours where the terminal has, and none with --no-color", async () => {
  await using server = new VerbServer(heldRollout("web", { status: { phase: "Degraded" } }));
  const machine = { hasColour: true, screen: { columns: 80, rows: 24 } };
  const { out } = await server.run(["get", "rollout", "web"], machine);
  assert.ok(out.includes("\x1b[31m✖\x1b[0m Degraded"));
  const plain = await server.run(["get", "rollout", "web", "--no-color"], machine);
  // deno-lint-ignore no-control-regex -- what switches a colour
  assert.equal(plain.out, out.replaceAll(/\x1b\[\d+m/g, ""));
});

for (
  const [args, error] of [
    [["get", "rollout"], "the usage is: sluice get rollout NAME; sluice list rollouts shows all"],
    [["get", "experiment", "a", "b"], "the usage is: sluice get experiment NAME"],
    [["get", "rollout", "web", "-w", "-o", "json"], "--watch cannot be combined with -o json"],
    [
      ["get", "rollout", "web", "--timeout-seconds=5s"],
      'invalid number of seconds "5s"; write a whole number, 0 or more',
    ],
  ] as const
) {
  Deno.test(`a wrong command line is one sentence: sluice ${args.join(" ")}`, async () => {
    const { code, err } = await run(args);
    assert.equal(code, 1);
    assert.equal(err, `Error: ${error} (see sluice get ${args[1]} --help)\n`);
  });
}

Deno.test({
  name: "a verb lets its connections to the cluster go",
  // In this process, so that what is left open is found.
  sanitizeResources: true,
  async fn() {
    await using server = new VerbServer({});
    const { code } = await server.run(["get", "rollout", "web"]);
    assert.equal(code, 1);
  },
});
