/**
 * What is said about the built-in routers together. Orders and sentences are Argo Rollouts', which
 * names the routers that can do what is asked for.
 */
import type { RouterRules } from "../../sdk/registry.ts";

export const ROUTER_RULES: RouterRules = Object.freeze<RouterRules>({
  checkOrder: ["nginx", "alb", "istio", "ambassador", "appMesh"],
  refusals: {
    headerRoutes: {
      detail: "SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix",
    },
    mirrorRoutes: { detail: "SetMirrorRoute requires TrafficRouting, supports Istio and Plugins" },
    additionalDestinations: {
      detail: "Experiment template weight is only available for TrafficRouting with SMI, ALB, " +
        "Istio and Plugins at this time",
    },
    pingPong: {
      // Quirk(ping-pong-path): whatever router it is about, the message names ALB's field.
      field: "alb",
      detail: "Ping-pong feature works with the ALB, Istio, and plugin-based traffic routers only",
    },
    maxWeight: {
      detail: "Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins",
    },
  },
});
