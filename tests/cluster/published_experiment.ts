/** The published steps with an experiment of two versions that compares them, to their end. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import manifest from "../fixtures/seeds/90-section1-examples/manifest-7.yaml" with {
  type: "text",
};
import type { Experiment } from "../../sdk/api/experiment.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import { defineResource } from "../../sdk/wire/resource_type.ts";
import {
  ANALYSIS_TEMPLATES,
  EXPERIMENTS,
  PODS,
  ROLLOUTS,
  SERVICES,
} from "../../core/api/names/resources.ts";
import { promote } from "../../core/command/promote.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { auditedWrites } from "./audit_log.ts";
import type { ControlPlane } from "./control_plane/boot.ts";
import { killProcess, startControllerProcess } from "./own_process.ts";
import { connect, until } from "./real_cluster.ts";

const NAME = "mock-server";
const VIRTUAL_SERVICES = defineResource(
  "networking.istio.io",
  "v1beta1",
  "virtualservices",
  "VirtualService",
);
/** The published times are half minutes to minutes; nothing but the waiting is in them. */
const SHORTER = [["duration: 30s", "duration: 3s"], ["duration: 2m}", "duration: 4s}"], [
  "duration: 2m\n",
  "duration: 20s\n",
], ["duration: 1m", "duration: 3s"]] as const;
/** Pods get ready in bursts here, and each burst is worth a status. */
const WRITES_MAX = 90;

function rollout(namespace: string): Rollout {
  const text = SHORTER.reduce((all, [long, short]) => all.replace(long, short), manifest);
  const labels = { app: NAME };
  const containers = [{ name: NAME, image: "mock:1", ports: [{ containerPort: 8080 }] }];
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: NAME, namespace },
    spec: {
      ...fieldsOf(parse(`x:\n${text}`))["x"] as Rollout["spec"],
      replicas: 5,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  } as Rollout;
}

function service(namespace: string, name: string): KubeObject {
  const spec = { selector: { app: NAME }, ports: [{ port: 80, targetPort: 8080 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec };
}

function virtualService(namespace: string): KubeObject {
  const route = [["stable", 100], ["canary", 0]].map(([side, weight]) => {
    return { destination: { host: `${NAME}-${side}` }, weight };
  });
  return {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "VirtualService",
    metadata: { name: NAME, namespace },
    spec: { hosts: [NAME], http: [{ name: "primary", route }] },
  };
}

/** Asks for the rates of both versions by the hashes of their pods, until the time is over. */
function template(namespace: string, url: string): KubeObject {
  const args = ["stable-hash", "canary-hash"];
  const query = args.map((name) => `${name}={{args.${name}}}`).join("&");
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name: "compare-success-rate", namespace },
    spec: {
      args: args.map((name) => ({ name })),
      metrics: [{
        name: "compare-success-rate",
        interval: "5s",
        successCondition: "result.canary >= result.stable * 0.95",
        provider: { web: { url: `${url}?${query}`, jsonPath: "{$}" } },
      }],
    },
  };
}

export async function playPublishedExperiment(plane: ControlPlane): Promise<void> {
  const user = connect(plane, "user");
  const namespace = await makeNamespace(user);
  const userAgent = "controller-published";
  const asked = new Set<string>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.add(new URL(request.url).search);
    return Response.json({ stable: 0.99, canary: 0.97 });
  });
  const controller = await startControllerProcess(plane, { userAgent, namespace });
  const ref = { namespace, name: NAME };
  const statusOf = async () => (await user.get(ROLLOUTS, ref) as Rollout).status ?? {};
  /** The weights of the route, by the end of each name. */
  const sharesOf = async () => {
    const { spec } = await user.get(VIRTUAL_SERVICES, ref) as KubeObject;
    const [http] = listOf(fieldsOf(spec)["http"]).map(fieldsOf);
    return listOf(http?.["route"]).map(fieldsOf).map(({ destination, weight }) =>
      `${textOf(fieldsOf(destination)["host"]).replace(`${NAME}-`, "")} ${weight}`
    ).sort().join(", ");
  };
  const untilShares = (shares: string) =>
    until(shares, async () => await sharesOf() === shares, 120_000);
  const untilPaused = async (index: number) => {
    await until(`a pause at step ${index}`, async () => {
      const { currentStepIndex, phase } = await statusOf();
      return currentStepIndex === index && phase === "Paused";
    }, 120_000);
  };
  try {
    const { port } = server.addr;
    for (const side of ["stable", "canary"]) {
      await user.create(SERVICES, service(namespace, `${NAME}-${side}`));
    }
    await user.create(VIRTUAL_SERVICES, virtualService(namespace));
    await user.create(ANALYSIS_TEMPLATES, template(namespace, `http://127.0.0.1:${port}/`));
    await user.create(ROLLOUTS, rollout(namespace));
    await until("five pods", async () => (await statusOf()).phase === "Healthy", 120_000);
    const body = [{
      op: "replace",
      path: "/spec/template/spec/containers/0/image",
      value: "mock:2",
    }];
    await user.patch(ROLLOUTS, ref, { type: "json", body });

    await untilShares("canary 0, experiment-canary 50, experiment-stable 50, stable 0");
    await untilPaused(6);
    assert.equal(await sharesOf(), "canary 50, stable 50");
    const { items } = await user.list(EXPERIMENTS, { namespace });
    const [experiment] = items as Experiment[];
    assert.equal(items.length, 1);
    assert.equal(experiment?.status?.phase, "Successful");
    assert.deepEqual(
      experiment?.status?.templateStatuses?.map(({ name, status }) => `${name} ${status}`),
      ["stable Successful", "canary Successful"],
    );
    const [run] = experiment?.status?.analysisRuns ?? [];
    assert.equal(run?.phase, "Successful");
    const { stableRS, currentPodHash } = await statusOf();
    assert.deepEqual([...asked], [
      `?stable-hash=${hashOf(experiment, "stable")}&canary-hash=${hashOf(experiment, "canary")}`,
    ]);
    assert.notEqual(stableRS, currentPodHash);

    await promote(user, ref);
    await untilPaused(10);
    assert.equal(await sharesOf(), "canary 100, stable 0");
    await promote(user, ref);
    await until("the end", async () => (await statusOf()).phase === "Healthy", 120_000);
    await untilShares("canary 0, stable 100");
    await until("five pods of the new version", async () => {
      const { items } = await user.list(PODS, { namespace });
      const images = items.map(({ spec }) =>
        fieldsOf(listOf(fieldsOf(spec)["containers"])[0])["image"]
      );
      return images.length === 5 && images.every((image) => image === "mock:2");
    }, 120_000);
    const services = (await user.list(SERVICES, { namespace })).items;
    assert.deepEqual(services.map(({ metadata }) => metadata.name).sort(), [
      `${NAME}-canary`,
      `${NAME}-stable`,
    ]);
    await sleep(systemClock, 3_000);
    const writes = await auditedWrites(plane, userAgent);
    assert.ok(writes.length <= WRITES_MAX, `${writes.length} writes`);
  } finally {
    await killProcess(controller);
    await user.close();
    await server.shutdown();
  }
}

function hashOf(experiment: Experiment | undefined, template: string): string | undefined {
  return experiment?.status?.templateStatuses?.find(({ name }) => name === template)
    ?.podTemplateHash;
}
