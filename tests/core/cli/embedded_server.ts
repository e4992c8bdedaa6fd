/** An API server on loopback whose cluster is the embedded one: what a process can be started on. */
import caPem from "../cluster/kube/certificates/ca.pem" with { type: "text" };
import cert from "../cluster/kube/certificates/server.pem" with { type: "text" };
import key from "../cluster/kube/certificates/server_key.pem" with { type: "text" };
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { findTypeByName, LEASES, NAMESPACES } from "../../../core/api/names/resources.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { ApiError, type Cluster, type WriteOptions } from "../../../core/ports/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { PatchType } from "../../../sdk/wire/write.ts";

/** Where controllers agree on a leader: outside a cluster, and in a pod. */
const NAMESPACES_OF_CONTROLLERS = ["argo-rollouts", "sluice"];
/** More than a pod needs to get Ready. */
const STEP_MS = 2000;

/** What a request is about. */
interface Subject {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

export class EmbeddedServer implements AsyncDisposable {
  readonly cluster: EmbeddedCluster;
  /** `GET /api/v1/namespaces/shop/services`, with `watch ` in front for a watch. */
  readonly requests: string[] = [];
  /** Values of the header that says who asks. */
  readonly authorizations = new Set<string | null>();
  readonly port: number;
  readonly #clock: VirtualClock;
  readonly #client: Cluster;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #waiting: { isMet: () => boolean; resolve: () => void }[] = [];

  constructor() {
    this.#clock = new VirtualClock(Date.now());
    this.cluster = new EmbeddedCluster({
      clock: this.#clock,
      housekeepingClock: this.#clock.background,
      random: seededRandom(1),
      customResources: [openDefinition(ROLLOUT_KIND)],
    });
    this.#client = this.cluster.client("server");
    for (const name of NAMESPACES_OF_CONTROLLERS) {
      const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
      void this.#client.create(NAMESPACES, namespace);
    }
    const options = { hostname: "127.0.0.1", port: 0, cert, key, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
    this.port = this.#server.addr.port;
  }

  /** A kubeconfig of this server, with a token. */
  get kubeconfig(): string {
    const cluster = {
      server: `https://127.0.0.1:${this.port}`,
      "certificate-authority-data": new TextEncoder().encode(caPem).toBase64(),
    };
    return JSON.stringify({
      "current-context": "test",
      clusters: [{ name: "test", cluster }],
      users: [{ name: "test", user: { token: "secret" } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    });
  }

  /** The files of a pod's service account on this server. */
  get serviceAccount(): Record<string, string> {
    return { "token": "pod-token\n", "ca.crt": caPem, "namespace": "sluice\n" };
  }

  async create(type: ResourceType, object: KubeObject): Promise<void> {
    await this.#client.create(type, object);
    this.#letTimePass();
  }

  /** Does something to the cluster, and lets come of it what does. */
  async change(what: (client: Cluster) => Promise<unknown>): Promise<void> {
    await what(this.#client);
    this.#letTimePass();
  }

  /** Resolves when it is so; looked at after each request. */
  async until(isMet: () => boolean): Promise<void> {
    if (isMet()) return;
    await new Promise<void>((resolve) => this.#waiting.push({ isMet, resolve }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const isWatch = searchParams.get("watch") === "true";
    this.requests.push(`${isWatch ? "watch" : request.method} ${pathname}`);
    this.authorizations.add(request.headers.get("Authorization"));
    try {
      const subject = subjectOf(pathname);
      if (isWatch) return this.#watch(subject, searchParams);
      return Response.json(await this.#carryOut(subject, { request, searchParams }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, reason, message } = error;
      const status = { kind: "Status", apiVersion: "v1", status: "Failure" };
      return Response.json({ ...status, code, reason, message }, { status: code });
    } finally {
      this.#letTimePass();
      for (const waiting of this.#waiting.filter(({ isMet }) => isMet())) waiting.resolve();
    }
  }

  #letTimePass(): void {
    this.cluster.settle();
    this.#clock.advanceTo(this.#clock.now() + STEP_MS);
    while (this.#clock.runDue()) this.cluster.settle();
    this.cluster.settle();
  }

  async #carryOut(
    { type, namespace, name, subresource }: Subject,
    { request, searchParams }: { request: Request; searchParams: URLSearchParams },
  ): Promise<unknown> {
    const cluster = this.cluster.client(request.headers.get("User-Agent") ?? "");
    const selection = {
      ...(namespace === undefined ? {} : { namespace }),
      labelSelector: searchParams.get("labelSelector") ?? "",
      fieldSelector: searchParams.get("fieldSelector") ?? "",
    };
    const options = (subresource === undefined ? {} : { subresource }) as WriteOptions;
    if (request.method === "GET" && name === undefined) {
      const { items, resourceVersion } = await cluster.list(type, selection);
      return { kind: "List", apiVersion: "v1", metadata: { resourceVersion }, items };
    }
    const ref = { ...(namespace === undefined ? {} : { namespace }), name: name ?? "" };
    if (request.method === "GET") return await cluster.get(type, ref);
    const body = await request.json();
    if (request.method === "POST") return await cluster.create(type, body, options);
    if (request.method === "PUT") return await cluster.update(type, body, options);
    if (request.method === "DELETE") return await cluster.delete(type, ref, body) ?? {};
    const [, patchType] = /application\/(.*?)(?:-merge)?-patch\+json/
      .exec(request.headers.get("Content-Type") ?? "") ?? [];
    return await cluster.patch(type, ref, { type: patchType as PatchType, body }, options);
  }

  #watch({ type, namespace }: Subject, searchParams: URLSearchParams): Response {
    let stop = () => {};
    const lines = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const send = (value: unknown) =>
          controller.enqueue(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
        const handle = this.#client.watch(type, {
          ...(namespace === undefined ? {} : { namespace }),
          labelSelector: searchParams.get("labelSelector") ?? "",
          fieldSelector: searchParams.get("fieldSelector") ?? "",
          resourceVersion: searchParams.get("resourceVersion") ?? "",
        }, { event: send, end: () => controller.close() });
        stop = () => handle.stop();
      },
      cancel: () => stop(),
    });
    return new Response(lines);
  }
}

function subjectOf(path: string): Subject {
  const [, namespace, plural = "", name, subresource] =
    /^\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/
      .exec(path) ?? [];
  const type = plural === LEASES.plural ? LEASES : findTypeByName(plural);
  if (type === undefined) {
    throw new ApiError({ code: 404, reason: "NotFound", message: `there is no ${path}` });
  }
  return { type, namespace, name, subresource };
}
