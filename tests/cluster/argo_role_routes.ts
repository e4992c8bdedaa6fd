/**
 * What Rollouts with routes come to under the role of Argo Rollouts: Ingresses of NGINX may be
 * written, routes of the Gateway API may not even be read. Each is updated, and aborted.
 */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { defineResource } from "../../sdk/wire/resource_type.ts";
import { CUSTOM_RESOURCE_DEFINITIONS, ROLLOUTS, SERVICES } from "../../core/api/names/resources.ts";
import { abort } from "../../core/command/mod.ts";
import { isAlreadyExists } from "../../core/ports/mod.ts";
import type { Stage } from "./fault_stage.ts";
import { until } from "./real_cluster.ts";
import { gatewayDefinitions } from "./routed_definitions.ts";

const INGRESSES = defineResource("networking.k8s.io", "v1", "ingresses", "Ingress");
const HTTP_ROUTES = defineResource("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute");
const WEIGHT = "nginx.ingress.kubernetes.io/canary-weight";
const REACH_MS = 120_000;

/** A Rollout that stands at half of the traffic until somebody says more. */
function routed(namespace: string, name: string, trafficRouting: unknown): Rollout {
  const labels = { app: name };
  const containers = [{ name: "web", image: "registry/web:1" }];
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
      strategy: {
        canary: {
          ...{ stableService: `${name}-a`, canaryService: `${name}-b`, trafficRouting },
          steps: [{ setWeight: 50 }, { pause: {} }],
        },
      },
    },
  } as Rollout;
}

async function untilSo(
  { user, namespace }: Stage,
  name: string,
  { what, isSo }: { what: string; isSo: (rollout: Rollout) => boolean },
): Promise<void> {
  let last: Rollout | undefined;
  await until(`"${name}" ${what}`, async () => {
    last = await user.get(ROLLOUTS, { namespace, name }) as Rollout;
    return last.status?.observedGeneration === String(last.metadata.generation) && isSo(last);
  }, REACH_MS).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last?.status)}`);
  });
}

async function createBeside({ user, namespace }: Stage, name: string): Promise<void> {
  for (const part of ["a", "b"]) {
    await user.create(SERVICES, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: `${name}-${part}`, namespace },
      spec: { selector: { app: name }, ports: [{ port: 80 }] },
    });
  }
}

async function update({ user, namespace }: Stage, name: string): Promise<void> {
  const containers = [{ name: "web", image: "registry/web:2" }];
  const body = { spec: { template: { spec: { containers } } } };
  await user.patch(ROLLOUTS, { namespace, name }, { type: "merge", body });
}

/** The canary Ingress is made, gets its weight, and gives it back. */
export async function playIngress(stage: Stage): Promise<void> {
  const { user, namespace } = stage;
  const name = "fronted";
  await createBeside(stage, name);
  const backend = { service: { name: `${name}-a`, port: { number: 80 } } };
  const paths = [{ path: "/", pathType: "Prefix", backend }];
  await user.create(INGRESSES, {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace },
    spec: { ingressClassName: "nginx", rules: [{ host: "web.example", http: { paths } }] },
  });
  await user.create(ROLLOUTS, routed(namespace, name, { nginx: { stableIngress: name } }));
  await untilSo(stage, name, {
    what: "to be Healthy",
    isSo: ({ status }) => status?.phase === "Healthy",
  });
  await update(stage, name);
  await untilSo(stage, name, {
    what: "to be Paused",
    isSo: ({ status }) => status?.phase === "Paused",
  });
  const weight = async () => {
    const canary = await user.get(INGRESSES, { namespace, name: `${name}-${name}-canary` });
    return canary.metadata.annotations?.[WEIGHT];
  };
  assert.equal(await weight(), "50");
  await abort(user, { namespace, name });
  await until("the canary Ingress to have no weight", async () => await weight() === "0", REACH_MS);
  await untilSo(stage, name, {
    what: "to be aborted",
    isSo: ({ status }) => status?.phase === "Degraded" && status.abort === true,
  });
}

/** What may not be read is said, an abort is carried out, and the stable pods stay. */
export async function playRoute(stage: Stage): Promise<void> {
  const { user, namespace } = stage;
  const name = "unreadable";
  for (const definition of await gatewayDefinitions()) {
    // They are long, and the machine may be busy.
    await until(
      "a definition to be there",
      () =>
        user.create(CUSTOM_RESOURCE_DEFINITIONS, definition)
          .then(() => true, isAlreadyExists),
      REACH_MS,
    );
  }
  await createBeside(stage, name);
  await until(
    "routes to be served",
    () => user.list(HTTP_ROUTES, { namespace }).then(() => true, () => false),
    REACH_MS,
  );
  const backendRefs = ["a", "b"].map((part) => ({ name: `${name}-${part}`, port: 80 }));
  await user.create(HTTP_ROUTES, {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, namespace },
    spec: { rules: [{ backendRefs }] },
  });
  const plugin = { httpRoute: name, namespace };
  const routing = { plugins: { "argoproj-labs/gatewayAPI": plugin } };
  await user.create(ROLLOUTS, routed(namespace, name, routing));
  await untilSo(stage, name, {
    what: "to say what it may not read",
    isSo: (rollout) => /httproutes.*forbidden|forbidden.*httproutes|may not/i.test(saidBy(rollout)),
  });
}

function saidBy({ status }: Rollout): string {
  const messages = (status?.conditions ?? []).map(({ message }) => message);
  return [fieldsOf(status)["message"], ...messages].join(" | ");
}
