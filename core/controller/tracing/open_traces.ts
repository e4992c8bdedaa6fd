import { errorText } from "../../../sdk/wire/error_text.ts";
import type { PassReport } from "../../engine/mod.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import { HttpClient } from "../http_client.ts";
import { PassTracer } from "./pass_tracer.ts";
import { type TraceSettings, traceSettings } from "./settings.ts";
import { SpanExporter } from "./span_exporter.ts";

export interface Traces {
  /** The cluster that passes have to write to. */
  around(cluster: Cluster): Cluster;
  onPass(report: PassReport): void;
  /** Sends what is left; resolves when that is done, or has failed. */
  close(): Promise<void>;
}

export interface TracesOptions {
  readonly environment: (name: string) => string | undefined;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Undefined: the environment asks for what cannot be done, and the log says so. */
export function openTraces(options: TracesOptions): Traces | undefined {
  const { clock, environment, log, random, version } = options;
  let settings: TraceSettings;
  try {
    settings = traceSettings(environment, version);
  } catch (error) {
    log.error("there will be no traces", { cause: errorText(error) });
    return undefined;
  }
  const http = new HttpClient({ clock });
  const exporter = new SpanExporter({ clock, log, http, settings, version });
  const { share } = settings;
  const tracer = new PassTracer({ clock, random, share, send: (spans) => exporter.add(spans) });
  return {
    around: (cluster) => tracer.around(cluster),
    onPass: (report) => tracer.onPass(report),
    async close() {
      await exporter.close();
      http.close();
    },
  };
}
