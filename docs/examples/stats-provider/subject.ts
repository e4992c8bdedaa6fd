/** What the conformance suite is told of the provider; nothing here uses the provider's code. */
import type { MetricSubject } from "@sluice/sdk/testing";
import { type Config, statsProvider } from "./stats_provider.ts";

export const statsSubject: MetricSubject<Config> = {
  provider: statsProvider,
  config: { address: "https://stats.example.com", application: "web" },
  keys: { "stats/token": "s3cr3t-token" },
  secrets: ["s3cr3t-token"],
  timeoutMs: 5_000,
  answer: () => ({ body: '{"requests": 200, "errors": 3}' }),
  value: { shape: "scalar", value: 0.015 },
  empty: () => ({ body: '{"requests": 0, "errors": 0}' }),
};
