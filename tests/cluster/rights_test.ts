/**
 * The program as it is released, with its own rights, does what other tests on a real cluster do
 * not have it do: so that everything it may do is done somewhere (`tests/permissions`).
 */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import {
  CANARY_SERVICE,
  type RouterSubject,
  STABLE_SERVICE,
} from "../../sdk/testing/traffic_router.ts";
import { defineResource, type ResourceType } from "../../sdk/wire/resource_type.ts";
import { listOf } from "../../sdk/wire/json.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  CUSTOM_RESOURCE_DEFINITIONS,
  EXPERIMENTS,
  POD_TEMPLATES,
  PODS,
  ROLLOUTS,
  SERVICES,
} from "../../core/api/names/resources.ts";
import { KINDS } from "../../core/api/schema/kinds.ts";
import type { KubeCluster } from "../../core/cluster/kube/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { gatewayHeaders, gatewayStreams } from "../plugins/traffic/subjects/gateway_api.ts";
import { istioSubsets } from "../plugins/traffic/subjects/istio.ts";
import { nginxIngresses } from "../plugins/traffic/subjects/nginx.ts";
import { BUNDLE_START, bundled } from "./bundled.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import { kubeconfig } from "./control_plane/settings.ts";
import { connect, serveKind, until } from "./real_cluster.ts";
import { gatewayDefinitions, istioDefinitions } from "./routed_definitions.ts";
import { controllerToken } from "./service_account.ts";

const LEASES = defineResource("coordination.k8s.io", "v1", "leases", "Lease");
const SECRETS = defineResource("", "v1", "secrets", "Secret");
const LABELS = { app: "web" };
const CONTAINER = { name: "web", image: "registry/web:1", ports: [{ containerPort: 8080 }] };
const TEMPLATE = { metadata: { labels: LABELS }, spec: { containers: [CONTAINER] } };

/** A cluster with somebody who uses it, and the program at work. */
interface Served {
  readonly user: KubeCluster;
  readonly namespace: string;
}

function service(namespace: string, name: string): KubeObject {
  const spec = { selector: LABELS, ports: [{ name: "http", port: 8080 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec };
}

function rollout(namespace: string, name: string, spec: Record<string, unknown>): Rollout {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace },
    spec: { replicas: 2, selector: { matchLabels: LABELS }, template: TEMPLATE, ...spec },
  } as unknown as Rollout;
}

async function healthy({ user, namespace }: Served, name: string): Promise<void> {
  await until(`${name} to be Healthy`, async () => {
    const { metadata, status } = await user.get(ROLLOUTS, { namespace, name }) as Rollout;
    return status?.phase === "Healthy" && status.observedGeneration === String(metadata.generation);
  }, 120_000);
}

async function patch({ user, namespace }: Served, name: string, spec: unknown): Promise<void> {
  await user.patch(ROLLOUTS, { namespace, name }, { type: "merge", body: { spec } });
}

const imageOf = (tag: number) => ({
  template: { spec: { containers: [{ ...CONTAINER, image: `registry/web:${tag}` }] } },
});

const PASSES: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "ClusterAnalysisTemplate",
  metadata: { name: "passes" },
  spec: {
    metrics: [{
      name: "check",
      provider: {
        job: {
          spec: {
            backoffLimit: 0,
            template: {
              spec: {
                containers: [{ ...CONTAINER, command: ["sh", "-c", "sleep 1"] }],
                restartPolicy: "Never",
              },
            },
          },
        },
      },
    }],
  },
};

const byPasses = { templateName: "passes", clusterScope: true };

/** An experiment, an analysis, a history of none, labels of pods, a restart. */
async function playMeasured(served: Served): Promise<void> {
  const { user, namespace } = served;
  await user.create(CLUSTER_ANALYSIS_TEMPLATES, PASSES);
  const experiment = {
    duration: "3s",
    templates: [{ name: "trial", specRef: "canary" }],
    analyses: [{ name: "check", ...byPasses, requiredForCompletion: true }],
  };
  await user.create(
    ROLLOUTS,
    rollout(namespace, "web", {
      revisionHistoryLimit: 0,
      analysis: { successfulRunHistoryLimit: 0, unsuccessfulRunHistoryLimit: 0 },
      strategy: {
        canary: {
          canaryMetadata: { labels: { role: "canary" } },
          stableMetadata: { labels: { role: "stable" } },
          steps: [{ experiment }, { analysis: { templates: [byPasses] } }, { setWeight: 50 }],
        },
      },
    }),
  );
  await healthy(served, "web");
  for (const tag of [2, 3]) {
    await patch(served, "web", imageOf(tag));
    await healthy(served, "web");
  }
  await until("the first experiment and its run to be gone", async () => {
    const experiments = (await user.list(EXPERIMENTS, { namespace })).items;
    const runs = (await user.list(ANALYSIS_RUNS, { namespace })).items;
    return experiments.length <= 1 && runs.length <= 2;
  });
  const restartAt = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await patch(served, "web", { restartAt });
  await until("new pods", async () => {
    const pods = (await user.list(PODS, { namespace, labelSelector: "app=web" })).items;
    return pods.length === 2 &&
      pods.every(({ metadata: { creationTimestamp = "" } }) =>
        Date.parse(creationTimestamp) > Date.parse(restartAt)
      );
  });
}

/** An Experiment that has a Service while it runs. */
async function playTrial({ user, namespace }: Served): Promise<void> {
  const template = { name: "trial", service: {}, selector: { matchLabels: LABELS } };
  await user.create(EXPERIMENTS, {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Experiment",
    metadata: { name: "served", namespace },
    spec: { duration: "3s", templates: [{ ...template, template: TEMPLATE }] },
  });
  const services = async () =>
    (await user.list(SERVICES, { namespace })).items.map(({ metadata: { name } }) => name);
  await until("its Service", async () => (await services()).includes("served-trial"));
  await until("its end, without the Service", async () => {
    const { status } = await user.get(EXPERIMENTS, { namespace, name: "served" });
    return (status as { phase?: string }).phase === "Successful" && (await services()).length === 0;
  });
}

/** A template from elsewhere, and a measurement that needs a Secret. */
async function playReferences(served: Served): Promise<void> {
  const { user, namespace } = served;
  const metadata = { name: "shared", namespace };
  await user.create(POD_TEMPLATES, {
    apiVersion: "v1",
    kind: "PodTemplate",
    metadata,
    template: TEMPLATE,
  });
  await user.create(ANALYSIS_TEMPLATES, {
    ...PASSES,
    kind: "AnalysisTemplate",
    metadata: { name: "passes", namespace },
  });
  const background = { templates: [{ templateName: "passes" }], startingStep: 1 };
  const workloadRef = { apiVersion: "v1", kind: "PodTemplate", name: "shared" };
  const strategy = { canary: { steps: [{ setWeight: 50 }], analysis: background } };
  const { template: _, ...spec } = rollout(namespace, "named", { workloadRef, strategy }).spec;
  await user.create(ROLLOUTS, { ...rollout(namespace, "named", {}), spec });
  await healthy(served, "named");
  await user.create(SECRETS, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "key", namespace },
    stringData: { token: "secret" },
  });
  const url = "http://127.0.0.1:9/{{args.token}}";
  const valueFrom = { secretKeyRef: { name: "key", key: "token" } };
  await user.create(ANALYSIS_RUNS, {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisRun",
    metadata: { name: "keyed", namespace },
    spec: {
      args: [{ name: "token", valueFrom }],
      metrics: [{
        name: "check",
        consecutiveErrorLimit: 0,
        provider: { web: { url, jsonPath: "{$.a}" } },
      }],
    },
  });
  await until("the Secret to be read", async () => {
    const run = await user.get(ANALYSIS_RUNS, { namespace, name: "keyed" });
    return (run.status as { phase?: string } | undefined)?.phase === "Error";
  });
}

/** A Rollout that a router steers, and an update of it. */
async function playRouted(user: KubeCluster, subject: RouterSubject): Promise<void> {
  const namespace = await makeNamespace(user);
  const served = { user, namespace };
  for (const name of [STABLE_SERVICE, CANARY_SERVICE]) {
    await user.create(SERVICES, service(namespace, name));
  }
  for (const { status: _, ...object } of subject.objects) {
    const { uid: _uid, resourceVersion: _version, ...metadata } = object.metadata;
    const { resources } = subject.router;
    const type = resources.find(({ kind }) => kind === object.kind) as ResourceType;
    await user.create(type, { ...object, metadata: { ...metadata, namespace } });
  }
  const { name } = subject.router;
  const own = { [name]: subject.config };
  const canary = {
    stableService: STABLE_SERVICE,
    canaryService: CANARY_SERVICE,
    ...subject.canary,
    trafficRouting: name.includes("/") ? { plugins: own } : own,
    steps: [{ setWeight: 20 }],
  };
  await user.create(ROLLOUTS, rollout(namespace, "web", { strategy: { canary } }));
  await healthy(served, "web");
  await patch(served, "web", imageOf(2));
  await healthy(served, "web");
}

async function startProgram(plane: ControlPlane): Promise<Deno.ChildProcess> {
  const main = await bundled(plane, new URL("../../main.ts", import.meta.url).pathname);
  const file = `${plane.directory}/controller.kubeconfig`;
  await Deno.writeTextFile(file, kubeconfig({ ...plane, token: await controllerToken(plane) }));
  const ports = ["--healthzPort=0", "--metricsPort=0"];
  return new Deno.Command(Deno.execPath(), {
    args: [...BUNDLE_START, main, "controller", "--kubeconfig", file, ...ports],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

Deno.test("the program does everything with its own rights", async (test) => {
  const plane = await startControlPlane();
  const user = connect(plane, "user");
  try {
    for (const kind of KINDS) await serveKind(user, kind);
    for (const definition of [...await istioDefinitions(), ...await gatewayDefinitions()]) {
      await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
    }
    const program = await startProgram(plane);
    const output = program.output();
    const served = { user, namespace: await makeNamespace(user) };
    try {
      await test.step("it takes the Lease", () =>
        until("the Lease", async () => {
          const { items } = await user.list(LEASES, { namespace: "argo-rollouts" });
          return items.some(({ metadata: { name } }) => name === "argo-rollouts-controller-lock");
        }));
      await test.step("experiments, analyses, labels, a restart", () => playMeasured(served));
      await test.step("an Experiment with a Service", () => playTrial(served));
      await test.step("a template from elsewhere, and a Secret", () => playReferences(served));
      for (const subject of [nginxIngresses, istioSubsets, gatewayHeaders, gatewayStreams]) {
        const kinds = [
          ...new Set(listOf(subject.objects).map((each) => (each as KubeObject).kind)),
        ];
        await test.step(`routing by ${kinds.join(", ")}`, () => playRouted(user, subject));
      }
    } finally {
      program.kill("SIGTERM");
    }
    const { code, stderr } = await output;
    const log = new TextDecoder().decode(stderr);
    assert.equal(code, 0, log);
    assert.doesNotMatch(log, /forbidden/i);
  } finally {
    await user.close();
    await plane.stop();
  }
});
