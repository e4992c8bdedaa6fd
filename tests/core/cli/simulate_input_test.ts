/** What `simulate` can be given: folders, one namespace, objects of a cluster. */
import assert from "node:assert/strict";
import blueGreenPaused from "../../fixtures/dumps/blue-green-paused.yaml" with { type: "text" };
import canaryPaused from "../../fixtures/dumps/canary-paused.yaml" with { type: "text" };
import istioPaused from "../../fixtures/dumps/istio-paused.yaml" with { type: "text" };
import { run } from "./fake_terminal.ts";
import { web } from "./web_manifest.ts";

const SERVICE = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\n" +
  "spec: {selector: {app: web}, ports: [{port: 80}]}\n";

function homeless(image = "registry/web:1"): string {
  return web({ image }).replace(", namespace: default", "");
}

Deno.test("of a folder all manifests are read in the order of names, as lint reads them", async () => {
  const files = {
    "app/b/web.yaml": web(),
    "app/a.json": JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } }),
    "app/service.yml": SERVICE,
    "app/values.yaml": "image: {tag: 1}\n",
    "app/notes.txt": "no manifest",
    "app/.hidden/c.yaml": "a: [",
  };
  const single = await run(["simulate", "app/a.json", "app/b/web.yaml", "app/service.yml"], {
    files,
  });
  const whole = await run(["simulate", "-f", "app/"], { files });
  assert.equal(whole.out, single.out);
  assert.equal(whole.code, 0);
  assert.equal(
    whole.err,
    "note: app/.hidden is skipped: it is hidden\n" +
      "note: app/values.yaml is skipped: it has no Kubernetes object\n",
  );
  const broken = await run(["simulate", "app"], { files: { "app/a.yaml": "a: [" } });
  assert.equal(broken.code, 2);
  assert.match(broken.err, /^Error: app\/a\.yaml:\d+:\d+: is not valid YAML: /);
  const empty = await run(["simulate", "app"], { files: { "app/values.yaml": "a: 1" } });
  assert.match(empty.err, /\nError: no Rollout in app\n$/);
});

Deno.test("apply in a script takes a folder as well", async () => {
  const files = { "web.yaml": web(), "next/web.yaml": web({ image: "registry/web:2" }) };
  const { code, out } = await run(["simulate", "web.yaml", "--do", "10s: apply next"], { files });
  assert.equal(code, 3);
  assert.match(out, /registry\/web:2 \(canary\)/);
});

Deno.test("a Rollout that is applied to a Deployment that runs takes its pods over", async () => {
  const deployment = web().replace("argoproj.io/v1alpha1", "apps/v1")
    .replace("kind: Rollout", "kind: Deployment");
  const rollout = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  replicas: 2
  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web, scaleDown: onsuccess}
  strategy: {canary: {}}
`;
  const files = { "web.yaml": deployment, "rollout.yaml": rollout };
  const { code, out, err } = await run(
    ["simulate", "web.yaml", "--do", "30s: apply rollout.yaml"],
    { files },
  );
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /^ +30s .* r1 0\/2 .* 2\/2 /m);
  assert.match(out, /^31.2s .* r1 2\/2 .* 0\/0 /m);
  assert.match(out, /^Pods of web: always all available\.$/m);
  const without = await run(["simulate", "web.yaml", "--do", "30s: apply web.yaml"], { files });
  assert.deepEqual([without.code, without.err], [2, "Error: no Rollout in web.yaml, web.yaml\n"]);
});

Deno.test("-n is the namespace of objects that name none", async () => {
  const files = { "web.yaml": homeless(), "next.yaml": homeless("registry/web:2") };
  const args = ["simulate", "-n", "shop", "web.yaml", "--do", "10s: apply next.yaml"];
  const { code, out, err } = await run(args, { files });
  assert.deepEqual([code, err], [3, ""]);
  assert.match(out, /^Namespace: +shop$/m);
  assert.match(out, /registry\/web:2 \(canary\)/);
  const refused = await run(["simulate", "-n", "shop", "web.yaml"], {
    files: { "web.yaml": web() },
  });
  assert.equal(refused.code, 2);
  assert.equal(
    refused.err,
    'Error: web.yaml:1:1: Rollout "web" is in namespace "default", not in "shop"\n',
  );
});

Deno.test("a dump goes on from where it is; -n takes one namespace of it", async () => {
  const files = { "dump.yaml": canaryPaused, "other.yaml": blueGreenPaused };
  const promote = ["--do", "1m: promote mock-server"];
  const { code, out, err } = await run(
    ["simulate", "dump.yaml", "other.yaml", "-n", "d-canary-paused", ...promote],
    { files },
  );
  assert.equal(code, 0);
  assert.equal(err, "note: other.yaml: objects of other namespaces are left out: 5\n");
  assert.match(out, /^ +0s +॥ Paused +1\/5 +20% +r1 4\/4 +r2 1\/1 /m);
  assert.match(out, /mock-server-77f87799cf +ReplicaSet +✔ Healthy +\w+ +stable/);
});

Deno.test("a canary with a traffic router goes on with the weights that its routes have", async () => {
  const files = { "dump.yaml": istioPaused };
  const rest = await run(["simulate", "dump.yaml"], { files });
  assert.deepEqual([rest.code, rest.err], [3, ""]);
  assert.match(rest.out, /^॥ Paused \(CanaryPauseStep\) since 0s .*; 0 writes\.$/m);
  const { out } = await run(["simulate", "dump.yaml", "--do", "1m: promote mock-server"], {
    files,
  });
  assert.match(out, /^ +0s +॥ Paused +1\/5 +20% +r1 5\/5 +r2 1\/1 /m);
  assert.match(out, /^61\.2s .* 40% .* traffic: 40 of 100 to the canary; /m);
});

Deno.test("objects of a cluster that cannot go on are told with their place", async () => {
  const items = canaryPaused.split(/^(?= {2}- apiVersion)/m);
  const isSet = (item: string) => item.includes("\n    kind: ReplicaSet\n");
  const text = items.filter((item) => !isSet(item)).join("");
  const { code, err } = await run(["simulate", "dump.yaml"], { files: { "dump.yaml": text } });
  assert.equal(code, 0);
  assert.equal(
    err,
    'warning: dump.yaml:4:5: Rollout "mock-server" comes without its ReplicaSets, and starts ' +
      "anew; to go on from where it is, read kubectl get ro,rs,svc,pods -o yaml\n",
  );
  const bad = canaryPaused.replace("clusterIPs:", "externalIPs: 5\n      clusterIPs:");
  const refused = await run(["simulate", "dump.yaml"], { files: { "dump.yaml": bad } });
  assert.equal(refused.code, 2);
  assert.match(refused.err, /^Error: dump\.yaml:\d+:\d+: spec\.externalIPs: must be a list/);
});
