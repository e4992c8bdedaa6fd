/** The published schema says what verbs print with `-o json` that need no cluster. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import data from "../../../docs/examples/analysis/data.yaml" with { type: "text" };
import analysis from "../../../docs/examples/analysis/web.yaml" with { type: "text" };
import catalogue from "../../../docs/examples/notifications/catalogue.yaml" with { type: "text" };
import demo from "../../../docs/examples/from-deployment.yaml" with { type: "text" };
import schema from "../../../docs/cli.schema.json" with { type: "json" };
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { OWN_VERBS } from "../../../core/cli/program_verbs.ts";
import { run } from "./fake_terminal.ts";
import { schemaProblems } from "./schema_problems.ts";
import { web } from "./web_manifest.ts";

const FILES = {
  "web.yaml": web({ namespace: "shop" }),
  "wrong.yaml": web({ namespace: "shop" }).replace("replicas:", "replica:"),
  "analysis.yaml": analysis,
  "data.yaml": data,
  "healthy.yaml": demo,
  "catalogue.yaml": catalogue,
  "own.yaml": `apiVersion: v1
kind: ConfigMap
metadata: { name: argo-rollouts-notification-configmap }
data:
  trigger.on-bad: "- when: rolout.x"
  trigger.on-any: "- { when: 'true', send: [paused] }"
  template.paused: "message: it waits"
  template.bad: "message: [1"
  service.webhook.hook: "url: http://127.0.0.1:1"
`,
};
const RATE = ["--template=success-rate", "--arg=service=web"];
const CONFIG = ["--config-map=catalogue.yaml", "--secret=:empty"];
const OWN = ["--config-map=own.yaml", "--secret=:empty"];

/** Command lines, the definition of what they print, their exit code, and how much they print. */
const PRINTED: readonly (readonly [
  verb: string,
  args: readonly string[],
  definition: string,
  code: number,
])[] = [
  ["lint", ["wrong.yaml"], "findings", 1],
  ["lint", ["healthy.yaml"], "findings", 0],
  ["analysis test", ["analysis.yaml", ...RATE, "--data=data.yaml"], "testedAnalysis", 1],
  [
    "analysis test",
    ["analysis.yaml", "--template=orders", "--data=data.yaml"],
    "testedAnalysis",
    0,
  ],
  ["analysis test", ["analysis.yaml", ...RATE], "testedAnalysis", 2],
  ["notifications template get", CONFIG, "notificationTemplates", 0],
  ["notifications template get", OWN, "notificationTemplates", 0],
  ["notifications trigger get", CONFIG, "notificationTriggers", 0],
  ["notifications trigger get", OWN, "notificationTriggers", 0],
  ["notifications trigger run", ["on-any", "web.yaml", ...OWN], "triggerResults", 0],
  ["manifests", [], "manifests", 0],
  ["manifests", ["--crds"], "manifests", 0],
  ["notifications template notify", ["paused", "web.yaml", ...OWN], "notified", 0],
  [
    "notifications template notify",
    ["paused", "web.yaml", "--recipient=hook:", "--recipient=console:stdout", ...OWN],
    "notified",
    1,
  ],
];

for (const [verb, args, definition, code] of PRINTED) {
  const line = `${verb} ${args.join(" ")}`;
  Deno.test(`what ${line} -o json prints is as the schema says, with ${code}`, async () => {
    const machine = { files: FILES, clock: systemClock };
    const { code: ended, out } = await run(
      [...verb.split(" "), ...args, "-o", "json"],
      machine,
    );
    assert.equal(ended, code);
    assert.deepEqual(schemaProblems(JSON.parse(out), schema, definition), []);
    assert.deepEqual(schemaProblems(JSON.parse(out), schema), []);
    if (verb === "manifests" || !(await choices(verb)).includes("yaml")) return;
    const { out: yaml } = await run([...verb.split(" "), ...args, "-o", "yaml"], machine);
    assert.deepEqual(parse(yaml), JSON.parse(out));
  });
}

Deno.test("every verb that can print JSON without a cluster is in the schemas", async () => {
  const printing = [];
  for (const verb of Object.keys(OWN_VERBS)) {
    if ((await choices(verb)).includes("json")) printing.push(verb);
  }
  // simulate.schema.json is about this one.
  const told = new Set(["simulate", ...PRINTED.map(([verb]) => verb)]);
  assert.deepEqual([...told].sort(), printing.sort());
});

async function choices(verb: string): Promise<readonly string[]> {
  return (await OWN_VERBS[verb]?.load())?.flags["output"]?.choices ?? [];
}
