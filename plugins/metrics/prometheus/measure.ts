/** One measurement: asks the HTTP API of Prometheus, and reads what it says. */
import type { MetricCall, MetricPorts, Reading } from "../../../sdk/metric_provider.ts";
import type { HttpRequest, HttpResponse } from "../../../sdk/ports.ts";
import { parseGoDuration } from "../../../sdk/wire/go_duration.ts";
import { authorized } from "../authorized.ts";
import { headersOf } from "../http_config.ts";
import { unbusy, unlessBusy } from "../later.ts";
import { readAnswer } from "./answer.ts";
import type { PrometheusConfig } from "./config.ts";
import { problemsOf } from "./problems.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

const TIMEOUT_MS = 30_000;
const ADDRESS_SETTING = "ARGO_ROLLOUTS_PROMETHEUS_ADDRESS";

export async function measure(
  { config }: MetricCall<PrometheusConfig>,
  ports: MetricPorts,
): Promise<Reading> {
  const [problem] = problemsOf(config);
  if (problem !== undefined) throw new Error(problem);
  const { path, form } = config.rangeQuery ? rangeForm(config, ports) : momentForm(config, ports);
  const url = addressOf(config, ports) + path;
  return await unlessBusy(async () => readAnswer(await ask({ config, url, form }, ports)));
}

function addressOf({ address }: PrometheusConfig, ports: MetricPorts): string {
  const found = address || ports.setting(ADDRESS_SETTING);
  if (!found) throw new Error("prometheus address is not configured");
  const url = URL.parse(found);
  if (url === null || url.host === "") throw new Error("prometheus address is not is url format");
  return found.replace(/\/+$/, "");
}

interface Form {
  readonly path: string;
  /** In the order in which they are sent. */
  readonly form: readonly (readonly [string, string])[];
}

function momentForm({ query = "" }: PrometheusConfig, ports: MetricPorts): Form {
  return {
    path: "/api/v1/query",
    form: [["query", query], ["time", secondsText(ports.now())]],
  };
}

function rangeForm({ query = "", rangeQuery = {} }: PrometheusConfig, ports: MetricPorts): Form {
  const { start = "", end = "", step = "" } = rangeQuery;
  const timeOf = (name: string, expression: string) => {
    try {
      return secondsText(ports.evaluateTime(expression));
    } catch (error) {
      const detail = errorText(error);
      throw new Error(`failed to parse rangeQuery.${name} as time: ${detail}`);
    }
  };
  const [from, to] = [timeOf("start", start), timeOf("end", end)];
  return {
    path: "/api/v1/query_range",
    form: [
      ["end", to],
      ["query", query],
      ["start", from],
      ["step", secondsText(parseGoDuration(step) ?? 0)],
    ],
  };
}

function secondsText(milliseconds: number): string {
  return String(milliseconds / 1000);
}

interface Question {
  readonly config: PrometheusConfig;
  readonly url: string;
  readonly form: Form["form"];
}

/** Posts the query; servers that take no POST are asked again by GET. */
async function ask({ config, url, form }: Question, ports: MetricPorts): Promise<HttpResponse> {
  const text = new URLSearchParams(form.map(([name, value]) => [name, value])).toString();
  const headers = headersOf(config.headers);
  const limits = {
    timeoutMs: config.timeout ? config.timeout * 1000 : TIMEOUT_MS,
    insecure: config.insecure ?? false,
  };
  const send = async (request: HttpRequest) =>
    unbusy(
      await ports.fetch(await authorized(request, config.authentication ?? {}, ports)),
      ports.now(),
    );
  const type = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await send({
    method: "POST",
    url,
    headers: { ...headers, ...type },
    body: text,
    ...limits,
  });
  if (answer.status !== 405 && answer.status !== 501) return answer;
  return await send({ method: "GET", url: `${url}?${text}`, headers, ...limits });
}
