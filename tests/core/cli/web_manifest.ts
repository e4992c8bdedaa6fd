/** What differs from the plain Rollout of the tests. */
export interface WebOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly replicas?: string;
  /** The canary's fields in YAML's flow style. */
  readonly canary?: string;
  /** More lines of the spec, indented by two. */
  readonly spec?: string;
  readonly image?: string;
}

/** A Rollout whose canary waits at half of its two pods; `spec.replicas` stands at 6:13. */
export function web(options: WebOptions = {}): string {
  const { name = "web", namespace = "default", replicas = "2", image = "registry/web:1" } = options;
  const { canary = "{steps: [{setWeight: 50}, {pause: {}}]}", spec = "" } = options;
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  replicas: ${replicas}
  strategy:
    canary: ${canary}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: web, image: "${image}"}]}
${spec}`;
}
