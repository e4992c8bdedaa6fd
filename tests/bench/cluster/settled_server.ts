/**
 * An API server that holds nothing but Rollouts which need nothing, and their sets, as a real one
 * gave them away: for as many as would keep a control plane busy for hours before they rest.
 */
import caPem from "../../core/cluster/kube/certificates/ca.pem" with { type: "text" };
import cert from "../../core/cluster/kube/certificates/server.pem" with { type: "text" };
import key from "../../core/cluster/kube/certificates/server_key.pem" with { type: "text" };
import { templateHash } from "../../../core/api/hash/template_hash.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import pair from "./settled_pair.json" with { type: "json" };

/** What a list says its objects are of a moment. */
const VERSION = "1000000";
const LEASE = "/leases/";

export class SettledServer implements AsyncDisposable {
  /** Requests that would have changed something, but those of the Lease. */
  readonly writes: string[] = [];
  readonly #lists: ReadonlyMap<string, readonly string[]>;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #lease: string | undefined;

  constructor(count: number) {
    const pairs = Array.from({ length: count }, (_, index) => pairOf(index));
    this.#lists = new Map([
      ["rollouts", pairs.map(([rollout]) => rollout)],
      ["replicasets", pairs.map(([, set]) => set)],
    ]);
    const options = { hostname: "127.0.0.1", port: 0, cert, key, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  get kubeconfig(): string {
    const cluster = {
      server: `https://127.0.0.1:${this.#server.addr.port}`,
      "certificate-authority-data": new TextEncoder().encode(caPem).toBase64(),
    };
    return JSON.stringify({
      "current-context": "bench",
      clusters: [{ name: "bench", cluster }],
      users: [{ name: "bench", user: { token: "bench" } }],
      contexts: [{ name: "bench", context: { cluster: "bench", user: "bench" } }],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.includes(LEASE) || pathname.endsWith("/leases")) {
      return await this.#keepLease(request);
    }
    if (request.method !== "GET") {
      this.writes.push(`${request.method} ${pathname}`);
      return json(await request.text());
    }
    if (searchParams.get("watch") === "true") return new Response(new ReadableStream());
    const plural = pathname.split("/").at(-1) ?? "";
    return json(pageOf(this.#lists.get(plural) ?? [], searchParams));
  }

  async #keepLease(request: Request): Promise<Response> {
    if (request.method !== "GET") this.#lease = await request.text();
    return this.#lease === undefined
      ? json('{"kind":"Status","status":"Failure","reason":"NotFound","code":404}', 404)
      : json(this.#lease);
  }
}

/** A Rollout and its set, as JSON. */
function pairOf(index: number): readonly [string, string] {
  const app = `web-${index}`;
  const [first] = pair as unknown as readonly [Rollout & KubeObject, KubeObject];
  const { template } = first.spec;
  const before = templateHash(template);
  const labels = { app };
  const hash = templateHash({ ...template, metadata: { ...template?.metadata, labels } });
  const uids = new Map(pair.map(({ metadata: { uid } }, which) => [uid, uidOf(2 * index + which)]));
  const [rollout = "", set = ""] = pair.map((object) => {
    let text = JSON.stringify(object).replaceAll("web-0", app).replaceAll(before, hash);
    for (const [from, to] of uids) text = text.replaceAll(from, to);
    return text;
  });
  return [rollout, set];
}

function uidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** As the real one pages, with the place in the list as what it goes on with. */
function pageOf(objects: readonly string[], searchParams: URLSearchParams): string {
  const from = Number(searchParams.get("continue") ?? 0);
  const to = from + Number(searchParams.get("limit") ?? objects.length);
  const more = to < objects.length ? `,"continue":"${to}"` : "";
  const items = objects.slice(from, to).join(",");
  return `{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"${VERSION}"${more}},` +
    `"items":[${items}]}`;
}

function json(body: string, status = 200): Response {
  return new Response(body, { status, headers: { "Content-Type": "application/json" } });
}
