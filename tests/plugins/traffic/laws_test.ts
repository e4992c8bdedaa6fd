import { trafficRouterLaws } from "../../../sdk/testing/traffic_router.ts";
import { gatewayHeaders, gatewayStreams } from "./subjects/gateway_api.ts";
import { istioServices, istioSubsets } from "./subjects/istio.ts";
import { nginxIngresses } from "./subjects/nginx.ts";

const SUBJECTS = {
  "Services": istioServices,
  "subsets": istioSubsets,
  "canary Ingresses": nginxIngresses,
  "HTTPRoute and GRPCRoute": gatewayHeaders,
  "TLSRoute and TCPRoute": gatewayStreams,
};

for (const [what, subject] of Object.entries(SUBJECTS)) {
  for (const { name, check } of trafficRouterLaws(subject)) Deno.test(`${what}, ${name}`, check);
}
