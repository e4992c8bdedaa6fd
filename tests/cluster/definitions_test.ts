/** Our CustomResourceDefinitions on a real API server, beside those of Argo Rollouts. */
import assert from "node:assert/strict";
import { customResourceDefinition } from "../../core/api/schema/custom_resource_definition.ts";
import { type Kind, KINDS, ROLLOUT_KIND } from "../../core/api/schema/kinds.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { fullObject } from "../core/api/schema/full_object.ts";
import { ApiClient } from "./control_plane/api_client.ts";
import { startControlPlane } from "./control_plane/boot.ts";
import { until } from "./real_cluster.ts";
import { referenceDefinition } from "./reference_definition.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const GROUP = "/apis/argoproj.io/v1alpha1";
const ROLLOUTS = `${GROUP}/namespaces/default/rollouts`;
const MERGE = "application/merge-patch+json";
const APPLY = "application/apply-patch+yaml";

// deno-lint-ignore no-explicit-any
type Open = any;

/** Puts a definition in place, or in the place of another, and waits until it counts. */
async function define(client: ApiClient, definition: Open): Promise<void> {
  const path = `${DEFINITIONS}/${definition.metadata.name}`;
  const { status, body } = await client.request("GET", path);
  if (status === 404) await client.expect("POST", DEFINITIONS, definition);
  else {
    const { resourceVersion } = body.metadata;
    const metadata = { ...definition.metadata, resourceVersion };
    await client.expect("PUT", path, { ...definition, metadata });
  }
  await until(`the definition of ${definition.spec.names.plural}`, async () => {
    const { metadata, status } = await client.expect("GET", path);
    const isTrue = (type: string) =>
      status?.conditions?.some((one: Open) => one.type === type && one.status === "True");
    assert.ok(!isTrue("NonStructuralSchema"), JSON.stringify(status.conditions));
    const { body } = await client.request("GET", `${GROUP}/${definition.spec.names.plural}`);
    return isTrue("Established") && metadata.generation > 0 && body?.items !== undefined;
  });
  // The server swaps the handlers of a kind a moment after it has told so.
  await sleep(systemClock, 1_500);
}

function pathOf({ type }: Kind): string {
  return type.namespaced ? `${GROUP}/namespaces/default/${type.plural}` : `${GROUP}/${type.plural}`;
}

async function keepsEveryField(client: ApiClient, kind: Kind): Promise<void> {
  const full: Open = fullObject(kind.type.kind);
  const created = await client.expect("POST", pathOf(kind), full);
  assert.deepEqual(created.spec, full.spec);
  if (!kind.hasStatusSubresource) {
    assert.deepEqual(created.status, full.status);
    return;
  }
  const path = `${pathOf(kind)}/${full.metadata.name}/status`;
  const { status } = await client.expect("PUT", path, { ...created, status: full.status });
  assert.deepEqual(status, full.status);
  const scale = await client.expect("GET", path.replace(/status$/, "scale"));
  assert.equal(scale.spec.replicas, full.spec.replicas);
  assert.equal(scale.status.replicas, full.status.HPAReplicas);
  assert.equal(scale.status.selector, full.status.selector);
}

/** A manifest that leaves out all that an API server fills in. */
function manifest(name: string): Open {
  const probe = { grpc: { port: 9090 } };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace: "default" },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [{
            name: "web",
            image: "registry/web:1",
            ports: [{ containerPort: 80 }, { containerPort: 53, protocol: "UDP" }],
            env: [{ name: "KEY", valueFrom: { secretKeyRef: { key: "key" } } }],
            envFrom: [{ configMapRef: { name: "settings" } }, { secretRef: {} }],
            livenessProbe: probe,
            readinessProbe: { ...probe, periodSeconds: 5 },
            lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
            resources: { limits: { cpu: "1000m", memory: "1Gi" }, requests: { cpu: 0.5 } },
            securityContext: { capabilities: { drop: ["ALL"] }, runAsNonRoot: true },
            volumeMounts: [{ name: "settings", mountPath: "/settings" }],
          }],
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [{
                labelSelector: { matchLabels: { app: name } },
                topologyKey: "kubernetes.io/hostname",
              }],
            },
          },
          hostAliases: [{ ip: "127.0.0.2", hostnames: ["a", "b"] }],
          nodeSelector: { disk: "fast" },
          securityContext: { fsGroup: 1000, sysctls: [] },
          tolerations: [{ key: "a", operator: "Exists" }],
          topologySpreadConstraints: [{
            maxSkew: 1,
            topologyKey: "zone",
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: { matchLabels: { app: name } },
          }],
          initContainers: [{ name: "first", image: "registry/first:1", startupProbe: probe }],
          imagePullSecrets: [{}],
          volumes: [{ name: "settings", configMap: { name: "settings" } }],
        },
      },
      strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } },
    },
  };
}

/** An object that Argo Rollouts' definition has stored, and the same file applied under ours. */
async function reapplies(client: ApiClient): Promise<void> {
  await define(client, referenceDefinition("Rollout"));
  const merged = manifest("merged");
  const applied = manifest("applied");
  await client.expect("POST", ROLLOUTS, merged);
  await client.expect("PATCH", serverSideApply("applied", "kubectl"), applied, APPLY);
  const before = await stored(client, ["merged", "applied"]);
  const [first] = before[0].spec.template.spec.containers;
  assert.equal(first.ports[0].protocol, "TCP");
  assert.equal(first.livenessProbe.grpc.service, "");

  await define(client, customResourceDefinition(ROLLOUT_KIND));
  assert.deepEqual(await stored(client, ["merged", "applied"]), before);
  // What kubectl apply sends for a kind that is not its own: the file's lists as they stand there.
  await client.expect("PATCH", `${ROLLOUTS}/merged`, { spec: merged.spec }, MERGE);
  await client.expect("PATCH", serverSideApply("applied", "kubectl"), applied, APPLY);
  assert.deepEqual(await stored(client, ["merged", "applied"]), before);
}

function serverSideApply(name: string, manager: string): string {
  return `${ROLLOUTS}/${name}?fieldManager=${manager}`;
}

async function stored(client: ApiClient, names: readonly string[]): Promise<Open[]> {
  return await Promise.all(names.map(async (name) => {
    const { metadata, spec } = await client.expect("GET", `${ROLLOUTS}/${name}`);
    return { generation: metadata.generation, spec };
  }));
}

/** Who owns a field, whether or not the empty object around it is owned as well. */
function withoutSelf(fields: Open): Open {
  const kept = Object.entries(fields).filter(([name]) => name !== ".");
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutSelf(inner)]));
}

/** Two managers share lists and fight over fields; what the server says each time. */
async function sharedByManagers(client: ApiClient, name: string): Promise<Open[]> {
  const withContainers = (containers: Open[], more: Open = {}) => ({
    ...manifest(name),
    spec: { template: { spec: { containers, ...more } } },
  });
  const team = (image: string) => ({
    name: "web",
    image,
    ports: [{ containerPort: 80 }],
    env: [{ name: "A", value: "1" }],
  });
  const sidecar = { name: "sidecar", image: "registry/sidecar:1", ports: [{ containerPort: 90 }] };
  const byTeam = manifest(name);
  byTeam.spec.template.spec = { containers: [team("registry/web:1")], nodeSelector: { a: "1" } };
  const web = { name: "web", env: [{ name: "B", value: "2" }] };
  const steps: [string, Open][] = [
    ["team", byTeam],
    ["mesh", withContainers([sidecar, web])],
    ["mesh", withContainers([sidecar, { ...web, image: "registry/other:1" }])],
    ["mesh", withContainers([sidecar, web], { nodeSelector: { b: "2" } })],
    ["team", byTeam],
    ["mesh", withContainers([sidecar])],
    ["mesh", withContainers([])],
  ];
  const answers: Open[] = [];
  for (const [manager, object] of steps) {
    const path = serverSideApply(name, manager);
    const { status, body } = await client.request("PATCH", path, object, APPLY);
    const managed = body.metadata?.managedFields
      ?.map((entry: Open) => [entry.manager, withoutSelf(entry.fieldsV1)]);
    const causes = body.details?.causes?.map(({ field }: Open) => field);
    answers.push({ status, spec: body.spec, managed, causes });
  }
  return answers;
}

Deno.test("the definitions on a real API server", async (test) => {
  await using plane = await startControlPlane();
  const client = new ApiClient(plane);
  try {
    const answers = new Map<string, Open[]>();
    await test.step("Argo Rollouts' own: a list that two managers share", async () => {
      await define(client, referenceDefinition("Rollout"));
      answers.set("reference", await sharedByManagers(client, "shared"));
      await client.expect("DELETE", `${ROLLOUTS}/shared`);
      const statuses = answers.get("reference")?.map(({ status }) => status);
      assert.deepEqual(statuses, [201, 200, 409, 409, 200, 200, 200]);
    });
    await test.step("an object of theirs is not touched by the same file under ours", () =>
      reapplies(client));
    await test.step("ours: a list that two managers share, as under theirs", async () => {
      // The server goes over to another definition by and by, and says nothing when it has.
      await new Promise<void>((resolve) => setTimeout(resolve, 5_000));
      assert.deepEqual(await sharedByManagers(client, "shared"), answers.get("reference"));
    });
    for (const kind of KINDS) {
      await test.step(`${kind.type.kind} is accepted, and no field is pruned`, async () => {
        await define(client, customResourceDefinition(kind));
        await keepsEveryField(client, kind);
      });
    }
    await test.step("the selector of a Rollout cannot be changed", async () => {
      const selector = { matchLabels: { app: "other" } };
      const path = `${ROLLOUTS}/merged`;
      const { status, body } = await client.request("PATCH", path, { spec: { selector } }, MERGE);
      assert.equal(status, 422);
      assert.match(body.message, /spec\.selector: .*immutable/);
    });
  } finally {
    client.close();
  }
});
