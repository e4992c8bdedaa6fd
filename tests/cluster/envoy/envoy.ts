/** Envoy on loopback, in front of a local server for each Service. */
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { sleep } from "../../../core/ports/mod.ts";
import { chooseFreePorts } from "../control_plane/ports.ts";
import { ProcessGroup } from "../control_plane/process_group.ts";
import { ensureEnvoy } from "./install.ts";

/** The header in which Envoy says which routes it goes by. */
const VERSION_HEADER = "x-routes";
const STARTED_WITHIN_MS = 30_000;

/** Weight by Service. */
export type Weights = Readonly<Record<string, number>>;

export class Envoy {
  readonly #folder: string;
  readonly #processes: ProcessGroup;
  readonly #servers: readonly Deno.HttpServer[];
  readonly #port: number;
  #version = 0;

  private constructor(
    { folder, processes, servers, port }: {
      folder: string;
      processes: ProcessGroup;
      servers: readonly Deno.HttpServer[];
      port: number;
    },
  ) {
    this.#folder = folder;
    this.#processes = processes;
    this.#servers = servers;
    this.#port = port;
  }

  /** Starts it with a server for each of these Services, which answers with its name. */
  static async start(services: readonly string[]): Promise<Envoy> {
    const program = await ensureEnvoy();
    const folder = await Deno.makeTempDir({ prefix: "sluice-envoy-" });
    const [port = 0, ...ports] = chooseFreePorts(services.length + 1);
    const servers = services.map((service, index) =>
      Deno.serve(
        { hostname: "127.0.0.1", port: ports[index] ?? 0, onListen: () => {} },
        () => new Response(service),
      )
    );
    const processes = new ProcessGroup({ logDirectory: folder, removeWhenOrphaned: folder });
    const envoy = new Envoy({ folder, processes, servers, port });
    const clusters = services.map((name, index) => clusterOf(name, ports[index] ?? 0));
    const bootstrap = { static_resources: { listeners: [listenerOf(port, folder)], clusters } };
    await Deno.writeTextFile(`${folder}/envoy.json`, JSON.stringify(bootstrap));
    await envoy.#write({ [services[0] ?? ""]: 1 });
    const node = ["--service-node", "test", "--service-cluster", "test", "--concurrency", "1"];
    await processes.start("envoy", program, ["-c", `${folder}/envoy.json`, ...node]);
    await envoy.#untilRouted();
    return envoy;
  }

  /** Splits requests so from now on; resolves once Envoy goes by it. */
  async route(weights: Weights): Promise<void> {
    await this.#write(weights);
    await this.#untilRouted();
  }

  /** One request: the Service that answered. @throws for any answer but 200 */
  async ask(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/`);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`Envoy answered ${response.status}: ${text}`);
    return text;
  }

  async stop(): Promise<void> {
    await this.#processes.stop();
    await Promise.all(this.#servers.map((server) => server.shutdown()));
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #write(weights: Weights): Promise<void> {
    this.#version++;
    const path = `${this.#folder}/routes.json`;
    await Deno.writeTextFile(`${path}.new`, JSON.stringify(routesOf(weights, this.#version)));
    // Envoy looks for files that are moved into place.
    await Deno.rename(`${path}.new`, path);
  }

  async #untilRouted(): Promise<void> {
    const endMs = systemClock.now() + STARTED_WITHIN_MS;
    for (;;) {
      const version = await this.#routedVersion();
      if (version === String(this.#version)) return;
      const { ended } = this.#processes;
      if (ended !== undefined || systemClock.now() > endMs) {
        const log = await Deno.readTextFile(this.#processes.logPath("envoy"));
        throw new Error(`Cannot route by Envoy: ${log.split("\n").slice(-10).join("\n")}`);
      }
      await sleep(systemClock, 20);
    }
  }

  async #routedVersion(): Promise<string | null> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.#port}/`);
      await response.body?.cancel();
      return response.headers.get(VERSION_HEADER);
    } catch (error) {
      // It has yet to listen.
      if (!(error instanceof TypeError)) throw error;
      return null;
    }
  }
}

function addressOf(port: number): unknown {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}

function clusterOf(name: string, port: number): unknown {
  const endpoint = { endpoint: { address: addressOf(port) } };
  return {
    name,
    type: "STATIC",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint] }] },
  };
}

function listenerOf(port: number, folder: string): unknown {
  const router = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";
  const manager = "type.googleapis.com/envoy.extensions.filters.network." +
    "http_connection_manager.v3.HttpConnectionManager";
  const source = { path_config_source: { path: `${folder}/routes.json` } };
  return {
    name: "requests",
    address: addressOf(port),
    filter_chains: [{
      filters: [{
        name: "http",
        typed_config: {
          "@type": manager,
          stat_prefix: "requests",
          rds: { route_config_name: "routes", config_source: source },
          http_filters: [{ name: "router", typed_config: { "@type": router } }],
        },
      }],
    }],
  };
}

function routesOf(weights: Weights, version: number): unknown {
  const clusters = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  return {
    version_info: String(version),
    resources: [{
      "@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration",
      name: "routes",
      response_headers_to_add: [{ header: { key: VERSION_HEADER, value: String(version) } }],
      virtual_hosts: [{
        name: "all",
        domains: ["*"],
        routes: [{ match: { prefix: "/" }, route: { weighted_clusters: { clusters } } }],
      }],
    }],
  };
}
