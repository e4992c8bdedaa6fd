import { chooseFreePorts } from "../control_plane/ports.ts";
import { ProcessGroup } from "../control_plane/process_group.ts";

/** Name and password of a Prometheus that asks for them; the hash is bcrypt's of the password. */
export const USER = "me";
export const PASSWORD = "correct horse";
const HASH = "$2b$04$0LJJrb9JV1PFBhXjOPT8He0X3od/n6PmG2O2ziQexb.bjxFBWy3dm";

/** What programs of Prometheus read about who may ask them. */
export function webConfig(isGuarded: boolean): string {
  return JSON.stringify(isGuarded ? { basic_auth_users: { [USER]: HASH } } : {});
}

const READY_MS = 30_000;
const POLL_MS = 100;

export interface RealPrometheusOptions {
  /** The program. */
  readonly path: string;
  /** Metrics in the text format, asked for at each scrape (every second). */
  metrics(): string;
  /** Whether it asks for name and password. */
  readonly isGuarded?: boolean;
}

/** A Prometheus of its own on loopback, which scrapes what the test says. */
export class RealPrometheus implements AsyncDisposable {
  readonly url: string;
  readonly #folder: string;
  readonly #processes: ProcessGroup;
  readonly #exporter: Deno.HttpServer<Deno.NetAddr>;

  private constructor(
    { folder, port, metrics }: { folder: string; port: number; metrics: () => string },
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = folder;
    this.#processes = new ProcessGroup({ logDirectory: folder, removeWhenOrphaned: folder });
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#exporter = Deno.serve(
      options,
      () => new Response(metrics(), { headers: { "content-type": "text/plain; version=0.0.4" } }),
    );
  }

  static async start(options: RealPrometheusOptions): Promise<RealPrometheus> {
    const folder = await Deno.makeTempDir({ prefix: "prometheus-" });
    const [port = 0] = chooseFreePorts(1);
    const started = new RealPrometheus({ folder, port, metrics: () => options.metrics() });
    try {
      await started.#start(port, options);
      return started;
    } catch (error) {
      const log = await Deno.readTextFile(`${folder}/prometheus.log`).catch(() => "");
      await started[Symbol.asyncDispose]();
      throw new Error(`Prometheus does not start: ${(error as Error).message}\n${log}`);
    }
  }

  async #start(port: number, { path, isGuarded = false }: RealPrometheusOptions): Promise<void> {
    const target = `127.0.0.1:${this.#exporter.addr.port}`;
    const config = {
      global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
      scrape_configs: [{ job_name: "test", static_configs: [{ targets: [target] }] }],
    };
    // JSON is YAML.
    await Deno.writeTextFile(`${this.#folder}/config.yaml`, JSON.stringify(config));
    await Deno.writeTextFile(`${this.#folder}/web.yaml`, webConfig(isGuarded));
    await this.#processes.start("prometheus", path, [
      `--config.file=${this.#folder}/config.yaml`,
      `--web.config.file=${this.#folder}/web.yaml`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--storage.tsdb.path=${this.#folder}/data`,
    ]);
    const headers = { authorization: `Basic ${btoa(`${USER}:${PASSWORD}`)}` };
    const endMs = Date.now() + READY_MS;
    while (!await this.#hasScraped(headers)) {
      if (Date.now() > endMs) throw new Error(`nothing was scraped within ${READY_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async #hasScraped(headers: Record<string, string>): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/api/v1/query?query=up`, { headers });
      return (await response.text()).includes('"1"]');
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#processes.stop();
    await this.#exporter.shutdown();
    await Deno.remove(this.#folder, { recursive: true });
  }
}
