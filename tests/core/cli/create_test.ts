import assert from "node:assert/strict";
import { at, type Held, VerbServer } from "./verb_server.ts";
import { web } from "./web_manifest.ts";

const TEMPLATE = `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: rate, labels: {team: shop}, resourceVersion: "7"}
spec:
  args: [{name: service}, {name: limit, value: "1"}]
  metrics: [{name: rate, provider: {web: {url: "http://{{args.service}}"}}}]
`;
const PARSED = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AnalysisTemplate",
  metadata: { name: "rate", labels: { team: "shop" }, resourceVersion: "7", uid: "1" },
  spec: {
    args: [{ name: "service" }, { name: "limit", value: "1" }],
    metrics: [{ name: "rate" }],
  },
};

async function create(args: readonly string[], files: Record<string, string>, held: Held = {}) {
  await using server = new VerbServer(held);
  const ended = await server.run(["create", ...args], { files });
  return { ...ended, requests: server.requests, bodies: server.seen.map(({ body }) => body) };
}

Deno.test("create posts each object of each file where the file or the command line says", async () => {
  const files = {
    "web.yaml": web({ namespace: "prod" }),
    "more.yaml": `${TEMPLATE}---\n${TEMPLATE.replace("Analysis", "ClusterAnalysis")}`,
  };
  const { code, out, err, requests } = await create(["-f", "web.yaml", "-f=more.yaml"], files);
  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(requests.map((request) => request.replace(/ \{.*/, "")), [
    "POST /namespaces/prod/rollouts",
    "POST /namespaces/shop/analysistemplates",
    "POST /clusteranalysistemplates",
  ]);
  assert.equal(
    out,
    "rollout.argoproj.io/web created\nanalysistemplate.argoproj.io/rate created\n" +
      "clusteranalysistemplate.argoproj.io/rate created\n",
  );
});

const REFUSED: [args: string[], files: Record<string, string>, error: RegExp][] = [
  [[], {}, /^no file is named; use -f FILE \(see sluice create --help\)$/],
  [["-f", "none"], {}, /^Cannot read "none": no such file$/],
  [
    ["-f", "a"],
    { a: web({ spec: "  minReadySecond: 3" }) },
    /^a:12:19: spec\.minReadySecond: unknown field of a Rollout.*; did you mean minReadySeconds\?$/,
  ],
  [
    ["-f", "a"],
    { a: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n" },
    /^creates of v1\/ConfigMap unsupported$/,
  ],
  [["-w", "-f", "a", "-f", "b"], { a: web(), b: web() }, /^Cannot watch multiple resources$/],
  [
    ["-w", "-f", "a"],
    { a: TEMPLATE },
    /^Can only watch resources of type Rollout or Experiment$/,
  ],
  [["analysisrun"], {}, /^one of --from or --from-file must be specified$/],
  [
    ["ar", "--from", "rate", "-a", "service"],
    {},
    /^arguments must be in the form NAME=VALUE$/,
  ],
  [["ar", "--from", "rate"], {}, /^analysisTemplate "rate" not found in namespace "shop"$/],
];
for (const [args, files, error] of REFUSED) {
  Deno.test(`create ${args.join(" ")} is refused, and nothing is written: ${error}`, async () => {
    const { code, err, requests } = await create(args, files);
    assert.equal(code, 1);
    assert.match(/^Error: (.*)\n$/.exec(err)?.[1] ?? err, error);
    assert.ok(requests.every((request) => request.startsWith("GET ")));
  });
}

Deno.test("create analysisrun takes the template's spec with the arguments that are given", async () => {
  const held = { [at("analysistemplates", "rate")]: PARSED };
  const args = ["ar", "--from", "rate", "-a", "service=web", "--instance-id=mine"];
  const { code, err, bodies } = await create(args, {}, held);
  assert.deepEqual([code, err], [0, ""]);
  assert.deepEqual(JSON.parse(bodies[1] ?? ""), {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisRun",
    metadata: {
      generateName: "rate-",
      namespace: "shop",
      labels: { team: "shop", "argo-rollouts.argoproj.io/controller-instance-id": "mine" },
    },
    spec: {
      args: [{ name: "service", value: "web" }, { name: "limit", value: "1" }],
      metrics: [{ name: "rate" }],
    },
  });
});

Deno.test("create analysisrun of a file, under a name of its own", async () => {
  const args = ["analysisrun", "--from-file", "rate.yaml", "--argument=service=web", "--name=run"];
  const { out, bodies } = await create(args, { "rate.yaml": TEMPLATE });
  assert.equal(JSON.parse(bodies[0] ?? "").metadata.name, "run");
  assert.match(out, /^analysisrun.argoproj.io\/\w+ created\n$/);
});

Deno.test("create analysisrun --global takes a template of the cluster", async () => {
  const held = {
    "/apis/argoproj.io/v1alpha1/clusteranalysistemplates/rate": {
      ...PARSED,
      kind: "ClusterAnalysisTemplate",
    },
  };
  const args = ["ar", "--from=rate", "--global", "-a", "service=web", "-n", "prod"];
  const { code, requests } = await create(args, {}, held);
  assert.equal(code, 0);
  assert.match(requests[1] ?? "", /^POST \/namespaces\/prod\/analysisruns /);
});
