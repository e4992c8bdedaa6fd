import assert from "node:assert/strict";
import caPem from "../cluster/kube/certificates/ca.pem" with { type: "text" };
import { type Answer, FakeServer } from "../cluster/kube/fake_server.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { run } from "./fake_terminal.ts";
import { inFolder, sluice } from "./process.ts";
import { web } from "./web_manifest.ts";

const CANARY = "{stableService: stable, canaryService: canary, " +
  "steps: [{setWeight: 50}, {analysis: {templates: [{templateName: rate}]}}]}";
const MANIFEST = `# sluice-lint: off not-supported\n${web({ canary: CANARY })}`;

function kubeconfig(server: string): string {
  const ca = new TextEncoder().encode(caPem).toBase64();
  return `apiVersion: v1
kind: Config
current-context: test
clusters: [{name: test, cluster: {server: "${server}", certificate-authority-data: ${ca}}}]
users: [{name: test, user: {token: secret}}]
contexts: [{name: test, context: {cluster: test, user: test, namespace: shop}}]
`;
}

const OBJECTS: Readonly<Record<string, unknown>> = {
  "/api/v1/namespaces/default/services/stable": service("stable", "web"),
  "/api/v1/namespaces/default/services/canary": service("canary", "other"),
};

function service(name: string, app: string): unknown {
  const metadata = { name, namespace: "default" };
  return { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app } } };
}

const answer: Answer = ({ path }) => {
  const object = OBJECTS[path];
  if (object !== undefined) return Response.json(object);
  const status = { kind: "Status", code: 404, reason: "NotFound", message: "not found" };
  return Response.json(status, { status: 404 });
};

Deno.test("--cluster looks up what the files do not hold, and judges what it finds", async () => {
  await using server = new FakeServer(answer);
  const files = { "web.yaml": MANIFEST, "config": kubeconfig(server.url) };
  await inFolder(files, async (folder) => {
    const args = ["lint", "web.yaml", "--cluster", "--kubeconfig", "config"];
    const { code, out, err } = await sluice(args, { folder });
    assert.deepEqual(out.trimEnd().split("\n").map((line) => line.replace(/^.*error: /, "")), [
      'spec.strategy.canary.canaryService: Invalid value: "canary": ' +
      'Service "canary" has unmatch label "app" in rollout [wrong-reference]',
      'spec.strategy.canary.steps[1].analysis.templates[0].templateName: Invalid value: "rate": ' +
      "AnalysisTemplate 'rate' not found [wrong-reference]",
    ]);
    assert.equal(err, "2 errors, 0 warnings in 1 file\n");
    assert.equal(code, 1);
  });
  assert.deepEqual(server.seen.map(({ method, path }) => `${method} ${path}`).sort(), [
    "GET /api/v1/namespaces/default/services/canary",
    "GET /api/v1/namespaces/default/services/stable",
    "GET /apis/argoproj.io/v1alpha1/namespaces/default/analysistemplates/rate",
  ]);
});

Deno.test("what a Rollout without a namespace names is looked up in that of the context", async () => {
  await using server = new FakeServer(answer);
  const text = web({ canary: "{stableService: stable}" }).replace(", namespace: default", "");
  await inFolder({ "web.yaml": text, "config": kubeconfig(server.url) }, async (folder) => {
    await sluice(["lint", "web.yaml", "--cluster", "--kubeconfig=config"], { folder });
  });
  assert.deepEqual(server.seen.map(({ path }) => path), [
    "/api/v1/namespaces/shop/services/stable",
  ]);
});

Deno.test("what has no namespace is looked up without one", async () => {
  await using server = new FakeServer(answer);
  const canary = "{steps: [{analysis: {templates: [{templateName: rate, clusterScope: true}]}}]}";
  await inFolder(
    { "web.yaml": web({ canary }), "config": kubeconfig(server.url) },
    async (folder) => {
      const args = ["lint", "web.yaml", "--cluster", "--kubeconfig=config"];
      const { out } = await sluice(args, { folder });
      assert.match(out, /ClusterAnalysisTemplate 'rate' not found/);
    },
  );
  assert.deepEqual(server.seen.map(({ path }) => path), [
    "/apis/argoproj.io/v1alpha1/clusteranalysistemplates/rate",
  ]);
});

Deno.test("a kind that the cluster serves in another version is looked up in that one", async () => {
  const found = "/apis/networking.istio.io/v1alpha3/namespaces/default/virtualservices/routes";
  await using server = new FakeServer((request, count) => {
    const { path } = request;
    if (!path.includes("istio")) return answer(request, count);
    if (path !== found) return new Response("404 page not found", { status: 404 });
    const metadata = { name: "routes", namespace: "default" };
    const spec = { http: [{ route: [{ destination: { host: "stable" } }] }] };
    const apiVersion = "networking.istio.io/v1alpha3";
    return Response.json({ apiVersion, kind: "VirtualService", metadata, spec });
  });
  const canary = "{stableService: stable, canaryService: canary, " +
    "trafficRouting: {istio: {virtualService: {name: routes}}}}";
  await inFolder(
    { "web.yaml": web({ canary }), "config": kubeconfig(server.url) },
    async (folder) => {
      const args = ["lint", "web.yaml", "--cluster", "--kubeconfig=config"];
      const { out } = await sluice(args, { folder });
      assert.match(out, /Canary Service 'canary' not found in route/);
      assert.doesNotMatch(out, /"routes" not found/);
    },
  );
});

Deno.test({
  name: "lint lets the connections to the cluster go",
  // In this process, so that what is left open is found.
  sanitizeResources: true,
  async fn() {
    await using server = new FakeServer(answer);
    await inFolder({ "config": kubeconfig(server.url) }, async (folder) => {
      const args = ["lint", "web.yaml", "--cluster", "--kubeconfig", `${folder}/config`];
      const { code } = await run(args, { files: { "web.yaml": MANIFEST }, clock: systemClock });
      assert.equal(code, 1);
    });
  },
});

Deno.test("a cluster that gives no answer ends with 2 and one sentence", async () => {
  const port = freePort();
  const forbidden: Answer = () => {
    const status = { kind: "Status", code: 403, reason: "Forbidden", message: "you may not" };
    return Response.json(status, { status: 403 });
  };
  await using server = new FakeServer(forbidden);
  const rows: [server: string, error: RegExp][] = [
    [`https://127.0.0.1:${port}`, /^Error: Cannot ask the cluster at https:\S+: [^\n]+\n$/],
    [server.url, /^Error: Cannot ask the cluster at https:\S+: you may not\n$/],
  ];
  for (const [url, error] of rows) {
    await inFolder({ "web.yaml": MANIFEST, "config": kubeconfig(url) }, async (folder) => {
      const args = ["lint", "web.yaml", "--cluster", "--kubeconfig", "config"];
      const { code, out, err } = await sluice(args, { folder });
      assert.match(err, error);
      assert.deepEqual([code, out], [2, ""]);
    });
  }
});

Deno.test("flags about a cluster must make sense together", async () => {
  const rows: [args: string[], error: string][] = [
    [
      ["--cluster", "--offline"],
      "--cluster and --offline cannot be used together (see sluice lint --help)",
    ],
    [
      ["--kubeconfig", "config"],
      "--kubeconfig needs --cluster (see sluice lint --help)",
    ],
    [
      ["--context", "test"],
      "--context needs --cluster (see sluice lint --help)",
    ],
    [["--cluster", "--kubeconfig", "none"], ""],
  ];
  await inFolder({ "web.yaml": MANIFEST }, async (folder) => {
    for (const [args, error] of rows) {
      const { code, out, err } = await sluice(["lint", "web.yaml", ...args], { folder });
      if (error !== "") assert.equal(err, `Error: ${error}\n`);
      assert.match(err, /^Error: [^\n]+\n$/);
      assert.deepEqual([code, out], [2, ""]);
    }
  });
});

/** A port at which nobody listens. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
