/** A cluster full of Rollouts, all updated at once: what `deno task bench` simulates. */
const STEPS = "steps: [{setWeight: 20}, {pause: {duration: 30s}}, {setWeight: 60}, " +
  "{pause: {duration: 30s}}]";

/** The manifests of so many Rollouts of five replicas, each with two Services, in one namespace. */
export function manifestsOf(count: number): string {
  return Array.from({ length: count }, (_, index) => manifestOf(`web-${index}`)).join("---\n");
}

/** A script that updates all of them after a minute. */
export function updatesOf(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `1m: set image web-${index} web=registry.example/web:2`,
  );
}

function manifestOf(name: string): string {
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
    canary: {stableService: ${name}-stable, canaryService: ${name}-canary, ${STEPS}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: web, image: registry.example/web:1}]}
`;
}
