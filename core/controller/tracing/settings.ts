/** What the environment says about traces, by the names that OpenTelemetry gives its variables. */
import { errorText } from "../../../sdk/wire/error_text.ts";

export interface TraceSettings {
  /** Where spans are sent, the whole URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Attributes of whoever sends. */
  readonly resource: Readonly<Record<string, string>>;
  /** Share of the passes that are traced, 0 to 1. */
  readonly share: number;
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly queueMax: number;
  readonly batchMax: number;
}

type Environment = (name: string) => string | undefined;

const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
const TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
const EXPORTER = "OTEL_TRACES_EXPORTER";
const DEFAULT_ENDPOINT = "http://localhost:4318";

/** @throws when a variable says what cannot be done */
export function traceSettings(environment: Environment, version: string): TraceSettings {
  const value = (name: string) => environment(name) || undefined;
  /** What is said of traces alone counts more. */
  const ofTraces = (suffix: string) =>
    value(`OTEL_EXPORTER_OTLP_TRACES_${suffix}`) ?? value(`OTEL_EXPORTER_OTLP_${suffix}`);
  const exporter = value(EXPORTER) ?? "otlp";
  if (exporter !== "otlp") throw new Error(`${EXPORTER} is "${exporter}"; use otlp or none`);
  const protocol = ofTraces("PROTOCOL") ?? "http/json";
  if (!protocol.startsWith("http/")) {
    throw new Error(
      `OTEL_EXPORTER_OTLP_PROTOCOL is "${protocol}"; use http/json, and the port of the receiver ` +
        "for HTTP (4318)",
    );
  }
  return {
    url: urlOf(value(TRACES_ENDPOINT), value(ENDPOINT) ?? DEFAULT_ENDPOINT),
    headers: pairs("OTEL_EXPORTER_OTLP_HEADERS", ofTraces("HEADERS")),
    resource: {
      "service.name": "sluice",
      "service.version": version,
      ...pairs("OTEL_RESOURCE_ATTRIBUTES", value("OTEL_RESOURCE_ATTRIBUTES")),
      ...(value("OTEL_SERVICE_NAME") === undefined
        ? {}
        : { "service.name": value("OTEL_SERVICE_NAME") as string }),
    },
    share: shareOf(value("OTEL_TRACES_SAMPLER"), value("OTEL_TRACES_SAMPLER_ARG")),
    timeoutMs: numberOf("OTEL_EXPORTER_OTLP_TIMEOUT", ofTraces("TIMEOUT"), 10_000),
    delayMs: numberOf("OTEL_BSP_SCHEDULE_DELAY", value("OTEL_BSP_SCHEDULE_DELAY"), 5_000),
    queueMax: numberOf("OTEL_BSP_MAX_QUEUE_SIZE", value("OTEL_BSP_MAX_QUEUE_SIZE"), 2_048),
    batchMax: numberOf(
      "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
      value("OTEL_BSP_MAX_EXPORT_BATCH_SIZE"),
      512,
    ),
  };
}

/** An endpoint of traces is taken as it is, one of all signals is the folder above. */
function urlOf(ofTraces: string | undefined, ofAll: string): string {
  const url = ofTraces ?? `${ofAll.replace(/\/+$/, "")}/v1/traces`;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  const name = ofTraces === undefined ? ENDPOINT : TRACES_ENDPOINT;
  throw new Error(`${name} is not a URL that begins with http:// or https://`);
}

/** `name=value,other=value`, with what is special written as in a URL. */
function pairs(variable: string, text = ""): Record<string, string> {
  const entries = text.split(",").filter((part) => part.trim() !== "").map((part) => {
    const at = part.indexOf("=");
    if (at < 1) throw new Error(`${variable} is not a list as in "name=value,other=value"`);
    try {
      return [part.slice(0, at), part.slice(at + 1)].map((side) => decodeURIComponent(side.trim()));
    } catch (error) {
      throw new Error(`${variable} cannot be read: ${errorText(error)}`);
    }
  });
  return Object.fromEntries(entries);
}

/** Every pass begins a trace: there is never a parent that has decided. */
function shareOf(sampler = "always_on", argument: string | undefined): number {
  switch (sampler.replace(/^parentbased_/, "")) {
    case "always_on":
      return 1;
    case "always_off":
      return 0;
    case "traceidratio": {
      const share = Number(argument ?? 1);
      if (share >= 0 && share <= 1) return share;
      throw new Error(`OTEL_TRACES_SAMPLER_ARG is "${argument}"; use a number from 0 to 1`);
    }
  }
  throw new Error(
    `OTEL_TRACES_SAMPLER is "${sampler}"; use always_on, always_off or traceidratio`,
  );
}

function numberOf(variable: string, text: string | undefined, otherwise: number): number {
  const number = Number(text ?? otherwise);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${variable} is "${text}"; use a whole number above 0`);
}
