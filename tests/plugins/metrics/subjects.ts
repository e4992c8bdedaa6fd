/** What the laws of providers are told of those that are built in. */
import type { JobConfig } from "../../../plugins/metrics/job/config.ts";
import { job } from "../../../plugins/metrics/job/mod.ts";
import type { PrometheusConfig } from "../../../plugins/metrics/prometheus/config.ts";
import { prometheus } from "../../../plugins/metrics/prometheus/mod.ts";
import type { WebConfig } from "../../../plugins/metrics/web/config.ts";
import { web } from "../../../plugins/metrics/web/mod.ts";
import type { HttpRequest } from "../../../sdk/ports.ts";
import type { MetricSubject } from "../../../sdk/testing/metric_provider.ts";

const SECRETS = ["s3cr3t/id", "s3cr3t+key", "t0ken-value"];
const [ID = "", KEY = "", TOKEN = ""] = SECRETS;
const OAUTH2 = {
  tokenUrl: "https://tokens.example.com/token",
  clientId: ID,
  clientSecret: KEY,
  scopes: ["read"],
};

function tokenFor({ url }: HttpRequest): { body: string } | undefined {
  return url === OAUTH2.tokenUrl ? { body: `{"access_token":"${TOKEN}"}` } : undefined;
}

function answerOf(resultType: string, result: unknown) {
  return { body: JSON.stringify({ status: "success", data: { resultType, result } }) };
}

export const prometheusSubject: MetricSubject<PrometheusConfig> = {
  provider: prometheus,
  config: {
    address: "https://prometheus.example.com",
    query: "sum(rate(errors[5m]))",
    timeout: 7,
    headers: [{ key: "X-Key", value: KEY }],
    authentication: { basicAuth: { username: ID, password: KEY }, oauth2: OAUTH2 },
  },
  answer: (request) =>
    tokenFor(request) ?? answerOf("vector", [{ value: [1, "0.5"] }, { value: [1, "NaN"] }]),
  value: { shape: "vector", value: [0.5, NaN] },
  empty: (request) => tokenFor(request) ?? answerOf("vector", []),
  secrets: SECRETS,
  timeoutMs: 7_000,
};

export const rangeSubject: MetricSubject<PrometheusConfig> = {
  provider: prometheus,
  config: {
    address: "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1",
    query: "up",
    rangeQuery: { start: 'now() - duration("1h")', end: "now()", step: "1m" },
    authentication: { sigv4: { region: "eu-west-1" } },
  },
  settings: { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: KEY, AWS_SESSION_TOKEN: TOKEN },
  answer: () => answerOf("matrix", [{ values: [[1, "1"], [2, "2"]] }]),
  value: { shape: "vector", value: [1, 2] },
  empty: () => answerOf("matrix", []),
  secrets: [KEY, TOKEN],
  timeoutMs: 30_000,
};

export const webSubject: MetricSubject<WebConfig> = {
  provider: web,
  config: {
    url: `https://checks.example.com/v1?key=${encodeURIComponent(KEY)}`,
    method: "POST",
    jsonBody: { key: KEY },
    headers: [{ key: "X-Key", value: KEY }],
    jsonPath: "{$.rate}",
    authentication: { oauth2: OAUTH2 },
  },
  answer: (request) => tokenFor(request) ?? { body: '{"rate": 0.5}' },
  value: { shape: "json", value: 0.5 },
  empty: (request) => tokenFor(request) ?? { body: '{"other": 1}' },
  secrets: SECRETS,
  skips: {
    "an answer that nobody can read is an error, and never a value":
      "what is no JSON is a text, and conditions may ask for it",
  },
};

/** Whatever the service says is the value: also what it was sent. */
export const wholeBodySubject: MetricSubject<WebConfig> = {
  provider: web,
  config: { ...webSubject.config, jsonPath: "{$}" },
  answer: webSubject.answer!,
  value: { shape: "json", value: { rate: 0.5 } },
  secrets: SECRETS,
  skips: webSubject.skips!,
};

export const jobSubject: MetricSubject<JobConfig> = {
  provider: job,
  config: {
    metadata: { labels: { team: "shop" } },
    spec: { template: { spec: { containers: [{ name: "check", image: "check:1" }] } } },
  },
  finish: (object) => ({
    ...object,
    status: { conditions: [{ type: "Complete", status: "True" }] },
  }),
};
