/** An API server that holds some objects, and tells what was asked and written. */
import { credentialsText } from "./credentials_text.ts";
import { FakeServer, refusal, type Seen } from "../cluster/kube/fake_server.ts";
import { type Machine, type Run, run } from "./fake_terminal.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { inFolder } from "./process.ts";

/** What the server holds, by path: `/apis/apps/v1/namespaces/shop/replicasets/web-1`. */
export type Held = Readonly<Record<string, unknown>>;

export interface VerbServerOptions {
  /** What it says to everything. */
  readonly answer?: Response | undefined;
  /** Another one than that which leads to it. */
  readonly kubeconfig?: string | undefined;
}

export class VerbServer implements AsyncDisposable {
  readonly held: Map<string, unknown>;
  readonly #server: FakeServer;

  readonly #kubeconfig: string | undefined;

  constructor(held: Held = {}, { answer, kubeconfig }: VerbServerOptions = {}) {
    this.held = new Map(Object.entries(held));
    this.#kubeconfig = kubeconfig;
    this.#server = new FakeServer((seen) => answer?.clone() ?? this.#answer(seen));
  }

  get seen(): readonly Seen[] {
    return this.#server.seen;
  }

  get url(): string {
    return this.#server.url;
  }

  /** `PATCH /apis/…/rollouts/web/status {"status":{"abort":true}}`. */
  get requests(): string[] {
    return this.seen.map(({ method, path, body }) =>
      [method, path.replace("/apis/argoproj.io/v1alpha1", ""), body].join(" ").trim()
    );
  }

  get kubeconfig(): string {
    return this.#kubeconfig ?? credentialsText(this.url);
  }

  /** Runs the program on this server. */
  async run(args: readonly string[], machine: Machine = {}): Promise<Run> {
    let ended: Run | undefined;
    await inFolder({ config: this.kubeconfig }, async (folder) => {
      const environment = { KUBECONFIG: `${folder}/config`, ...machine.environment };
      ended = await run(args, { clock: systemClock, ...machine, environment });
    });
    return ended as unknown as Run;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  #answer({ method, path, query, body }: Seen): Response {
    const place = path.replace(/\/status$/, "");
    const object = this.held.get(path) ?? this.held.get(place);
    if (object instanceof Response) return object.clone();
    if (object !== undefined) return Response.json(object);
    const isCollection = /\/(rollouts|experiments|\w*templates|analysisruns|replicasets|pods)$/
      .test(path);
    if (!isCollection) return refusal(404, "NotFound");
    if (method === "POST") {
      const { metadata, ...rest } = JSON.parse(body);
      return Response.json({ ...rest, metadata: { name: "made", ...metadata } });
    }
    return Response.json({ metadata: { resourceVersion: "7" }, items: this.#items(path, query) });
  }

  #items(path: string, { fieldSelector }: Record<string, string>): unknown[] {
    const plural = path.split("/").at(-1) ?? "";
    const inside = path.includes("/namespaces/") ? `${path}/` : "/";
    return [...this.held]
      .filter(([at]) => at.startsWith(inside) && at.split("/").at(-2) === plural)
      .filter(([at]) => !fieldSelector || fieldSelector.endsWith(`=${at.split("/").at(-1)}`))
      .map(([, object]) => object);
  }
}

const GROUP = "/apis/argoproj.io/v1alpha1/namespaces";

/** Where a server has an object of the group. */
export function at(plural: string, name: string, namespace = "shop"): string {
  return `${GROUP}/${namespace}/${plural}/${name}`;
}

/** A Rollout as a server has it: in its second step, which is a pause. */
export function heldRollout(name: string, change: Record<string, unknown> = {}): Held {
  const namespace = (change["namespace"] as string | undefined) ?? "shop";
  return {
    [at("rollouts", name, namespace)]: {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: { name, namespace, uid: `uid-${name}`, generation: 2, resourceVersion: "5" },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: name } },
        strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: "web", image: "web:1" }] },
        },
        ...change["spec"] as Record<string, unknown>,
      },
      status: {
        observedGeneration: "2",
        phase: "Paused",
        message: "CanaryPauseStep",
        currentStepIndex: 1,
        currentPodHash: "new",
        stableRS: "old",
        pauseConditions: [{ reason: "CanaryPauseStep", startTime: "2030-01-01T00:00:00Z" }],
        ...change["status"] as Record<string, unknown>,
      },
    },
  };
}
