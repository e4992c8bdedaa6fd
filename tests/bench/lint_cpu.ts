/**
 * Run in a process of its own by `lint_budget_test.ts`: lints a thousand Rollouts in a thousand
 * files, cold, and prints the CPU time in milliseconds.
 */
import process from "node:process";

const ROLLOUTS = 1000;

function manifest(index: number): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: web-${index}
  namespace: team-${index % 20}
  labels:
    app.kubernetes.io/name: web-${index}
    app.kubernetes.io/part-of: shop
spec:
  replicas: ${3 + index % 7}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      app: web-${index}
  strategy:
    canary:
      maxSurge: 25%
      maxUnavailable: 0
      canaryService: web-${index}-canary
      stableService: web-${index}-stable
      trafficRouting:
        nginx:
          stableIngress: web-${index}
      steps:
      - setWeight: 10
      - pause: {duration: 5m}
      - setWeight: 50
      - pause: {}
      - setWeight: 100
  template:
    metadata:
      labels:
        app: web-${index}
      annotations:
        prometheus.io/scrape: "true"
    spec:
      containers:
      - name: web
        image: registry.example/web:${index}
        ports:
        - name: http
          containerPort: 8080
        env:
        - name: LOG_LEVEL
          value: info
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        readinessProbe:
          httpGet:
            path: /ready
            port: http
          initialDelaySeconds: 5
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 256Mi
`;
}

const sources = Array.from({ length: ROLLOUTS }, (_, index) => ({
  file: `web-${index}.yaml`,
  text: manifest(index),
  isNamed: true,
}));
const start = process.cpuUsage();
const { judge, readSources } = await import("../../core/lint/mod.ts");
const { plugins } = await import("../../plugins/mod.ts");
const findings = judge(readSources(sources), plugins);
const { user, system } = process.cpuUsage(start);
const lines = sources.reduce((sum, { text }) => sum + text.split("\n").length - 1, 0);
// What this version does not support is told as well, and changes with each version.
const count = findings.filter(({ rule }) => rule !== "not-supported").length;
const figures = { cpuMs: (user + system) / 1000, findings: count, lines };
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(figures)));
