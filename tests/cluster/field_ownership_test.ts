/** GitOps tools and routed objects on a real API server: whose the fields are, and who is refused. */
import assert from "node:assert/strict";
import { CUSTOM_RESOURCE_DEFINITIONS, ROLLOUTS, SERVICES } from "../../core/api/names/resources.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { promote, setImage } from "../../core/command/mod.ts";
import { startController } from "../../core/controller/mod.ts";
import { type Cluster, silentLog } from "../../core/ports/mod.ts";
import { type ShownPhase, shownPhase } from "../../core/view/mod.ts";
import { plugins } from "../../plugins/mod.ts";
import { DESTINATION_RULES } from "../../plugins/traffic/istio/destination_rule.ts";
import { VIRTUAL_SERVICES } from "../../plugins/traffic/istio/virtual_services.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { apiVersionOf, defineResource, type ResourceType } from "../../sdk/wire/resource_type.ts";
import { type Fields, fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { makeNamespace } from "../contract/expect.ts";
import { ApiClient } from "./control_plane/api_client.ts";
import { startControlPlane } from "./control_plane/boot.ts";
import { connect, connectController, serveRollouts, until, webRollout } from "./real_cluster.ts";
import { gatewayDefinitions, istioDefinitions } from "./routed_definitions.ts";

const HTTP_ROUTES = defineResource(
  "gateway.networking.k8s.io",
  "v1",
  "httproutes",
  "HTTPRoute",
);
const APPLY = "application/apply-patch+yaml";
const ISTIO = {
  virtualService: { name: "web" },
  destinationRule: { name: "web", stableSubsetName: "stable", canarySubsetName: "canary" },
};
const GATEWAY_API = { "argoproj-labs/gatewayAPI": { httpRoute: "web" } };
const TYPES = [VIRTUAL_SERVICES, DESTINATION_RULES, HTTP_ROUTES];

/** What a tool applies; `isChanged` says something new. */
function fileOf(type: ResourceType, isChanged: boolean): Fields {
  const destination = (subset: string) => ({ destination: { host: "web", subset } });
  const specs: Record<string, Fields> = {
    VirtualService: {
      hosts: [isChanged ? "shop.example" : "web.example"],
      http: [{
        ...(isChanged ? { timeout: "5s" } : {}),
        route: [
          { ...destination("stable"), weight: 100 },
          { ...destination("canary"), weight: 0 },
        ],
      }],
    },
    DestinationRule: {
      host: "web",
      subsets: ["stable", "canary"].map((name) => ({
        name,
        labels: { app: "web", ...(isChanged ? { tier: "front" } : {}) },
      })),
    },
    HTTPRoute: {
      parentRefs: [{ name: "gateway" }],
      rules: [{
        ...(isChanged ? { timeouts: { request: "5s" } } : {}),
        backendRefs: [
          { name: "web-stable", port: 80, weight: 100 },
          { name: "web-canary", port: 80, weight: 0 },
        ],
      }],
    },
  };
  return { spec: specs[type.kind] };
}

/** A namespace with a routed canary, its routes applied by a tool, and the controller at work. */
class Shop {
  readonly #user: Cluster;
  readonly #client: ApiClient;
  readonly ref: { readonly namespace: string; readonly name: string };

  constructor(user: Cluster, client: ApiClient, namespace: string) {
    this.#user = user;
    this.#client = client;
    this.ref = { namespace, name: "web" };
  }

  /** Applies a file, as `kubectl apply --server-side` does, and hands back what the server says. */
  async apply(
    type: ResourceType,
    { isChanged = false, isForced = false } = {},
  ): Promise<{ status: number; message: string }> {
    const { namespace, name } = this.ref;
    const apiVersion = apiVersionOf(type);
    const path = `/apis/${apiVersion}/namespaces/${namespace}/${type.plural}/${name}` +
      `?fieldManager=tool&force=${isForced}`;
    const body = { apiVersion, kind: type.kind, metadata: { name }, ...fileOf(type, isChanged) };
    const answer = await this.#client.request("PATCH", path, body, APPLY);
    return { status: answer.status, message: String(answer.body.message) };
  }

  async create(): Promise<void> {
    const { namespace } = this.ref;
    for (const name of ["web-stable", "web-canary"]) {
      await this.#user.create(SERVICES, {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, namespace },
        spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
      });
    }
    await this.#user.create(
      ROLLOUTS,
      webRollout(namespace, {
        replicas: 2,
        canary: {
          stableService: "web-stable",
          canaryService: "web-canary",
          scaleDownDelaySeconds: 0,
          trafficRouting: { istio: ISTIO, plugins: GATEWAY_API },
          steps: [{ setWeight: 50 }, { pause: {} }],
        } as Rollout["spec"]["strategy"] & Fields,
      }),
    );
  }

  async shown(): Promise<ShownPhase> {
    return shownPhase(await this.#user.get(ROLLOUTS, this.ref) as Rollout);
  }

  async phase(): Promise<string> {
    return (await this.shown()).phase;
  }

  async spec(type: ResourceType): Promise<Fields> {
    return fieldsOf((await this.#user.get(type, this.ref))["spec"]);
  }

  /** Stable's and the canary's weights, of both kinds of routes. */
  async weights(): Promise<unknown[]> {
    const [http] = listOf((await this.spec(VIRTUAL_SERVICES))["http"]);
    const [rule] = listOf((await this.spec(HTTP_ROUTES))["rules"]);
    return [...listOf(fieldsOf(http)["route"]), ...listOf(fieldsOf(rule)["backendRefs"])]
      .map((each) => fieldsOf(each)["weight"] ?? 0);
  }

  async hasHashes(): Promise<boolean> {
    const subsets = listOf((await this.spec(DESTINATION_RULES))["subsets"]).map(fieldsOf);
    return subsets.every(({ labels }) => "rollouts-pod-template-hash" in fieldsOf(labels));
  }

  /** Who wrote something of the object last. */
  async managers(type: ResourceType): Promise<string[]> {
    const { metadata: { managedFields = [] } } = await this.#user.get(type, this.ref);
    return managedFields.map((entry) => String(fieldsOf(entry)["manager"]));
  }

  async untilWeights(weights: readonly number[]): Promise<void> {
    await until(`weights ${weights}`, async () => String(await this.weights()) === String(weights));
  }
}

/** Tells the story of one update. */
async function playUpdate(user: Cluster, shop: Shop, test: Deno.TestContext): Promise<void> {
  const image = { container: "web", image: "registry/web:2" };
  await test.step("in mid-rollout a tool is refused, or overruled at once", async () => {
    for (const type of TYPES) assert.equal((await shop.apply(type)).status, 201);
    await shop.create();
    await until("Healthy", async () => await shop.phase() === "Healthy");
    await setImage(user, shop.ref, image);
    await shop.untilWeights([50, 50, 50, 50]);
    const refused = await shop.apply(VIRTUAL_SERVICES, { isChanged: true });
    assert.equal(refused.status, 409);
    assert.match(refused.message, /conflict with "sluice"/);
    for (const type of TYPES) {
      assert.equal((await shop.apply(type, { isForced: true })).status, 200);
      await shop.untilWeights([50, 50, 50, 50]);
    }
    await until("the hashes", () => shop.hasHashes());
  });
  await test.step("after it a changed file has no conflict, and is kept", async () => {
    await until("Paused", async () => await shop.phase() === "Paused");
    await promote(user, shop.ref);
    await shop.untilWeights([100, 0, 100, 0]);
    await until("Healthy", async () => await shop.phase() === "Healthy");
    for (const type of TYPES) {
      await until(`an owner of the ${type.kind}`, async () => {
        return !(await shop.managers(type)).includes("sluice");
      });
      const { status, message } = await shop.apply(type, { isChanged: true });
      assert.equal(status, 200, `${type.kind}: ${message}`);
    }
    await until("the hashes", () => shop.hasHashes());
    assert.deepEqual(await shop.weights(), [100, 0, 100, 0]);
    assert.deepEqual((await shop.spec(VIRTUAL_SERVICES))["hosts"], ["shop.example"]);
    assert.deepEqual(await shop.shown(), { phase: "Healthy", message: "" });
  });
  await test.step("once the same is applied, nobody writes any more", async () => {
    await until("an owner", async () => {
      const managers = await Promise.all(TYPES.map((type) => shop.managers(type)));
      return !managers.flat().includes("sluice");
    });
    assert.equal((await shop.apply(HTTP_ROUTES, { isChanged: true })).status, 200);
    assert.equal((await shop.apply(VIRTUAL_SERVICES, { isChanged: true })).status, 200);
    assert.deepEqual(await shop.managers(HTTP_ROUTES), ["tool"]);
    assert.deepEqual(await shop.managers(VIRTUAL_SERVICES), ["tool"]);
  });
}

Deno.test("routes that a GitOps tool applies on a real API server", async (test) => {
  const plane = await startControlPlane();
  const client = new ApiClient(plane);
  const user = connect(plane, "user");
  const own = await connectController(plane);
  try {
    await serveRollouts(user);
    for (const definition of [...await istioDefinitions(), ...await gatewayDefinitions()]) {
      await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
    }
    const namespace = await makeNamespace(user);
    const ports = { plugins, cluster: own, clock: systemClock, log: silentLog };
    const controller = startController({ ...ports, namespace });
    try {
      await until("the controller", () => Promise.resolve(controller.isReady));
      await playUpdate(user, new Shop(user, client, namespace), test);
    } finally {
      await controller.stop();
    }
  } finally {
    await own.close();
    await user.close();
    client.close();
    await plane.stop();
  }
});
