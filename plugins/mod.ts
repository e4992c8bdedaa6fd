/**
 * The registry of the plugins that are built in: one line for each, in `<kind>/<name>/`. A plugin
 * imports only `sdk/`, and the core knows none of them by name: it is handed this value.
 *
 * @module
 */
import type { PluginRegistry } from "../sdk/registry.ts";
import { job } from "./metrics/job/mod.ts";
import { prometheus } from "./metrics/prometheus/mod.ts";
import { web } from "./metrics/web/mod.ts";
import { NOTIFIERS } from "./notify/all.ts";
import { webhookStep } from "./step/webhook/mod.ts";
import { alb } from "./traffic/alb/mod.ts";
import { ambassador } from "./traffic/ambassador/mod.ts";
import { apisix } from "./traffic/apisix/mod.ts";
import { appMesh } from "./traffic/appmesh/mod.ts";
import { gatewayApi } from "./traffic/gatewayapi/mod.ts";
import { istio } from "./traffic/istio/mod.ts";
import { nginx } from "./traffic/nginx/mod.ts";
import { ROUTER_RULES } from "./traffic/rules.ts";
import { smi } from "./traffic/smi/mod.ts";
import { traefik } from "./traffic/traefik/mod.ts";

export const plugins: PluginRegistry = Object.freeze<PluginRegistry>({
  trafficRouters: [istio, nginx, alb, smi, ambassador, appMesh, traefik, apisix, gatewayApi],
  routerRules: ROUTER_RULES,
  metricProviders: [prometheus, web, job],
  notifiers: NOTIFIERS,
  stepPlugins: [webhookStep],
});
