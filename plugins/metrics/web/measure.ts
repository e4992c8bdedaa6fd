/** One measurement: asks the service, and finds the value in what it says. */
import type { MetricCall, MetricPorts, Reading } from "../../../sdk/metric_provider.ts";
import type { HttpRequest } from "../../../sdk/ports.ts";
import { isUnset } from "../../../sdk/wire/json.ts";
import { authorized } from "../authorized.ts";
import { headersOf } from "../http_config.ts";
import { goJson, jsonOf } from "../json.ts";
import { unbusy, unlessBusy } from "../later.ts";
import type { WebConfig } from "./config.ts";
import { type JsonPath, parseJsonPath } from "./json_path.ts";
import { requestProblems } from "./problems.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

const TIMEOUT_SECONDS = 10;

export async function measure(
  { config }: MetricCall<WebConfig>,
  ports: MetricPorts,
): Promise<Reading> {
  const path = parseJsonPath(config.jsonPath || "{$}");
  const [problem] = requestProblems(config);
  if (problem !== undefined) throw new Error(problem);
  const { oauth2 } = config.authentication ?? {};
  const proof = oauth2 === undefined ? {} : { oauth2 };
  return await unlessBusy(async () => {
    const request = await authorized(requestOf(config), proof, ports);
    const { status, body } = unbusy(await ports.fetch(request), ports.now());
    if (status >= 200 && status <= 299) return readBody(body, path);
    throw new Error(`received non 2xx response code: ${status}`);
  });
}

function requestOf({ url = "", method, timeoutSeconds = 0, ...config }: WebConfig): HttpRequest {
  const { body, jsonBody, insecure = false } = config;
  const hasJson = !isUnset(jsonBody);
  const content = hasJson ? goJson(jsonBody) : body;
  return {
    method: method || "GET",
    url,
    headers: {
      ...headersOf(config.headers),
      ...(hasJson ? { "content-type": "application/json" } : {}),
    },
    timeoutMs: (timeoutSeconds > 0 ? timeoutSeconds : TIMEOUT_SECONDS) * 1000,
    insecure,
    ...(content ? { body: content } : {}),
  };
}

/** What is no JSON is a text, and the value as it stands. */
function readBody(body: string, path: JsonPath): Reading {
  const data = jsonOf(body);
  if (data === undefined) return { is: "value", value: { shape: "json", value: body }, text: body };
  try {
    const value = valueIn(data, path);
    return { is: "value", value: { shape: "json", value }, text: goJson(value) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error("the body is nested too deeply");
  }
}

function valueIn(data: unknown, path: JsonPath): unknown {
  let lists;
  try {
    lists = path.find(data);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const detail = errorText(error);
    throw new Error(`Could not find JSONPath in body: ${detail}`);
  }
  const [found] = lists.filter((list) => list.length > 0);
  if (found === undefined) throw new Error("result of web metric produced no value");
  const [value] = found;
  // Whole numbers of the path itself are bigints.
  return typeof value === "bigint" ? Number(value) : value ?? null;
}
