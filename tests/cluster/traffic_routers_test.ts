/**
 * The laws of traffic routers on a real API server, with the definitions that Istio and the Gateway
 * API ship: schemas, defaults and pruning are theirs. Of Istio's kinds only the oldest version is
 * served.
 */
import { CUSTOM_RESOURCE_DEFINITIONS, NAMESPACES } from "../../core/api/names/resources.ts";
import { isNotFound } from "../../core/ports/mod.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import {
  NAMESPACE,
  type RouterSubject,
  trafficRouterLaws,
} from "../../sdk/testing/traffic_router.ts";
import { fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import { gatewayHeaders, gatewayStreams } from "../plugins/traffic/subjects/gateway_api.ts";
import { istioServices, istioSubsets } from "../plugins/traffic/subjects/istio.ts";
import { nginxIngresses } from "../plugins/traffic/subjects/nginx.ts";
import { ClusterStore } from "./cluster_store.ts";
import { startControlPlane } from "./control_plane/boot.ts";
import { connect, connectController, until } from "./real_cluster.ts";
import { gatewayDefinitions, istioDefinitions } from "./routed_definitions.ts";

const SUBJECTS: Readonly<Record<string, RouterSubject>> = {
  "Services": istioServices,
  "subsets": istioSubsets,
  "canary Ingresses": nginxIngresses,
  "HTTPRoute and GRPCRoute": gatewayHeaders,
  "TLSRoute and TCPRoute": gatewayStreams,
};

/** The definition with one version that is served, which the stored objects have too. */
function servingOnly(definition: KubeObject, version: string): KubeObject {
  const spec = fieldsOf(definition["spec"]);
  const versions = listOf(spec["versions"]).map(fieldsOf).map((each) => {
    const isIt = textOf(each["name"]) === version;
    return { ...each, served: isIt, storage: isIt };
  });
  return { ...definition, spec: { ...spec, versions } };
}

Deno.test("the laws of traffic routers hold on a real API server", async (test) => {
  const plane = await startControlPlane();
  const user = connect(plane, "user");
  const own = await connectController(plane);
  try {
    const istio = await istioDefinitions();
    for (const definition of istio.map((each) => servingOnly(each, "v1alpha3"))) {
      await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
    }
    for (const definition of await gatewayDefinitions()) {
      await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
    }
    const metadata = { name: NAMESPACE };
    await user.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata });
    for (const [what, subject] of Object.entries(SUBJECTS)) {
      const store = new ClusterStore({ user, own }, subject.router.resources);
      await until(`the kinds of ${what}`, async () => {
        try {
          await store.list();
          return true;
        } catch (error) {
          if (isNotFound(error)) return false;
          throw error;
        }
      });
      for (const { name, check } of trafficRouterLaws({ ...subject, store: () => store })) {
        await test.step(`${what}, ${name}`, check);
      }
    }
  } finally {
    await own.close();
    await user.close();
    await plane.stop();
  }
});
