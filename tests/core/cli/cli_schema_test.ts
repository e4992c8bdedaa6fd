/** The published schema says what verbs on a cluster really print with `-o json`. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import schema from "../../../docs/cli.schema.json" with { type: "json" };
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import canary from "../../fixtures/view/06-canary-istio-vs-analysis-experiment.json" with {
  type: "json",
};
import { type Recorded, recordedObjects } from "../view/recorded_objects.ts";
import { experimentScreen, rolloutInfo } from "../../../core/view/mod.ts";
import { CLUSTER_VERBS } from "../../../core/cli/program_verbs.ts";
import { schemaProblems } from "./schema_problems.ts";
import { explained } from "./explain_world.ts";
import { PRINTED } from "./every_verb.ts";
import { at, heldRollout, VerbServer } from "./verb_server.ts";
import { web } from "./web_manifest.ts";

const RUN = {
  metadata: { name: "run", namespace: "shop" },
  spec: {},
  status: { phase: "Running" },
};

for (const [args, definition] of PRINTED) {
  Deno.test(`what ${args.join(" ")} -o json prints is as the schema says`, async () => {
    const set = (revision: number) => ({
      metadata: {
        name: `web-${revision}`,
        labels: { app: "web", "rollouts-pod-template-hash": "new" },
        annotations: { "rollout.argoproj.io/revision": `${revision}` },
        ownerReferences: [{ uid: "uid-web", controller: true }],
      },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ image: "web:1" }] },
        },
      },
      status: { replicas: 1 },
    });
    const rollout = heldRollout("web");
    await using server = new VerbServer({
      ...rollout,
      [`${at(ROLLOUTS.plural, "web")}/scale`]: {},
      [at("experiments", "run")]: RUN,
      [at("analysisruns", "run")]: RUN,
      [at("analysistemplates", "run")]: RUN,
      "/apis/apps/v1/namespaces/shop/replicasets/web-1": set(1),
      "/apis/apps/v1/namespaces/shop/replicasets/web-2": set(2),
    });
    const files = { "web.yaml": web({ namespace: "shop" }) };
    const { code, out, err } = await server.run([...args, "-o", "json"], { files });
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(schemaProblems(JSON.parse(out), schema, definition), []);
    assert.deepEqual(schemaProblems(JSON.parse(out), schema), []);
    const yaml = await server.run([...args, "-o", "yaml"], { files });
    assert.deepEqual(parse(yaml.out), JSON.parse(out));
    const name = await server.run([...args, "-o", "name"], { files });
    assert.match(name.out, /^(\w+\.argoproj\.io\/[\w-]+\n)+$/);
  });
}

Deno.test("the schema knows what every verb on a cluster prints", () => {
  const told = PRINTED.map(([[first = "", second = ""]]) =>
    `${first} ${second}` in CLUSTER_VERBS ? `${first} ${second}` : first
  );
  assert.deepEqual([...new Set(told), "explain"].sort(), Object.keys(CLUSTER_VERBS).sort());
});

Deno.test("the schema knows what explain prints", async () => {
  const script = ["10s: fail-image web:2", "10s: set image web web=web:2"];
  for (const untilSeconds of [10, 40]) {
    const out = await explained({ script, untilSeconds }, "-o", "json");
    assert.deepEqual(schemaProblems(JSON.parse(out), schema, "explanation"), []);
  }
});

Deno.test("the schema knows screens with analyses and experiments", () => {
  for (const moment of canary as Recorded[]) {
    const { rollout, ...objects } = recordedObjects(moment);
    const info = rolloutInfo({ rollout, ...objects });
    assert.deepEqual(schemaProblems(info, schema, "rollout"), []);
    const { replicaSets, pods, analysisRuns = [], experiments = [], nowMs } = objects;
    for (const experiment of experiments) {
      const screen = experimentScreen({ experiment, replicaSets, pods, analysisRuns, nowMs });
      assert.deepEqual(schemaProblems(screen, schema, "experiment"), []);
    }
  }
});

Deno.test("a field that the schema does not know is noticed", () => {
  const value = { command: "pause", done: [{ object: "a", namespace: "b", more: 1 }] };
  const problems = schemaProblems(value, schema, "done");
  assert.deepEqual(problems, [".done[0].message: absent", ".done[0].more: unknown"]);
});
