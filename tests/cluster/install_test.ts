/** What `sluice manifests` prints, applied to a real API server, as kubectl would. */
import assert from "node:assert/strict";
import { readManifests } from "../../core/api/manifest/mod.ts";
import { DEFAULT_IMAGE } from "../../core/cli/install/image.ts";
import { run } from "../core/cli/fake_terminal.ts";
import { ARGO_INSTALLATION, ARGO_NAMESPACE, ARGO_RULE } from "./argo_installation.ts";
import { ApiClient } from "./control_plane/api_client.ts";
import { startControlPlane } from "./control_plane/boot.ts";
import { until } from "./real_cluster.ts";
import { referenceDefinition } from "./reference_definition.ts";

// deno-lint-ignore no-explicit-any
type Open = any;

const NAMESPACED = [
  "ServiceAccount",
  "ConfigMap",
  "Secret",
  "Service",
  "Deployment",
  "NetworkPolicy",
  "PodDisruptionBudget",
];
const PLURALS: Record<string, string> = { NetworkPolicy: "networkpolicies" };
const DEPLOYMENT = `/apis/apps/v1/namespaces/${ARGO_NAMESPACE}/deployments/argo-rollouts`;
const PODS = `/api/v1/namespaces/${ARGO_NAMESPACE}/pods`;

function pathOf({ apiVersion, kind, metadata: { name, namespace } }: Open): string {
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  assert.equal(namespace !== undefined, NAMESPACED.includes(kind), `${kind} ${name}`);
  const scope = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${root}${scope}/${PLURALS[kind] ?? `${kind.toLowerCase()}s`}/${name}`;
}

/** `kubectl apply --server-side --force-conflicts`; gives what the server then has. */
async function apply(client: ApiClient, objects: readonly Open[]): Promise<Open[]> {
  const applied: Open[] = [];
  for (const object of objects) {
    const path = `${pathOf(object)}?fieldManager=kubectl&force=true`;
    applied.push(await client.expect("PATCH", path, object, "application/apply-patch+yaml"));
  }
  return applied;
}

async function printed(...flags: string[]): Promise<Open[]> {
  const { out } = await run(["manifests", ...flags]);
  return readManifests({ file: "manifests.yaml", text: out }).documents.map(({ object }) => object);
}

/** The images of the pods once the Deployment has brought out what it was told. */
async function runningImages(client: ApiClient): Promise<string[]> {
  await until("the Deployment", async () => {
    const { metadata, spec, status } = await client.expect("GET", DEPLOYMENT);
    const { items } = await client.expect("GET", PODS);
    return status?.observedGeneration === metadata.generation &&
      status.updatedReplicas === spec.replicas && status.availableReplicas === spec.replicas &&
      items.length === spec.replicas;
  });
  const { items } = await client.expect("GET", PODS);
  return items.map((pod: Open) => pod.spec.containers[0].image);
}

const idOf = ({ kind, metadata: { name } }: Open) => `${kind} ${name}`;
const versionsOf = (objects: readonly Open[]) =>
  objects.map((object) => `${idOf(object)} ${object.metadata.resourceVersion}`);

async function takesOver(client: ApiClient): Promise<void> {
  const kinds = ["Rollout", "Experiment", "AnalysisTemplate", "AnalysisRun"];
  const before = await apply(client, [...kinds.map(referenceDefinition), ...ARGO_INSTALLATION]);
  assert.deepEqual(await runningImages(client), ["quay.io/argoproj/argo-rollouts:v1.10.0"]);
  const role = before.find((object) => idOf(object) === "ClusterRole argo-rollouts");
  assert.ok(JSON.stringify(role.rules).includes(JSON.stringify(ARGO_RULE.verbs)));

  const after = await apply(client, await printed());
  assert.deepEqual(await runningImages(client), [DEFAULT_IMAGE]);
  const same = before.filter((object) => after.some((other) => idOf(other) === idOf(object)));
  for (const object of same) {
    const now = after.find((other) => idOf(other) === idOf(object));
    assert.equal(now.metadata.uid, object.metadata.uid, idOf(object));
  }
  // All of Argo Rollouts' own are replaced but what users have written into.
  const left = before.filter((object) => !same.includes(object)).map(idOf);
  assert.deepEqual(left, [
    "ConfigMap argo-rollouts-config",
    "Secret argo-rollouts-notification-secret",
  ]);
  for (const object of before.filter((each) => left.includes(idOf(each)))) {
    const now = await client.expect("GET", pathOf(object));
    assert.deepEqual(now.data, object.data);
  }
  const { items } = await client.expect("GET", DEPLOYMENT.replace(/\/[^/]*$/, ""));
  assert.deepEqual(items.map(idOf), ["undefined argo-rollouts"]);
  const rules = after.find((object) => idOf(object) === "ClusterRole argo-rollouts").rules;
  const configMaps = (rules as { resources?: string[]; verbs?: string[] }[])
    .filter(({ resources = [] }) => resources.includes("configmaps"));
  assert.deepEqual(configMaps.map(({ verbs }) => verbs), [["get"]], "read by name alone");
}

Deno.test("the manifests on a real API server", async (test) => {
  await using plane = await startControlPlane();
  const client = new ApiClient(plane);
  try {
    await test.step("an empty cluster takes all of them, and the pod runs", async () => {
      await apply(client, await printed("--network-policy", "--pod-disruption-budget"));
      assert.deepEqual(await runningImages(client), [DEFAULT_IMAGE]);
    });
    await test.step("applied again they change nothing", async () => {
      const objects = (await printed()).filter(({ kind }) => kind !== "Deployment");
      assert.deepEqual(
        versionsOf(await apply(client, objects)),
        versionsOf(await apply(client, objects)),
      );
    });
    await test.step("applied over Argo Rollouts they take its place: one of them runs", () =>
      takesOver(client));
  } finally {
    client.close();
  }
});
