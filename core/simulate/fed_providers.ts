/** Metric providers of a rehearsal: each finds what the data say, and asks nobody. */
import type {
  MetricCall,
  MetricPorts,
  MetricProvider,
  MetricValue,
  Reading,
} from "../../sdk/metric_provider.ts";
import { type Fields, textOf } from "../../sdk/wire/json.ts";
import type { Finding } from "./metric_data.ts";

// deno-lint-ignore no-explicit-any -- each provider knows its own configuration
export type Provider = MetricProvider<any>;

/** What a metric is to find now. */
export type Feed = (call: MetricCall, question: string) => Finding | { readonly laterMs: number };

/** A provider that finds what it is fed; what it says beside that is what the real one says. */
export function fedProvider(name: string, real: Provider | undefined, feed: Feed): Provider {
  return {
    ...(real?.shapeOf === undefined ? {} : { shapeOf: real.shapeOf.bind(real) }),
    ...(real?.metadata === undefined ? {} : { metadata: real.metadata.bind(real) }),
    name,
    run: async (call: MetricCall, ports) => {
      const question = questionText(call.config);
      const finding = feed(call, question);
      if ("laterMs" in finding) {
        return { is: "later", retryAtMs: finding.laterMs, message: `no data for ${question}` };
      }
      return await readingOf(finding, { real, call, ports });
    },
  };
}

/** What a metric asks, in one line: its query, or its request. */
export function questionText(config: Fields): string {
  const { query, url, method } = config;
  const text = textOf(query) ||
    (textOf(url) === "" ? JSON.stringify(config) : `${textOf(method) || "GET"} ${textOf(url)}`);
  return text.trim().replaceAll(/\s+/g, " ");
}

async function readingOf(
  finding: Finding,
  { real, call, ports }: { real: Provider | undefined; call: MetricCall; ports: MetricPorts },
): Promise<Reading> {
  const shapes = [real?.shapeOf?.(call.config) ?? "unknown"].flat();
  const isJson = shapes.every((shape) => shape === "json");
  switch (finding.is) {
    case "value": {
      const value = valueOf(finding.value, isJson);
      return { is: "value", value, text: valueText(value) };
    }
    case "empty": {
      const value: MetricValue = isJson
        ? { shape: "json", value: null }
        : { shape: "vector", value: [] };
      return { is: "empty", value, text: valueText(value) };
    }
    case "verdict":
      return { is: "verdict", phase: finding.phase };
    case "error":
      throw new Error(finding.message);
    case "answer":
      if (real === undefined) throw new Error(NO_READER);
      return await real.run(...answered(finding, call, ports));
  }
}

/** Why a recorded answer is of no use for a metric. */
export const NO_READER = "no provider of this version reads such an answer; give a value instead";

/** A call whose one request gets this answer, wherever it would have gone. */
function answered(
  { status, body }: Extract<Finding, { is: "answer" }>,
  call: MetricCall,
  ports: MetricPorts,
): [MetricCall, MetricPorts] {
  // Signing in would be a request of its own.
  const { authentication: _, ...config } = call.config;
  return [{ ...call, config }, {
    ...ports,
    setting: () => "http://recorded.invalid",
    fetch: () => Promise.resolve({ status, headers: {}, body }),
  }];
}

const SPECIAL: ReadonlyMap<unknown, number> = new Map([
  ["NaN", NaN],
  ["Inf", Infinity],
  ["+Inf", Infinity],
  ["-Inf", -Infinity],
]);

/** A value as conditions see it: numbers as monitoring systems give them, or any JSON. */
function valueOf(value: unknown, isJson: boolean): MetricValue {
  if (isJson) return { shape: "json", value };
  const number = numberOf(value);
  if (number !== undefined) return { shape: "scalar", value: number };
  const numbers = Array.isArray(value) ? value.map(numberOf) : [undefined];
  const isVector = numbers.every((each): each is number => each !== undefined);
  return isVector ? { shape: "vector", value: numbers } : { shape: "json", value };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : SPECIAL.get(value);
}

function valueText({ shape, value }: MetricValue): string {
  if (shape === "json") return JSON.stringify(value);
  return shape === "scalar" ? numberText(value) : `[${value.map(numberText).join(",")}]`;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
