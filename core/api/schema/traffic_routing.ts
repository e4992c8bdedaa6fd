/** What moves the traffic of a canary: one object for each router. */
import type { Field, Kit, Shape } from "../../../sdk/fields/kit.ts";

export function trafficRouting(kit: Kit): Field {
  return kit.object(
    () => ({
      istio: istio(kit),
      nginx: nginx(kit),
      alb: alb(kit),
      smi: kit.object(
        () => ({
          rootService: kit.text("Service that clients call.", { default: "`stableService`" }),
          trafficSplitName: kit.text("Name of the TrafficSplit.", { default: "the Rollout's" }),
        }),
        "Service Mesh Interface: a TrafficSplit.",
      ),
      ambassador: kit.object(
        () => ({
          mappings: kit.texts("Names of the Mappings, without weights of their own.", {
            required: true,
          }),
        }),
        "Ambassador or Emissary: Mappings.",
      ),
      appMesh: appMesh(kit),
      traefik: kit.object(
        () => ({
          weightedTraefikServiceName: kit.text("Name of the TraefikService.", { required: true }),
        }),
        "Traefik: a weighted TraefikService.",
      ),
      apisix: kit.object(
        () => ({
          route: kit.object(
            () => ({
              name: kit.text("Name of the ApisixRoute.", { required: true }),
              rules: kit.texts("Rules of it that are steered.", { default: "that of its name" }),
            }),
            "The ApisixRoute.",
          ),
        }),
        "Apache APISIX: an ApisixRoute.",
      ),
      plugins: kit.open("Routers that are plugins, by name, with what each is told."),
      managedRoutes: kit.list(
        () => ({ name: kit.text("Name of the route.", { required: true }) }),
        "Routes that steps make and take away, the first counting most.",
      ),
      maxTrafficWeight: kit.whole("The weight that means all traffic; nginx and plugins only.", {
        range: "1 or more",
        default: 100,
      }),
    }),
    "What moves the traffic; without it the numbers of pods do.",
  );
}

function istio(kit: Kit): Field {
  return kit.object(
    () => ({
      virtualService: kit.object(() => virtualService(kit), "The VirtualService."),
      virtualServices: kit.list(() => virtualService(kit), "Several of them, instead of one."),
      destinationRule: kit.object(
        () => ({
          name: kit.text("Name of the DestinationRule.", { required: true }),
          canarySubsetName: kit.text("Subset of the canary.", { required: true }),
          stableSubsetName: kit.text("Subset of stable.", { required: true }),
          additionalSubsetNames: kit.texts("Subsets whose weights stay as they are."),
        }),
        "The DestinationRule whose subsets are the targets, instead of Services.",
      ),
    }),
    "Istio: VirtualServices, with Services or subsets as targets.",
  );
}

function virtualService(kit: Kit): Shape {
  return {
    name: kit.text("Its name, `name` or `name.namespace`.", { required: true }),
    routes: kit.texts("HTTP routes that are steered.", { default: "the only one" }),
    tlsRoutes: kit.list(
      () => ({
        port: kit.long("Port of the route."),
        sniHosts: kit.texts("Names that the client asks for."),
      }),
      "TLS routes that are steered.",
    ),
    tcpRoutes: kit.list(() => ({ port: kit.long("Port of the route.") }), "TCP routes likewise."),
  };
}

function nginx(kit: Kit): Field {
  return kit.object(
    () => ({
      stableIngress: kit.text("Ingress of the stable Service."),
      stableIngresses: kit.texts("Several of them, instead of one."),
      annotationPrefix: kit.text("Prefix of the annotations.", {
        default: "nginx.ingress.kubernetes.io",
      }),
      additionalIngressAnnotations: kit.textMap(
        "Annotations of the canary Ingress; the prefix is put before their names.",
      ),
      canaryIngressAnnotations: kit.textMap("Annotations of the canary Ingress, taken as written."),
    }),
    "Ingress-NGINX: a canary Ingress is made beside the stable one.",
  );
}

function alb(kit: Kit): Field {
  return kit.object(
    () => ({
      ingress: kit.text("The Ingress."),
      ingresses: kit.texts("Several of them, instead of one."),
      servicePort: kit.whole("Port of the Services in the action.", {
        required: true,
        range: "1 to 65535",
      }),
      rootService: kit.text("Service that the Ingress names.", { default: "`stableService`" }),
      annotationPrefix: kit.text("Prefix of the annotations.", {
        default: "alb.ingress.kubernetes.io",
      }),
      stickinessConfig: kit.object(
        () => ({
          enabled: kit.flag("Whether clients stay with a target.", { required: true }),
          durationSeconds: kit.long("For how long.", {
            required: true,
            unit: "seconds",
            range: "1 to 604800",
          }),
        }),
        "Stickiness of the target groups.",
      ),
    }),
    "AWS Application Load Balancer: an action annotation of the Ingress.",
  );
}

function appMesh(kit: Kit): Field {
  const reference = (meaning: string) =>
    kit.object(
      () => ({ name: kit.text("Name of the VirtualNode.", { required: true }) }),
      meaning,
      { required: true },
    );
  return kit.object(
    () => ({
      virtualService: kit.object(
        () => ({
          name: kit.text("Name of the VirtualService.", { required: true }),
          routes: kit.texts("Routes of its router that are steered.", { default: "all" }),
        }),
        "The VirtualService.",
      ),
      virtualNodeGroup: kit.object(
        () => ({
          canaryVirtualNodeRef: reference("The canary's node."),
          stableVirtualNodeRef: reference("Stable's node."),
        }),
        "The two VirtualNodes.",
      ),
    }),
    "AWS App Mesh: routes of a VirtualRouter.",
  );
}
