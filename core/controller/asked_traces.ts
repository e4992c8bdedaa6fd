/** Traces, for those who ask for them: nobody else loads what makes them. */
import type { Traces, TracesOptions } from "./tracing/mod.ts";

/** Undefined: nobody asks, or for what cannot be done; then the log says so. */
export async function askedTraces(options: TracesOptions): Promise<Traces | undefined> {
  if (!areTracesAsked(options.environment)) return undefined;
  const { openTraces } = await import("./tracing/mod.ts");
  return openTraces(options);
}

function areTracesAsked(environment: (name: string) => string | undefined): boolean {
  if (environment("OTEL_SDK_DISABLED")?.toLowerCase() === "true") return false;
  const exporter = environment("OTEL_TRACES_EXPORTER");
  if (exporter === "none") return false;
  return [exporter, ...ENDPOINTS.map(environment)].some((value) => !!value);
}

const ENDPOINTS = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
