/** An API server with thousands of Rollouts, as `list rollouts -A` meets it. */
import caPem from "../core/cluster/kube/certificates/ca.pem" with { type: "text" };
import { FakeServer } from "../core/cluster/kube/fake_server.ts";

/** What a page says beside its items. */
interface PageMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
}

/** Answers lists page by page, from texts that are ready before anybody asks. */
export class ListedServer implements AsyncDisposable {
  readonly #server: FakeServer;

  constructor(rollouts: number) {
    const items = Array.from({ length: rollouts }, (_, index) => JSON.stringify(rollout(index)));
    const pages = new Map<string, Uint8Array<ArrayBuffer>>();
    this.#server = new FakeServer(({ query }) => {
      const limit = Number(query["limit"] ?? rollouts);
      const from = Number(query["continue"] ?? 0);
      const key = `${from} ${limit}`;
      const page = pages.get(key) ?? pageOf(items, { from, limit });
      pages.set(key, page);
      return new Response(page, { headers: { "Content-Type": "application/json" } });
    });
  }

  /** How often each request came since the last look: `GET /apis/argoproj.io/v1alpha1/rollouts`. */
  takeRequests(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { method, path } of this.#server.seen.splice(0)) {
      const request = `${method} ${path}`;
      counts[request] = (counts[request] ?? 0) + 1;
    }
    return counts;
  }

  get kubeconfig(): string {
    const cluster = {
      server: this.#server.url,
      "certificate-authority-data": new TextEncoder().encode(caPem).toBase64(),
    };
    return JSON.stringify({
      "current-context": "test",
      clusters: [{ name: "test", cluster }],
      users: [{ name: "test", user: { token: "secret" } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}

function pageOf(
  items: readonly string[],
  { from, limit }: { from: number; limit: number },
): Uint8Array<ArrayBuffer> {
  const end = from + limit;
  const metadata: PageMetadata = end < items.length
    ? { resourceVersion: "7", continue: `${end}` }
    : { resourceVersion: "7" };
  const head = '{"apiVersion":"argoproj.io/v1alpha1","kind":"RolloutList",';
  return new TextEncoder().encode(
    `${head}"metadata":${JSON.stringify(metadata)},"items":[${items.slice(from, end)}]}`,
  );
}

/** In an order that is not that of the list, as names of a big cluster come. */
function rollout(index: number): unknown {
  const name = `web-${(index * 7919) % 10_007}`;
  const time = "2030-01-01T00:00:00Z";
  const steps = [10, 25, 50, 75].flatMap((setWeight) => [{ setWeight }, { pause: {} }]);
  const step = index % (steps.length + 1);
  const template = {
    metadata: { labels: { app: name, team: `team-${index % 200}` } },
    spec: {
      containers: [{
        name: "web",
        image: `registry.example/shop/web:${index}`,
        env: Array.from({ length: 8 }, (_, each) => ({ name: `VARIABLE_${each}`, value: "some" })),
        ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
        readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 10 },
        resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
      }],
    },
  };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: {
      name,
      namespace: `team-${index % 200}`,
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      resourceVersion: `${100_000 + index}`,
      generation: 4,
      creationTimestamp: time,
      annotations: { "rollout.argoproj.io/revision": "4" },
      labels: { app: name },
      managedFields: ["kubectl", "rollouts-controller"].map((manager) => ({
        manager,
        operation: "Update",
        time,
        fieldsV1: managed({ spec: template.spec, strategy: { steps: {}, canary: {} } }),
      })),
    },
    spec: {
      replicas: 5,
      revisionHistoryLimit: 10,
      selector: { matchLabels: { app: name } },
      strategy: { canary: { maxSurge: "25%", maxUnavailable: 0, steps } },
      template,
    },
    status: {
      phase: step === steps.length ? "Healthy" : "Paused",
      message: step === steps.length ? "" : "CanaryPauseStep",
      observedGeneration: "4",
      currentStepIndex: step,
      currentPodHash: "6c5f8d7b9",
      stableRS: step === steps.length ? "6c5f8d7b9" : "77d4b8c6f",
      ...{ replicas: 5, readyReplicas: 5, availableReplicas: 5, updatedReplicas: 2 },
      pauseConditions: step === steps.length
        ? []
        : [{ reason: "CanaryPauseStep", startTime: time }],
      conditions: ["Available", "Progressing", "Completed", "Paused", "Healthy"].map((type) => ({
        type,
        status: "True",
        reason: `${type}Reason`,
        message: `Rollout "${name}" has a condition of this type`,
        lastTransitionTime: time,
        lastUpdateTime: time,
      })),
    },
  };
}

/** The fields as API servers note whose they are: `{"f:spec":{"f:replicas":{}}}`. */
function managed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return Object.fromEntries(value.map((one, index) => [`k:${index}`, managed(one)]));
  }
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [`f:${key}`, managed(one)]));
}
