/** What Prometheus says, as a reading. */
import type { Reading } from "../../../sdk/metric_provider.ts";
import type { HttpResponse } from "../../../sdk/ports.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../../sdk/wire/json.ts";
import { floatText, parseFloat64 } from "../go_float.ts";
import { jsonOf } from "../json.ts";

/** @throws {Error} when it is no answer to a query, or none that is a number */
export function readAnswer({ status, body }: HttpResponse): Reading {
  // These two come with a reason; any other failure may come from a proxy on the way.
  const hasReason = status === 400 || status === 422;
  if (!hasReason && (status < 200 || status > 299)) throw new Error(failureOf(status));
  const answer = jsonOf(body);
  if (!isFields(answer)) {
    throw new Error("bad_response: the answer is no JSON object: is this address a Prometheus?");
  }
  if (answer["status"] === "error") {
    throw new Error(`${textOf(answer["errorType"])}: ${textOf(answer["error"])}`);
  }
  if (answer["status"] !== "success" || hasReason) {
    throw new Error("bad_response: inconsistent body for response code");
  }
  return { ...readingOf(fieldsOf(answer["data"])), ...warningsOf(answer["warnings"]) };
}

function failureOf(status: number): string {
  if (status >= 400 && status <= 499) return `client_error: client error: ${status}`;
  if (status >= 500 && status <= 599) return `server_error: server error: ${status}`;
  return `bad_response: bad response code ${status}`;
}

function readingOf({ resultType, result }: Fields): Extract<Reading, { is: "value" | "empty" }> {
  if (resultType === "scalar") {
    const value = numberOf(result);
    return { is: "value", value: { shape: "scalar", value }, text: floatText(value) };
  }
  if (resultType !== "vector" && resultType !== "matrix") {
    throw new Error("Prometheus metric type not supported");
  }
  const samples = listOf(result).map(fieldsOf);
  const points = resultType === "vector"
    ? samples.map(({ value }) => value)
    : samples.flatMap(({ values, histograms }) =>
      histograms === undefined ? listOf(values) : [undefined]
    );
  const value = points.map(numberOf);
  return {
    is: value.length === 0 ? "empty" : "value",
    value: { shape: "vector", value },
    text: `[${value.map(floatText).join(",")}]`,
  };
}

/** A point is a time and a number as text; what has none, such as a histogram, is no number. */
function numberOf(point: unknown): number {
  const number = parseFloat64(textOf(listOf(point)[1]));
  if (number === undefined) throw new Error("Prometheus metric type not supported");
  return number;
}

function warningsOf(warnings: unknown): { metadata?: Readonly<Record<string, string>> } {
  const texts = listOf(warnings).map((warning) => JSON.stringify(textOf(warning)));
  return texts.length === 0 ? {} : { metadata: { warnings: texts.join(", ") } };
}
