/** A cluster full of Rollouts, all updated at once: what `deno task bench` simulates. */
const STEPS = "steps: [{setWeight: 20}, {pause: {duration: 30s}}, {setWeight: 60}, " +
  "{pause: {duration: 30s}}, {setWeight: 80}, {pause: {duration: 30s}}]";

/**
 * The manifests of so many Rollouts of five replicas, each with two Services, in one namespace. Every
 * second one has a VirtualService of Istio.
 */
export function manifestsOf(count: number): string {
  const manifests = Array.from({ length: count }, (_, index) => {
    const name = `web-${index}`;
    return index % 2 === 0
      ? manifestOf(name)
      : virtualServiceOf(name) + manifestOf(name, routed(name));
  });
  return manifests.join("---\n");
}

/** A script that updates all of them after a minute. */
export function updatesOf(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `1m: set image web-${index} web=registry.example/web:2`,
  );
}

function routed(name: string): string {
  return `, trafficRouting: {istio: {virtualService: {name: ${name}}}}`;
}

function virtualServiceOf(name: string): string {
  const routes = ["stable", "canary"].map((role) => `{destination: {host: ${name}-${role}}}`);
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}}
spec: {hosts: [${name}], http: [{name: primary, route: [${routes.join(", ")}]}]}
---
`;
}

function manifestOf(name: string, routing = ""): string {
  const service = (role: string) =>
    `apiVersion: v1
kind: Service
metadata: {name: ${name}-${role}}
spec: {ports: [{port: 80}], selector: {app: ${name}}}
---
`;
  return `${service("stable")}${service("canary")}apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: ${name}}
spec:
  replicas: 5
  selector: {matchLabels: {app: ${name}}}
  strategy:
    canary: {stableService: ${name}-stable, canaryService: ${name}-canary, ${STEPS}${routing}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: web, image: registry.example/web:1}]}
`;
}
